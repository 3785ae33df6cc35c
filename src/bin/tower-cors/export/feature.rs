//! The features of a policy that not every target supports.

use super::policy::Policy;

/// Each is a row of the table in `docs::export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Feature {
    Subdomains,
    AnyPort,
    AnyExtension,
    AppScheme,
    /// A host that is not a plain name: an IPv6 address, or a name with `_` or a dot at its end.
    OtherHost,
    /// More than 253 bytes.
    LongOrigin,
    AnyOrigin,
    OriginRegex,
    NullOrigin,
    Credentials,
    /// A method that RFC 9110 and RFC 5789 do not define.
    OtherMethod,
    /// A method with other bytes than `A-Z`, `-` and `_`.
    MethodOfOtherBytes,
    AnyMethodWithCredentials,
    AnyHeader,
    AnyHeaderWithCredentials,
    HeaderPrefix,
    ExposeAllWithCredentials,
    MaxAgeOfZero,
    PreflightStatus,
    VaryBy,
    RejectDisallowedOrigins,
    ServedAt,
    /// More than [`MAX_ENTRIES`] in a list.
    ManyEntries,
}

/// How many entries of a list every target takes.
const MAX_ENTRIES: usize = 64;

/// The longest origin that every target takes.
const MAX_ORIGIN_LEN: usize = 253;

/// What every target knows: RFC 9110, section 9, and RFC 5789. No page can use the other two, `CONNECT` and `TRACE`.
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

impl Feature {
    /// In the order of a policy's fields.
    pub(super) const ALL: [Self; 23] = [
        Self::Subdomains,
        Self::AnyPort,
        Self::AnyExtension,
        Self::AppScheme,
        Self::OtherHost,
        Self::LongOrigin,
        Self::AnyOrigin,
        Self::OriginRegex,
        Self::NullOrigin,
        Self::Credentials,
        Self::OtherMethod,
        Self::MethodOfOtherBytes,
        Self::AnyMethodWithCredentials,
        Self::AnyHeader,
        Self::AnyHeaderWithCredentials,
        Self::HeaderPrefix,
        Self::ExposeAllWithCredentials,
        Self::MaxAgeOfZero,
        Self::PreflightStatus,
        Self::VaryBy,
        Self::RejectDisallowedOrigins,
        Self::ServedAt,
        Self::ManyEntries,
    ];

