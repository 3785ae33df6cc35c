//! Maps the library's places in a policy to bytes of the text.

use std::collections::HashMap;
use std::ops::Range;

use tower_cors::Place;

use super::node::{Node, Value};

/// The places of one policy.
pub(super) struct Places<'d> {
    text: &'d str,
    /// Where the policy begins.
    head: Range<usize>,
    policy: &'d Node,
    /// The parts of each string that was split: a string may be as long as a list.
    parts: HashMap<usize, Vec<Range<usize>>>,
}

impl<'d> Places<'d> {
    pub(super) fn new(text: &'d str, head: Range<usize>, policy: &'d Node) -> Self {
        Self { text, head, policy, parts: HashMap::new() }
    }

    pub(super) fn range(&mut self, place: Place) -> Range<usize> {
        let range = match place {
            Place::Name { entry } => self.name(entry),
            Place::Value { entry } => self.value(entry),
            Place::Element { entry, element } => self.element(entry, element),
            _ => None,
        };
        range.unwrap_or_else(|| self.head.clone())
    }

    fn name(&self, entry: usize) -> Option<Range<usize>> {
        let Value::Table(entries) = &self.policy.value else { return None };
        Some(entries.get(entry)?.key.range.clone())
    }

    fn node(&self, entry: usize) -> Option<&'d Node> {
        let Value::Table(entries) = &self.policy.value else { return None };
        Some(&entries.get(entry)?.value)
    }

    /// A value without text, as in YAML, has the place of its name.
    fn value(&self, entry: usize) -> Option<Range<usize>> {
        let range = self.node(entry)?.range.clone();
        if range.is_empty() { self.name(entry) } else { Some(range) }
    }

    fn element(&mut self, entry: usize, element: usize) -> Option<Range<usize>> {
        let node = self.node(entry)?;
        match &node.value {
            Value::List(values) => Some(values.get(element)?.range.clone()),
            Value::Text(value) => {
                let parts = || parts(self.text, &node.range, value);
                let part = self.parts.entry(entry).or_insert_with(parts).get(element).cloned();
                part.or_else(|| self.value(entry))
            }
            _ => self.value(entry),
        }
    }
}

/// The parts between the commas of a string. If the text has escapes, their places are unknown.
fn parts(text: &str, range: &Range<usize>, value: &str) -> Vec<Range<usize>> {
    let Some(start) = text[range.clone()].find(value).map(|at| range.start + at) else {
        return Vec::new();
    };
    let mut next = start;
    let part = |part: &str| {
        let start = next + (part.len() - part.trim_start().len());
        next += part.len() + ",".len();
        start..start + part.trim().len()
    };
    value.split(',').map(part).collect()
}
