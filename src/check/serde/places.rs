//! The place of each finding in a policy's text.

use std::collections::{HashMap, HashSet};

use super::finding::{Finding, Found};
use crate::spec::serde::{Draft, Place};

/// Mistakes know their place. Issues and warnings name a field and a text: this finds the text in the field's list again.
pub(super) fn locate(draft: &Draft, found: Vec<Found>) -> Vec<Finding> {
    let places = Places::new(draft, &found);
    let mut told = HashMap::new();
    let places: Vec<_> = found.iter().map(|found| places.of(found, &mut told)).collect();
    found.into_iter().zip(places).map(|(found, place)| Finding::new(found, place)).collect()
}

struct Places<'t> {
    /// The entry that each field was read from.
    entries: HashMap<&'static str, usize>,
    /// The positions in its field's list of each text with a finding: several, if it was written several times.
    elements: HashMap<Text<'t>, Vec<usize>>,
    counts: HashMap<Same<'t>, usize>,
}

/// A field and one of its texts.
type Text<'t> = (&'static str, &'t str);

/// The key of all findings of one kind about one text.
type Same<'t> = (Text<'t>, &'static str);

impl<'t> Places<'t> {
    fn new(draft: &'t Draft, found: &'t [Found]) -> Self {
        let mut counts = HashMap::new();
        for same in found.iter().filter_map(same) {
            *counts.entry(same).or_default() += 1;
        }
        let mut elements: HashMap<_, Vec<_>> = counts.keys().map(|(text, _)| (*text, Vec::new())).collect();
        let misread: HashSet<_> = found.iter().filter_map(misread).collect();
        for (field, entry, texts) in draft.read() {
            // A misread element is in the list, but not among the texts.
            let places =
                (0..).filter(|element| !misread.contains(&Place::Element { entry, element: *element }));
            for (element, text) in places.zip(texts) {
                if let Some(places) = elements.get_mut(&(field, text)) {
                    places.push(element);
                }
            }
        }
        let entries = draft.read().map(|(field, entry, _)| (field, entry)).collect();
        Self { entries, elements, counts }
    }

    /// If a text was written several times, each finding about it gets one occurrence. `told` counts them.
    fn of(&self, found: &'t Found, told: &mut HashMap<Same<'t>, usize>) -> Place {
        if let Found::Mistake(mistake) = found {
            return mistake.place;
        }
        let Some(&entry) = found.field().and_then(|field| self.entries.get(field)) else {
            return Place::Policy;
        };
        let element = same(found).and_then(|same| {
            let elements = self.elements.get(&same.0)?;
            // The first of several is the one that the others repeat, unless it repeats another spelling.
            let count = self.counts.get(&same).copied().unwrap_or_default();
            let first = if found.is_duplicate() { elements.len().saturating_sub(count) } else { 0 };
            let nth = told.entry(same).or_insert(first);
            *nth += 1;
            elements.get(*nth - 1).or(elements.last())
        });
        element.map_or(Place::Value { entry }, |element| Place::Element { entry, element: *element })
    }
}

fn same(found: &Found) -> Option<Same<'_>> {
    match found {
        Found::Mistake(_) => None,
        found => Some(((found.field()?, found.value()?), found.kind())),
    }
}

fn misread(found: &Found) -> Option<Place> {
    match found {
        Found::Mistake(mistake) => Some(mistake.place),
        _ => None,
    }
}
