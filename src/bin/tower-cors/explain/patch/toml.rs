//! Adds a value to a list of a policy in TOML. Nothing else changes: the order, the comments and the line ends of the text
//! stay.

use std::ops::Range;

use toml_edit::{Array, Document, Item, Table, TableLike, Value};

use super::addition::Addition;
use super::layout::{Insertion, Quotes, behind, below, column, in_brackets};

/// The fields in the order in which the documentation has them. A new one goes next to its neighbour.
const FIELDS: [&str; 15] = [
    "allow_origins",
    "allow_origin_regexes",
    "allow_credentials",
    "allow_methods",
    "allow_headers",
    "expose_headers",
    "max_age",
    "preflight_status",
    "vary_by",
    "reject_disallowed_origins",
    "served_at",
    "presets",
    "dangerously_allow_insecure_origins",
    "dangerously_allow_public_suffixes",
    "dangerously_allow_null_origin",
];

/// The text with one more value. `None` if it is not TOML, or has the policy in another place.
pub(super) fn add(text: &str, addition: &Addition) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let policy = Policy::nth(document.as_table(), addition.policy)?;
    let insertions = match policy.fields.get(addition.field.name()) {
        Some(Item::Value(Value::Array(array))) => into_array(text, array, &addition.value)?,
        Some(item) => vec![into_string(text, item, &addition.value)?],
        None => policy.new_field(text, addition)?,
    };
    let mut text = text.to_owned();
    // From the end, so that the places before it stay right.
    for Insertion { at, new } in insertions.into_iter().rev() {
        text.insert_str(at, &new);
    }
    Some(text)
}

/// After the last element, in the same style.
fn into_array(text: &str, array: &Array, value: &str) -> Option<Vec<Insertion>> {
    let Range { start, end } = array.span()?;
    let brackets = start..end.checked_sub(1)?;
    match array.iter().last() {
        Some(last) => {
            let last = last.span()?;
            let new = Quotes::of(text.get(last.clone())?).around(value);
            behind(text, last, brackets.end, &new)
        }
        None => in_brackets(text, brackets, &Quotes::Basic.around(value)),
    }
}

/// Into a string with commas, after the last element.
fn into_string(text: &str, item: &Item, value: &str) -> Option<Insertion> {
    let span = item.as_str().and(item.span())?;
    let written = text.get(span.clone())?;
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| written.starts_with(quotes))?;
    let until_last = written.strip_suffix(quotes)?.trim_end();
    let elements = until_last.strip_prefix(quotes)?;
    let separator = match elements.rsplit_once(',') {
        Some((_, element)) => format!(",{}", element.strip_suffix(element.trim_start())?),
        None if elements.trim().is_empty() => String::new(),
        None => ", ".to_owned(),
    };
    Some(Insertion { at: span.start + until_last.len(), new: format!("{separator}{value}") })
}

/// Where a policy's fields are.
struct Policy<'d> {
    fields: &'d dyn TableLike,
    /// The closing brace, if the policy is an inline table.
    brace: Option<usize>,
}

impl<'d> Policy<'d> {
    /// The document itself, `cors`, or an element of the list `cors`.
    fn nth(root: &'d Table, place: usize) -> Option<Self> {
        let of_table = |fields: &'d Table| Some(Self { fields, brace: None });
        match root.get("cors") {
            None if place == 0 => of_table(root),
            Some(Item::Table(table)) if place == 0 => of_table(table),
            Some(Item::ArrayOfTables(list)) => list.get(place).and_then(of_table),
            Some(Item::Value(Value::Array(list))) => Self::inline(list.get(place)?),
            Some(Item::Value(table)) if place == 0 => Self::inline(table),
            _ => None,
        }
    }

    fn inline(value: &'d Value) -> Option<Self> {
        Some(Self { fields: value.as_inline_table()?, brace: Some(value.span()?.end.checked_sub(1)?) })
    }

    /// A field that the policy does not have yet, after the field nearest to it in the usual order.
    fn new_field(&self, text: &str, addition: &Addition) -> Option<Vec<Insertion>> {
        let place = |name: &str| FIELDS.iter().position(|field| *field == name);
        let own = place(addition.field.name())?;
        // A field before it counts as nearer than all fields after it.
        let distance = |field: &&str| place(field).map(|place| (place > own, place.abs_diff(own)));
        let has = |field: &&&str| self.fields.contains_key(field);
        let (key, value) =
            self.fields.get_key_value(FIELDS.iter().filter(has).min_by_key(|field| distance(field))?)?;
        let neighbour = key.span()?.start..value.span()?.end;
        let name = addition.field.name();
        let equals = self.equals(text, key.span()?, value.span()?, name)?;
        let new = format!("{name}{equals}{}", self.new_list(text, &addition.value));
        match self.brace {
            Some(brace) => behind(text, neighbour, brace, &new),
            None => Some(vec![below(text, neighbour, &new)?]),
        }
    }

    /// The `=` of a new field in its neighbour's style, in the same column if all fields have it there.
    fn equals(&self, text: &str, key: Range<usize>, value: Range<usize>, name: &str) -> Option<String> {
        let between = text.get(key.end..value.start)?;
        let (before, after) = between.split_once('=')?;
        let columns = self.fields.iter().filter_map(|(name, _)| {
            let end = self.fields.key(name)?.span()?.end;
            Some(column(text, end + text.get(end..)?.find('=')?))
        });
        let columns: Vec<usize> = columns.collect();
        let width = match columns.as_slice() {
            [first, _, ..] if columns.iter().all(|column| column == first) => {
                first.saturating_sub(column(text, key.start) + name.len()).max(1)
            }
            _ => before.len(),
        };
        Some(format!("{:width$}={after}", ""))
    }

    /// A list with one value, in the style of the policy's first list.
    fn new_list(&self, text: &str, value: &str) -> String {
        let lists = ["allow_origins", "allow_methods", "allow_headers", "expose_headers"];
        let sample = lists.iter().find_map(|list| self.fields.get(list));
        let quotes = |sample: Option<Range<usize>>| {
            sample.and_then(|span| text.get(span)).map_or(Quotes::Basic, Quotes::of)
        };
        match sample {
            Some(Item::Value(Value::Array(list))) => {
                format!("[{}]", quotes(list.get(0).and_then(Value::span)).around(value))
            }
            Some(item) => quotes(item.span()).around(value),
            None => format!("[{}]", Quotes::Basic.around(value)),
        }
    }
}
