//! The button of a remedy: it adds a name to one of the policy's lists and keeps the text's comments, order and layout.

use serde::Deserialize;
use toml_edit::{Array, DocumentMut, Formatted, Value, value};

/// What a button can do: allow one thing by name. A click must not be enough for a `dangerously_` switch, credentials or `*`.
#[derive(Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub(super) enum Change {
    AllowOrigin(String),
    AllowMethod(String),
    AllowHeader(String),
    ServeAt(String),
}

impl Change {
    /// The policy's text with the change, or why it cannot be changed.
    pub(super) fn apply(&self, toml: &str) -> Result<String, String> {
        let (field, name) = self.parts();
        if name.is_empty() || name.contains(['*', ',']) {
            return Err(format!("Only one name can be added to `{field}`. Edit the policy instead."));
        }
        let mut policy: DocumentMut =
            toml.parse().map_err(|_| "The policy is not valid TOML. Correct it first.")?;
        match policy.get_mut(field).map(|item| item.as_value_mut()) {
            None => {
                policy.insert(field, value(Array::from_iter([name])));
            }
            Some(Some(Value::Array(list))) => add(list, name),
            Some(Some(Value::String(list))) => extend(list, name),
            Some(_) => return Err(format!("`{field}` is not a list. Correct it first.")),
        }
        Ok(policy.to_string())
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::AllowOrigin(origin) => ("allow_origins", origin),
            Self::AllowMethod(method) => ("allow_methods", method),
            Self::AllowHeader(name) => ("allow_headers", name),
            Self::ServeAt(origin) => ("served_at", origin),
        }
    }
}

/// Adds an element laid out like the last one: on a line of its own if the last one is, and after its comment.
fn add(list: &mut Array, name: &str) {
    if list.iter().any(|known| known.as_str() == Some(name)) {
        return;
    }
    let (mut line, mut end) = (None, String::new());
    if let Some(last) = list.len().checked_sub(1).and_then(|last| list.get_mut(last)) {
        let prefix = last.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        line = prefix.rsplit_once('\n').map(|(_, indentation)| format!("\n{indentation}"));
        end = last.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().to_owned();
        last.decor_mut().set_suffix("");
    }
    end.push_str(list.trailing().as_str().unwrap_or_default());

    // After the last element: its comment, then the white space before the bracket.
    let (comment, bracket) = match end.rfind('\n') {
        Some(at) => end.split_at(at),
        None => ("", end.as_str()),
    };
    let line = match line {
        Some(line) => line,
        None if bracket.starts_with('\n') => "\n    ".to_owned(),
        None if list.is_empty() => String::new(),
        None => " ".to_owned(),
    };
    list.push_formatted(Value::from(name).decorated(format!("{comment}{line}"), ""));
    list.set_trailing(bracket);
}

/// Adds to a list that is written as one string with commas.
fn extend(list: &mut Formatted<String>, name: &str) {
    if list.value().split(',').any(|known| known.trim() == name) {
        return;
    }
    let names = list.value().trim_end();
    let names = if names.is_empty() { name.to_owned() } else { format!("{names}, {name}") };
    let decor = list.decor().clone();
    *list = Formatted::new(names);
    *list.decor_mut() = decor;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_delete(toml: &str) -> Result<String, String> {
        Change::AllowMethod("DELETE".to_owned()).apply(toml)
    }

    #[test]
    fn a_name_is_added_where_and_as_the_others_stand() {
        let cases = [
            ("", "allow_methods = [\"DELETE\"]\n"),
            (
                "# open\nallow_origins = '*' # to all\n# end\n",
                "# open\nallow_origins = '*' # to all\nallow_methods = [\"DELETE\"]\n# end\n",
            ),
            ("allow_methods = []", "allow_methods = [\"DELETE\"]\n"),
            (
                "allow_methods   = ['PUT'] # why\nmax_age = 5\n",
                "allow_methods   = ['PUT', \"DELETE\"] # why\nmax_age = 5\n",
            ),
            ("allow_methods = [ 'PUT' ]\n", "allow_methods = [ 'PUT', \"DELETE\" ]\n"),
            (
                "allow_methods = ['PUT',\n                 'PATCH']\n",
                "allow_methods = ['PUT',\n                 'PATCH',\n                 \"DELETE\"]\n",
            ),
            (
                "allow_methods = [\n  'PUT', # all of it\n  'PATCH', # a part\n]\n",
                "allow_methods = [\n  'PUT', # all of it\n  'PATCH', # a part\n  \"DELETE\",\n]\n",
            ),
            (
                "allow_methods = [\n  'PUT' # all of it\n]\n",
                "allow_methods = [\n  'PUT', # all of it\n  \"DELETE\"\n]\n",
            ),
            ("allow_methods = [\n  # none yet\n]\n", "allow_methods = [\n  # none yet\n    \"DELETE\"\n]\n"),
            ("allow_methods = 'PUT, PATCH' # why\n", "allow_methods = \"PUT, PATCH, DELETE\" # why\n"),
            ("allow_methods = ''\n", "allow_methods = \"DELETE\"\n"),
            // Already there: the text may have been edited since the request was judged.
            ("allow_methods = [ 'DELETE', ]\n", "allow_methods = [ 'DELETE', ]\n"),
            ("allow_methods = 'DELETE'\n", "allow_methods = 'DELETE'\n"),
        ];
        for (before, after) in cases {
            assert_eq!(with_delete(before).as_deref(), Ok(after), "{before}");
        }
    }

    #[test]
    fn each_change_has_its_list() {
        let cases = [
            (
                r#"{"kind":"allow-origin","value":"https://a.example"}"#,
                "allow_origins = [\"https://a.example\"]\n",
            ),
            (r#"{"kind":"allow-method","value":"PUT"}"#, "allow_methods = [\"PUT\"]\n"),
            (r#"{"kind":"allow-header","value":"x-a"}"#, "allow_headers = [\"x-a\"]\n"),
            (r#"{"kind":"serve-at","value":"https://a.example"}"#, "served_at = [\"https://a.example\"]\n"),
        ];
        for (json, toml) in cases {
            let change: Change = serde_json::from_str(json).expect(json);
            assert_eq!(change.apply("").as_deref(), Ok(toml));
        }
    }

    #[test]
    fn nothing_is_added_that_allows_more_than_one_name() {
        for name in ["", "*", "x-*", "https://*.example.com", "PUT, DELETE"] {
            for change in [Change::AllowOrigin, Change::AllowMethod, Change::AllowHeader, Change::ServeAt] {
                assert!(change(name.to_owned()).apply("").is_err(), "{name}");
            }
        }
        for kind in ["allow-null-origin", "allow-credentials", "serve-and-allow", "use-allowed-origin"] {
            let json = serde_json::json!({ "kind": kind, "value": "null" });
            assert!(serde_json::from_value::<Change>(json).is_err(), "{kind}");
        }
    }

    #[test]
    fn text_that_cannot_be_changed_is_told() {
        assert_eq!(
            with_delete("allow_methods = [").unwrap_err(),
            "The policy is not valid TOML. Correct it first."
        );
        for toml in ["allow_methods = 7", "[allow_methods]", "[[allow_methods]]"] {
            assert_eq!(with_delete(toml).unwrap_err(), "`allow_methods` is not a list. Correct it first.");
        }
    }
}