    /// A stable name, for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subdomains => "subdomains",
            Self::AnyPort => "any-port",
            Self::AnyExtension => "any-extension",
            Self::AppScheme => "app-scheme",
            Self::OtherHost => "other-host",
            Self::LongOrigin => "long-origin",
            Self::AnyOrigin => "any-origin",
            Self::OriginRegex => "origin-regex",
            Self::NullOrigin => "null-origin",
            Self::Credentials => "credentials",
            Self::OtherMethod => "other-method",
            Self::MethodOfOtherBytes => "method-of-other-bytes",
            Self::AnyMethodWithCredentials => "any-method-with-credentials",
            Self::AnyHeader => "any-header",
            Self::AnyHeaderWithCredentials => "any-header-with-credentials",
            Self::HeaderPrefix => "header-prefix",
            Self::ExposeAllWithCredentials => "expose-all-with-credentials",
            Self::MaxAgeOfZero => "max-age-of-zero",
            Self::PreflightStatus => "preflight-status",
            Self::VaryBy => "vary-by",
            Self::RejectDisallowedOrigins => "reject-disallowed-origins",
            Self::ServedAt => "served-at",
            Self::ManyEntries => "many-entries",
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
            Self::OtherHost => "`http://[::1]:3000`, `https://my_app.example`, `https://app.example.`",
            Self::LongOrigin => "an origin of more than 253 bytes",
            Self::AnyOrigin => "any origin (`*`)",
            Self::OriginRegex => "`allow_origin_regexes`",
            Self::NullOrigin => "`dangerously_allow_null_origin`",
            Self::Credentials => "`allow_credentials`",
            Self::OtherMethod => "`PURGE` in `allow_methods`: not one of HTTP's own",
            Self::MethodOfOtherBytes => "`my-method` in `allow_methods`: not in upper case",
            Self::AnyMethodWithCredentials => "any method (`*`), with credentials",
            Self::AnyHeader => "any request header (`*`), without credentials",
            Self::AnyHeaderWithCredentials => "any request header (`*`), with credentials",
            Self::HeaderPrefix => "`x-stainless-*` in `allow_headers`",
            Self::ExposeAllWithCredentials => "all response headers (`*`), with credentials",
            Self::MaxAgeOfZero => "`max_age = 0`",
            Self::PreflightStatus => "`preflight_status`",
            Self::VaryBy => "`vary_by`",
            Self::RejectDisallowedOrigins => "`reject_disallowed_origins`",
            Self::ServedAt => "`served_at`",
            Self::ManyEntries => "more than 64 entries in a list",
        }
    }

    /// The parts of a policy that need it, as text. Empty: the policy does not use it.
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
            Self::MaxAgeOfZero => (policy.max_age == Some(0), "max_age: 0".to_owned()),
            Self::ManyEntries => return beyond_the_bound(policy),
            Self::PreflightStatus => {
                (policy.status() != 204, format!("preflight_status: {}", policy.status()))
            }
            _ => (policy.reject_disallowed_origins, "reject_disallowed_origins".to_owned()),
        };
        is_used.then_some(text).into_iter().collect()
    }

    /// Removes all parts that need it.
    pub(super) fn remove_from(self, policy: &mut Policy) {
        if let Some(List { of, .. }) = self.entries() {
            let needs = self.needs(policy.allow_credentials);
            of(policy).retain(|entry| !needs(entry));
            return;
        }
        match self {
            Self::NullOrigin => policy.dangerously_allow_null_origin = false,
            Self::Credentials => policy.allow_credentials = false,
            Self::MaxAgeOfZero => policy.max_age = None,
            Self::ManyEntries => LISTS.iter().for_each(|List { of, .. }| of(policy).truncate(MAX_ENTRIES)),
            Self::PreflightStatus => policy.preflight_status = None,
            _ => policy.reject_disallowed_origins = false,
        }
    }

    /// The list whose entries may need it, where it is about a list.
    fn entries(self) -> Option<List> {
        let [origins, regexes, methods, headers, exposed, vary_by, served_at] = LISTS;
        match self {
            Self::Subdomains
            | Self::AnyPort
            | Self::AnyExtension
            | Self::AppScheme
            | Self::OtherHost
            | Self::LongOrigin
            | Self::AnyOrigin => Some(origins),
            Self::OriginRegex => Some(regexes),
            Self::OtherMethod | Self::MethodOfOtherBytes | Self::AnyMethodWithCredentials => Some(methods),
            Self::AnyHeader | Self::AnyHeaderWithCredentials | Self::HeaderPrefix => Some(headers),
            Self::ExposeAllWithCredentials => Some(exposed),
            Self::VaryBy => Some(vary_by),
            Self::ServedAt => Some(served_at),
            Self::NullOrigin
            | Self::Credentials
            | Self::MaxAgeOfZero
            | Self::PreflightStatus
            | Self::RejectDisallowedOrigins
            | Self::ManyEntries => None,
        }
    }

    /// Which of those do.
    fn needs(self, with_credentials: bool) -> impl Fn(&str) -> bool {
        let is_web = |entry: &str| entry.starts_with("http://") || entry.starts_with("https://");
        move |entry| match self {
            Self::Subdomains => entry.contains("://*."),
            Self::AnyPort => entry.ends_with(":*"),
            Self::AnyExtension => entry.ends_with("://*"),
            Self::AppScheme => entry.contains("://") && !is_web(entry),
            Self::OtherHost => {
                let is_plain =
                    |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'*');
                let (_, authority) = entry.split_once("://").unwrap_or_default();
                is_web(entry)
                    && (!authority.bytes().all(is_plain)
                        || authority.ends_with('.')
                        || authority.contains(".:"))
            }
            Self::LongOrigin => entry.len() > MAX_ORIGIN_LEN,
            Self::AnyOrigin => entry == "*",
            Self::OtherMethod => entry != "*" && !METHODS.contains(&entry),
            Self::MethodOfOtherBytes => {
                entry != "*" && !entry.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'-' | b'_'))
            }
            Self::AnyMethodWithCredentials
            | Self::AnyHeaderWithCredentials
            | Self::ExposeAllWithCredentials => with_credentials && entry == "*",
            Self::AnyHeader => !with_credentials && entry == "*",
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

/// In the order of a policy's fields.
const LISTS: [List; 7] = [
    List { field: "allow_origins", of: |policy| &mut policy.allow_origins },
    List { field: "allow_origin_regexes", of: |policy| &mut policy.allow_origin_regexes },
    List { field: "allow_methods", of: |policy| &mut policy.allow_methods },
    List { field: "allow_headers", of: |policy| &mut policy.allow_headers },
    List { field: "expose_headers", of: |policy| &mut policy.expose_headers },
    List { field: "vary_by", of: |policy| &mut policy.vary_by },
    List { field: "served_at", of: |policy| &mut policy.served_at },
];

fn beyond_the_bound(policy: &Policy) -> Vec<String> {
    let mut policy = policy.clone();
    let beyond = LISTS.iter().flat_map(|List { field, of }| {
        let entries = std::mem::take(of(&mut policy)).into_iter().skip(MAX_ENTRIES);
        entries.map(move |entry| format!("{field}: `{entry}`")).collect::<Vec<_>>()
    });
    beyond.collect()
}
