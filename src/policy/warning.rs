//! Valid settings that look like a mistake, as data.

use std::time::Duration;

/// A valid setting of a policy that looks like a mistake: the field, the value, the reason, and what was probably meant.
///
/// Its `Display` is a sentence that says what to do. See [`CorsPolicy::warnings`](crate::CorsPolicy::warnings).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    field: &'static str,
    value: Option<String>,
    reason: Reason,
    suggestion: Option<String>,
}

/// Why a setting looks like a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Duplicate,
    PredicateBesideAny,
    /// By this wider entry.
    Covered(String),
    /// A regular expression that matches the same as this pattern.
    #[cfg_attr(not(feature = "regex"), expect(dead_code, reason = "nothing finds it"))]
    RegexIsPattern(String),
    SchemeTypo,
    HostTypo,
    SingleLabelHost,
    UnspecifiedAddress,
    ExtensionId,
    MethodTypo,
    /// `UPDATE`, by itself.
    UpdateMethod,
    HeaderTypo,
    /// More than zero, and less than a second.
    MaxAgeBelowSecond(Duration),
    SwitchWithoutEffect,
    /// Of `served_at`, while `reject_disallowed_origins` is off.
    RejectsNoHost,
}

impl Warning {
    /// The builder's method that the warning is about, which is also the field of a configuration file.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The configured text, if the warning is about one value of a list. Origins, methods and headers are as they were given:
    /// escape them before you show them.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// What was probably meant: a valid value to write instead.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// A stable name of the reason, for programs.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder().allow_origins(["https://a.example.com", "https://*.example.com"]).build()?;
    /// assert!(policy.warnings().map(|warning| warning.kind()).eq(["covered"]));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.reason {
            Reason::Duplicate => "duplicate",
            Reason::PredicateBesideAny => "predicate-beside-any",
            Reason::Covered(_) => "covered",
            Reason::RegexIsPattern(_) => "regex-is-pattern",
            Reason::SchemeTypo => "scheme-typo",
            Reason::HostTypo => "host-typo",
            Reason::SingleLabelHost => "single-label-host",
            Reason::UnspecifiedAddress => "unspecified-address",
            Reason::ExtensionId => "extension-id",
            Reason::MethodTypo => "method-typo",
            Reason::UpdateMethod => "update-method",
            Reason::HeaderTypo => "header-typo",
            Reason::MaxAgeBelowSecond(_) => "max-age-below-second",
            Reason::SwitchWithoutEffect => "switch-without-effect",
            Reason::RejectsNoHost => "rejects-no-host",
        }
    }

    pub(crate) fn reason(&self) -> &Reason {
        &self.reason
    }

    /// About a field as a whole.
    pub(crate) fn of(field: &'static str, reason: Reason) -> Self {
        Self { field, value: None, reason, suggestion: None }
    }

    /// About one of a list's values.
    pub(crate) fn about(field: &'static str, value: &str, reason: Reason) -> Self {
        Self { field, value: Some(value.to_owned()), reason, suggestion: None }
    }

    pub(crate) fn suggesting(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }
}
