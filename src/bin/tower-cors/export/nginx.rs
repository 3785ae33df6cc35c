//! nginx: maps in its `http` context decide, and a server says so.

use std::fmt::Write as _;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::{self, Fate};
use super::origin::{Rule, TOO_LONG, literal};
use super::policy::Policy;
use super::requested;

pub(super) const TITLE: &str = "nginx";

/// The longest origin that goes into the hash table of a map: by default, a bucket (`map_hash_bucket_size`) is a line of the processor's
/// cache, 64 bytes, and nginx does not start if a key does not fit.
const MAX_HASHED_LEN: usize = 46;

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::OriginRegex => Some(Fate::Less(losses::REGEX)),
        Feature::MethodOfOtherBytes => {
            Some(Fate::Less("nginx itself answers 400 to a method with any byte but A-Z, `-` and `_`"))
        }
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "nginx cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read only \
             the safelisted ones",
        )),
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service check the `Host` and reject requests"))
        }
        _ => None,
    }
}

pub(super) fn configuration(policy: &Policy, place: &Place, head: &Head<'_>) -> String {
    let mut text = head.to_string();
    // A `String` takes all that is written.
    let _ = write!(text, "\n{}\n{}", Maps { policy, name: place.name.to_string() }, server(policy, place));
    text
}

struct Maps<'p> {
    policy: &'p Policy,
    name: String,
}

impl std::fmt::Display for Maps<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { policy, name } = self;
        writeln!(f, "# For the `http` context: files in /etc/nginx/conf.d are read there.")?;
        if self.has_dollar() {
            writeln!(f, "\n# In a value, `$` begins a variable. The value of this one is `$`.")?;
            writeln!(f, "geo ${name}_dollar {{\n    default \"$\";\n}}")?;
        }
        self.origin(f)?;
        self.preflight(f)?;
        if policy.reject_disallowed_origins {
            self.stranger(f)?;
        }
        writeln!(f, "\n# The headers of the answer to an allowed preflight.")?;
        self.of_preflight(f, "methods", &policy.methods(), self.requested_method())?;
        self.of_preflight(f, "headers", &policy.headers(), self.requested_headers())?;
        if let Some(seconds) = policy.max_age {
            self.of_preflight(f, "max_age", &seconds.to_string(), None)?;
        }
        if policy.allow_credentials {
            writeln!(
                f,
                "\nmap ${name}_origin ${name}_credentials {{\n    default \"true\";\n    \"\" \"\";\n}}"
            )?;
        }
        if !policy.expose_headers.is_empty() {
            writeln!(f, "\n# The headers that pages may read on any other response.")?;
            writeln!(f, "map \"${name}_preflight|${name}_origin\" ${name}_exposed {{")?;
            writeln!(f, "    default \"\";\n    \"~^\\|.\" {};\n}}", self.value(&policy.exposed()))?;
        }
        writeln!(f, "\n# Vary, for caches: on every response.")?;
        writeln!(f, "map $request_method ${name}_vary {{")?;
        writeln!(f, "    default {};", self.value(&policy.vary()))?;
        writeln!(f, "    OPTIONS {};\n}}", self.value(&policy.vary_of_options()))
    }
}

