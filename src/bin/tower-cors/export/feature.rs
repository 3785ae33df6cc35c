//! What a policy can have that not every target can say.

use super::policy::Policy;

/// Each is a row of the table in `docs::export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Feature {
    Subdomains,
    AnyPort,
    AnyExtension,
    AppScheme,
    AnyOrigin,
    NullOrigin,
    Credentials,
    /// A method with other bytes than `A-Z`, `-` and `_`.
    MethodOfOtherBytes,
    AnyMethodWithCredentials,
    AnyHeaderWithCredentials,
    HeaderPrefix,
    ExposeAllWithCredentials,
    PreflightStatus,
    VaryBy,
    RejectDisallowedOrigins,
    ServedAt,
}

impl Feature {
    /// In the order of a policy's fields.
    pub(super) const ALL: [Self; 16] = [
        Self::Subdomains,
        Self::AnyPort,
        Self::AnyExtension,
        Self::AppScheme,
        Self::AnyOrigin,
        Self::NullOrigin,
        Self::Credentials,
        Self::MethodOfOtherBytes,
        Self::AnyMethodWithCredentials,
        Self::AnyHeaderWithCredentials,
        Self::HeaderPrefix,
        Self::ExposeAllWithCredentials,
        Self::PreflightStatus,
        Self::VaryBy,
        Self::RejectDisallowedOrigins,
        Self::ServedAt,
    ];

    /// A stable name, for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subdomains => "subdomains",
            Self::AnyPort => "any-port",
            Self::AnyExtension => "any-extension",
            Self::AppScheme => "app-scheme",
            Self::AnyOrigin => "any-origin",
            Self::NullOrigin => "null-origin",
            Self::Credentials => "credentials",
            Self::MethodOfOtherBytes => "method-of-other-bytes",
            Self::AnyMethodWithCredentials => "any-method-with-credentials",
            Self::AnyHeaderWithCredentials => "any-header-with-credentials",
            Self::HeaderPrefix => "header-prefix",
            Self::ExposeAllWithCredentials => "expose-all-with-credentials",
            Self::PreflightStatus => "preflight-status",
            Self::VaryBy => "vary-by",
            Self::RejectDisallowedOrigins => "reject-disallowed-origins",
            Self::ServedAt => "served-at",
        }
    }

    /// As a policy has it, in the table.
    #[cfg(test)]
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Subdomains => "`https://*.example.com`",
            Self::AnyPort => "`http://localhost:*`",
            Self::AnyExtension => "`moz-extension://*`",
            Self::AppScheme => "`capacitor://MyApp`",
            Self::AnyOrigin => "any origin (`*`)",
            Self::NullOrigin => "`dangerously_allow_null_origin`",
            Self::Credentials => "`allow_credentials`",
            Self::MethodOfOtherBytes => "`my-method` in `allow_methods`: not in upper case",
            Self::AnyMethodWithCredentials => "any method (`*`), with credentials",
            Self::AnyHeaderWithCredentials => "any request header (`*`), with credentials",
            Self::HeaderPrefix => "`x-stainless-*` in `allow_headers`",
            Self::ExposeAllWithCredentials => "all response headers (`*`), with credentials",
            Self::PreflightStatus => "`preflight_status`",
            Self::VaryBy => "`vary_by`",
            Self::RejectDisallowedOrigins => "`reject_disallowed_origins`",
            Self::ServedAt => "`served_at`",
        }
    }

    /// What of a policy needs it, a text each. None: the policy does without it.
    pub(super) fn used_by(self, policy: &Policy) -> Vec<String> {
        if let Some(List { field, of }) = self.entries() {
            let needs = self.needs(policy.allow_credentials);
            let entries = of(&mut policy.clone()).clone().into_iter();
            return entries.filter(|entry| needs(entry)).map(|entry| format!("{field}: `{entry}`")).collect();
        }
        let (is_used, text) = match self {
            Self::NullOrigin => {
                (policy.dangerously_allow_null_origin, "dangerously_allow_null_origin".to_owned())
            }
            Self::Credentials => (policy.allow_credentials, "allow_credentials".to_owned()),
            Self::PreflightStatus => {
                (policy.status() != 204, format!("preflight_status: {}", policy.status()))
            }
            _ => (policy.reject_disallowed_origins, "reject_disallowed_origins".to_owned()),
        };
        is_used.then_some(text).into_iter().collect()
    }

    /// Takes away all that needs it.
    pub(super) fn remove_from(self, policy: &mut Policy) {
        if let Some(List { of, .. }) = self.entries() {
            let needs = self.needs(policy.allow_credentials);
            of(policy).retain(|entry| !needs(entry));
            return;
        }
        match self {
            Self::NullOrigin => policy.dangerously_allow_null_origin = false,
            Self::Credentials => policy.allow_credentials = false,
            Self::PreflightStatus => policy.preflight_status = None,
            _ => policy.reject_disallowed_origins = false,
        }
    }

    /// The list whose entries may need it, where it is about a list.
    fn entries(self) -> Option<List> {
        let (field, of): (_, fn(&mut Policy) -> &mut Vec<String>) = match self {
            Self::Subdomains | Self::AnyPort | Self::AnyExtension | Self::AppScheme | Self::AnyOrigin => {
                ("allow_origins", |policy| &mut policy.allow_origins)
            }
            Self::MethodOfOtherBytes | Self::AnyMethodWithCredentials => {
                ("allow_methods", |policy| &mut policy.allow_methods)
            }
            Self::AnyHeaderWithCredentials | Self::HeaderPrefix => {
                ("allow_headers", |policy| &mut policy.allow_headers)
            }
            Self::ExposeAllWithCredentials => ("expose_headers", |policy| &mut policy.expose_headers),
            Self::VaryBy => ("vary_by", |policy| &mut policy.vary_by),
            Self::ServedAt => ("served_at", |policy| &mut policy.served_at),
            Self::NullOrigin | Self::Credentials | Self::PreflightStatus | Self::RejectDisallowedOrigins => {
                return None;
            }
        };
        Some(List { field, of })
    }

    /// Which of those do.
    fn needs(self, with_credentials: bool) -> impl Fn(&str) -> bool {
        let is_web = |entry: &str| entry.starts_with("http://") || entry.starts_with("https://");
        move |entry| match self {
            Self::Subdomains => entry.contains("://*."),
            Self::AnyPort => entry.ends_with(":*"),
            Self::AnyExtension => entry.ends_with("://*"),
            Self::AppScheme => entry.contains("://") && !is_web(entry),
            Self::AnyOrigin => entry == "*",
            Self::MethodOfOtherBytes => {
                entry != "*" && !entry.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'-' | b'_'))
            }
            Self::AnyMethodWithCredentials
            | Self::AnyHeaderWithCredentials
            | Self::ExposeAllWithCredentials => with_credentials && entry == "*",
            Self::HeaderPrefix => entry.len() > 1 && entry.ends_with('*'),
            _ => true,
        }
    }
}

/// A list of a policy.
struct List {
    field: &'static str,
    of: fn(&mut Policy) -> &mut Vec<String>,
}
