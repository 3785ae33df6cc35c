//! A finding about a text, and its place.

use std::ops::Range;

use tower_cors::Finding;

#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) is_error: bool,
    /// A stable name.
    pub(crate) kind: &'static str,
    pub(crate) field: Option<&'static str>,
    /// As written: escape it.
    pub(crate) value: Option<String>,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
    /// What to do, as a sentence.
    pub(crate) help: Option<String>,
    /// In bytes.
    pub(crate) range: Range<usize>,
    /// Which policy of a list it is about, counted from 0.
    pub(crate) policy: Option<usize>,
}

impl Told {
    /// A finding that the library does not make: text that is not valid in its format, or has another value where a policy must be.
    pub(super) fn error(
        kind: &'static str,
        message: String,
        range: Range<usize>,
        policy: Option<usize>,
    ) -> Self {
        Self {
            is_error: true,
            kind,
            field: None,
            value: None,
            message,
            suggestion: None,
            help: None,
            range,
            policy,
        }
    }

    pub(super) fn finding(finding: &Finding, range: Range<usize>, policy: Option<usize>) -> Self {
        Self {
            is_error: finding.is_error(),
            kind: finding.kind(),
            field: finding.field(),
            value: finding.value().map(str::to_owned),
            message: finding.message().to_string(),
            suggestion: finding.suggestion().map(str::to_owned),
            help: finding.help().map(|help| help.to_string()),
            range,
            policy,
        }
    }

    /// For YAML. Merge keys are not a part of YAML 1.2, and the parsers of services read them as fields.
    pub(super) fn with_merge_key(mut self) -> Self {
        if self.kind == "unknown-field" && self.value.as_deref() == Some("<<") {
            self.help = Some(
                "merge keys (`<<`) are not supported. Write the fields out, or use an alias for a value: `max_age: *seconds`"
                    .to_owned(),
            );
        }
        self
    }

    /// If the fields are variables, suggests the name of the variable.
    pub(super) fn with_prefix(mut self, prefix: &str) -> Self {
        if let (None, Some(field)) = (self.field, &self.suggestion) {
            let variable = format!("{prefix}{}", field.to_ascii_uppercase());
            self.help = Some(format!("did you mean `{variable}`?"));
            self.suggestion = Some(variable);
        }
        self
    }
}