impl Maps<'_> {
    fn has_dollar(&self) -> bool {
        let Policy { allow_methods, allow_headers, expose_headers, vary_by, .. } = self.policy;
        [allow_methods, allow_headers, expose_headers, vary_by]
            .into_iter()
            .flatten()
            .any(|entry| entry.contains('$'))
    }

    fn value(&self, text: &str) -> String {
        format!("\"{}\"", self.in_quotes(text))
    }

    /// A text in quotes. Names and methods have no `"` and no `\`.
    fn in_quotes(&self, text: &str) -> String {
        text.replace('$', &format!("${{{}_dollar}}", self.name))
    }

    fn origin(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { policy, name } = self;
        writeln!(f, "\n# The value of Access-Control-Allow-Origin: empty if the origin is not allowed.")?;
        if policy.allows_any_origin() {
            return writeln!(f, "map \"\" ${name}_origin {{\n    default \"*\";\n}}");
        }
        let rules: Vec<_> = policy.allow_origins.iter().map(|text| Rule::of(text)).collect();
        let is_hashed = |text: &str| {
            (text.starts_with("http://") || text.starts_with("https://")) && text.len() <= MAX_HASHED_LEN
        };
        let has_hashed = rules.iter().any(|rule| matches!(rule, Rule::Exact(text) if is_hashed(text)));
        let found = if has_hashed { "found" } else { "origin" };
        writeln!(f, "map $http_origin ${name}_{found} {{\n    default \"\";")?;
        if rules.iter().any(Rule::is_pattern) {
            writeln!(f, "    # No label of a host that is too long matches.\n    \"~{TOO_LONG}\" \"\";")?;
        }
        for rule in &rules {
            match rule {
                Rule::Exact(text) if is_hashed(text) => writeln!(f, "    \"{text}\" $http_origin;")?,
                Rule::Exact(text) => writeln!(f, "    \"~^{}$\" $http_origin;", literal(text))?,
                Rule::Pattern(text, expression) => {
                    writeln!(f, "    # {text}\n    \"~{expression}\" $http_origin;")?;
                }
            }
        }
        if policy.dangerously_allow_null_origin {
            writeln!(f, "    \"~^null$\" $http_origin;")?;
        }
        writeln!(f, "}}")?;
        if has_hashed {
            writeln!(f, "\n# A map ignores case, but an origin on the web has no upper-case letters.")?;
            writeln!(f, "map ${name}_found ${name}_origin {{\n    default ${name}_found;")?;
            writeln!(f, "    \"~^(?=(?i:https?):).*[A-Z]\" \"\";\n}}")?;
        }
        Ok(())
    }

    fn preflight(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.name;
        writeln!(f, "\n# Whether the request is a preflight: OPTIONS with Access-Control-Request-Method,")?;
        writeln!(f, "map \"$request_method $http_access_control_request_method\" ${name}_asked {{")?;
        writeln!(f, "    default 0;\n    \"~^OPTIONS .\" 1;\n}}")?;
        writeln!(f, "# and with an Origin, allowed or not.")?;
        writeln!(f, "map \"${name}_asked${name}_origin|$http_origin\" ${name}_preflight {{")?;
        writeln!(f, "    default \"\";\n    \"~^1[^|]+\\|.\" allowed;\n    \"~^1\\|.\" refused;\n}}")
    }

    /// Which other requests are rejected: those from an origin that is not allowed, unless the browser says that they are same-origin.
    /// If it says nothing, the server compares the origin with the `Host`.
    fn stranger(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.name;
        writeln!(f, "\n# Whether to reject any other request, from an origin that is not allowed.")?;
        writeln!(f, "map \"${name}_preflight${name}_origin|$http_origin\" ${name}_vary_site {{")?;
        writeln!(f, "    default \"\";\n    \"~^\\|.\" \"Sec-Fetch-Site\";\n}}")?;
        writeln!(f, "map \"${name}_vary_site|$http_sec_fetch_site\" ${name}_rejected {{")?;
        writeln!(f, "    default \"\";\n    \"~^Sec-Fetch-Site\\|same-origin$\" \"\";")?;
        writeln!(f, "    \"~^Sec-Fetch-Site\\|$\" unless_own;\n    \"~^Sec-Fetch-Site\\|\" yes;\n}}")
    }

    /// The value of a header of the answer: a list, or the requested names.
    fn of_preflight(
        &self,
        f: &mut std::fmt::Formatter<'_>,
        what: &str,
        list: &str,
        requested: Option<Requested>,
    ) -> std::fmt::Result {
        let name = &self.name;
        let list = self.value(list);
        let Some(Requested { header, cases }) = requested else {
            return writeln!(
                f,
                "map ${name}_preflight ${name}_{what} {{\n    default \"\";\n    allowed {list};\n}}"
            );
        };
        writeln!(f, "map ${header} ${name}_{what}_echoed {{\n    default {list};")?;
        for (expression, before_echo) in cases {
            let said = before_echo.map(|before| format!("\"{before}${header}\""));
            writeln!(f, "    \"{expression}\" {};", said.as_ref().unwrap_or(&list))?;
        }
        writeln!(f, "}}")?;
        let echoed = format!("${name}_{what}_echoed");
        writeln!(f, "map ${name}_preflight ${name}_{what} {{\n    default \"\";\n    allowed {echoed};\n}}")
    }

    fn requested_method(&self) -> Option<Requested> {
        self.policy.echoes_method().then(|| Requested {
            header: "http_access_control_request_method",
            cases: vec![
                (format!("~{}", requested::FORBIDDEN_METHOD), None),
                (format!("~{}", requested::SAFELISTED_METHOD), None),
                (format!("~{}", requested::method()), Some(String::new())),
            ],
        })
    }

    fn requested_headers(&self) -> Option<Requested> {
        let list_only = requested::not_covered(self.policy).map(|names| (format!("~*{names}"), None));
        let before = self.in_quotes(&self.policy.headers_before());
        let echoed = (format!("~*{}", requested::headers(self.policy)), Some(before));
        self.policy.echoes_headers().then(|| Requested {
            header: "http_access_control_request_headers",
            cases: list_only.into_iter().chain([echoed]).collect(),
        })
    }
}

