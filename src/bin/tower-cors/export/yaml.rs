//! Texts in YAML.

/// A text that nothing in it ends: it has one line, and no byte but printable ASCII.
pub(super) fn text(of: &str) -> String {
    format!("'{}'", of.replace('\'', "''"))
}
