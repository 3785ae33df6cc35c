//! Texts in YAML.

/// A text in quotes: one line of printable ASCII, nothing in which ends it.
pub(super) fn text(of: &str) -> String {
    format!("'{}'", of.replace('\'', "''"))
}

/// A field with a list of texts, an entry a line. None where the list is empty.
pub(super) fn list(indent: usize, field: &str, entries: &[String]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let lines = entries.iter().map(|entry| format!("{:indent$}- {}", "", text(entry)));
    format!("{:indent$}{field}:\n{}\n", "", lines.collect::<Vec<_>>().join("\n"))
}