/// What is echoed: the first expression that matches decides whether, and after which text.
struct Requested {
    header: &'static str,
    cases: Vec<(String, Option<String>)>,
}

fn server(policy: &Policy, place: &Place) -> String {
    let Place { upstream, listen, name } = place;
    let mut headers = vec![
        ("Access-Control-Allow-Origin", "origin"),
        ("Access-Control-Allow-Methods", "methods"),
        ("Access-Control-Allow-Headers", "headers"),
    ];
    if policy.allow_credentials {
        headers.push(("Access-Control-Allow-Credentials", "credentials"));
    }
    if policy.max_age.is_some() {
        headers.push(("Access-Control-Max-Age", "max_age"));
    }
    if !policy.expose_headers.is_empty() {
        headers.push(("Access-Control-Expose-Headers", "exposed"));
    }
    headers.push(("Vary", "vary"));
    if policy.reject_disallowed_origins {
        headers.push(("Vary", "vary_site"));
    }
    let mut added = String::new();
    for (header, variable) in headers {
        let _ = writeln!(added, "    add_header {header} ${name}_{variable} always;");
    }
    let status = match policy.status() {
        204 => "204".to_owned(),
        // With an explicit text, even an empty one, nginx does not send its error page.
        other => format!("{other} \"\""),
    };
    let door = if policy.reject_disallowed_origins {
        format!(
            r#"
    # The browser did not send Sec-Fetch-Site: is this a same-origin request?
    set ${name}_door ${name}_rejected;
    if ($http_origin = "http://$http_host") {{ set ${name}_door "${{{name}_rejected}}_own"; }}
    if ($http_origin = "https://$http_host") {{ set ${name}_door "${{{name}_rejected}}_own"; }}
    if (${name}_door ~ "^(?:yes|unless_own$)") {{ return 403 ""; }}
"#
        )
    } else {
        String::new()
    };
    format!(
        r#"# Put these lines into the server. A location that has its own add_header or proxy_hide_header
# does not inherit them: repeat all of them there.
server {{
    listen {listen};

    if (${name}_preflight = "refused") {{ return 403 ""; }}
    if (${name}_preflight = "allowed") {{ return {status}; }}
{door}
    # A header without a value is not sent.
{added}
    proxy_hide_header Access-Control-Allow-Origin;
    proxy_hide_header Access-Control-Allow-Credentials;
    proxy_hide_header Access-Control-Expose-Headers;

    location / {{
        proxy_pass http://{upstream};
        proxy_set_header Host $http_host;
    }}
}}
"#
    )
}
