//! What can be wrong with a server's CORS: how bad it is, why it matters, and how to fix it.

use serde::Serialize;

use super::look_alike::LookAlike;
use super::survey::Answer;

/// Something that is wrong, with the answer that shows it.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// What the server does: a sentence.
    pub(super) what: String,
    pub(super) answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    /// Strangers can read visitors' data.
    High,
    /// Strangers can, under further conditions; or allowed pages do not work.
    Medium,
    /// It has no effect, or not the intended one.
    Low,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AnyOrigin { with_credentials: bool },
    Null { with_credentials: bool },
    LookAlike { kind: LookAlike, with_credentials: bool },
    Vary,
    TwoOrigins,
    AnyWithCredentials,
    ListWithCredentials,
    PreflightAuthentication,
    PreflightRedirect,
    PreflightStatus,
    MaxAge,
    PrivateNetwork,
    Error,
}

impl Kind {
    /// Stable, for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AnyOrigin { with_credentials: true } => "any-origin-with-credentials",
            Self::AnyOrigin { with_credentials: false } => "any-origin-reflected",
            Self::Null { with_credentials: true } => "null-origin-with-credentials",
            Self::Null { with_credentials: false } => "null-origin",
            Self::LookAlike { kind, .. } => match kind {
                LookAlike::Prefix => "origin-as-prefix",
                LookAlike::Suffix => "origin-as-suffix",
                LookAlike::Dot => "unescaped-dot",
                LookAlike::PublicSuffix => "public-suffix",
                LookAlike::Scheme => "insecure-scheme",
                LookAlike::Port => "another-port",
                LookAlike::Subdomain => "subdomain",
            },
            Self::Vary => "vary-without-origin",
            Self::TwoOrigins => "two-allowed-origins",
            Self::AnyWithCredentials => "any-origin-and-credentials",
            Self::ListWithCredentials => "wildcard-list-and-credentials",
            Self::PreflightAuthentication => "preflight-behind-authentication",
            Self::PreflightRedirect => "preflight-redirected",
            Self::PreflightStatus => "preflight-status",
            Self::MaxAge => "max-age",
            Self::PrivateNetwork => "private-network",
            Self::Error => "error-without-cors",
        }
    }

    pub(super) fn severity(self) -> Severity {
        match self {
            Self::AnyOrigin { with_credentials: true } | Self::Null { with_credentials: true } => {
                Severity::High
            }
            Self::LookAlike { kind, with_credentials } => match (kind, with_credentials) {
                (LookAlike::Port | LookAlike::Subdomain, _) | (LookAlike::Scheme, false) => Severity::Low,
                (LookAlike::Scheme, true) | (_, false) => Severity::Medium,
                (_, true) => Severity::High,
            },
            Self::Null { with_credentials: false }
            | Self::Vary
            | Self::TwoOrigins
            | Self::PreflightAuthentication
            | Self::PreflightRedirect
            | Self::PreflightStatus => Severity::Medium,
            Self::AnyOrigin { with_credentials: false }
            | Self::AnyWithCredentials
            | Self::ListWithCredentials
            | Self::MaxAge
            | Self::PrivateNetwork
            | Self::Error => Severity::Low,
        }
    }

    pub(super) fn why(self) -> &'static str {
        match self {
            Self::AnyOrigin { with_credentials: true } => {
                "Any site that a signed-in visitor opens can read this visitor's data, and act in the visitor's name."
            }
            Self::AnyOrigin { with_credentials: false } => {
                "This opens as much as `*` and looks like a list. Caches keep a copy for each origin, and one switch for \
                 credentials would open the visitors' data to any site."
            }
            Self::Null { with_credentials: true } => {
                "Any site can send `Origin: null`, from a sandboxed frame. So any site that a signed-in visitor opens can \
                 read this visitor's data."
            }
            Self::Null { with_credentials: false } => {
                "Any site can send `Origin: null`, from a sandboxed frame. So the list of origins does not keep any site out."
            }
            Self::LookAlike { kind, .. } => match kind {
                LookAlike::Prefix => {
                    "The server checks only how the origin begins, and anybody can register a name that begins like this."
                }
                LookAlike::Suffix => {
                    "The server checks only how the origin ends, without the dot in front of the domain. Anybody can \
                     register a name that ends like this."
                }
                LookAlike::Dot => {
                    "An unescaped dot in a regular expression matches any character. Anybody can register a name \
                     with another character in its place."
                }
                LookAlike::PublicSuffix => "Anybody can register a name under this public suffix.",
                LookAlike::Scheme => {
                    "An attacker in a visitor's network can answer for the `http:` site, and read the server's responses \
                     from there."
                }
                LookAlike::Port => {
                    "Any program on that host can read the server's responses, whatever its port."
                }
                LookAlike::Subdomain => "Any page below the page's host can read the server's responses.",
            },
            Self::Vary => {
                "A cache may give one site's response to another. That site's page cannot read it, or reads a response \
                 that was not meant for it."
            }
            Self::TwoOrigins => "Browsers refuse the response, whatever the values. No page can read it.",
            Self::AnyWithCredentials => {
                "Browsers do not accept `*` for a request with credentials, so the second header has no effect. Repeating \
                 any origin would make it work, and open the visitors' data to every site."
            }
            Self::ListWithCredentials => {
                "For a request with credentials, `*` is a name like any other. It allows nothing there."
            }
            Self::PreflightAuthentication => {
                "A preflight never has credentials, so it is refused, and the browser does not send the request."
            }
            Self::PreflightRedirect => {
                "Browsers do not follow a redirect of a preflight. They do not send the request."
            }
            Self::PreflightStatus => {
                "Browsers expect a status from 200 to 299. With any other, they do not send the request, even if the \
                 headers are right."
            }
            Self::MaxAge => "Browsers ignore or shorten it.",
            Self::PrivateNetwork => {
                "Since Chrome 142, browsers ask the visitor and ignore this header. In older browsers, it lets any site \
                 reach a server in a private network."
            }
            Self::Error => {
                "The page sees a network error instead of the status and the message, and cannot tell its user what \
                 is wrong."
            }
        }
    }

    /// What to do, with a line of a tower-cors policy where there is one.
    pub(super) fn fix(self) -> &'static str {
        match self {
            Self::AnyOrigin { with_credentials: true } => {
                "List the origins that you trust: `.allow_origins([\"https://app.example.com\"])`. tower-cors refuses \
                 to build a policy that combines any origin with credentials."
            }
            Self::AnyOrigin { with_credentials: false } => {
                "For a public API, `.allow_any_origin()`. Otherwise, list the origins that you trust: \
                 `.allow_origins([\"https://app.example.com\"])`."
            }
            Self::Null { .. } => {
                "Do not allow `null`: tower-cors refuses it in `.allow_origins(...)`. Serve the page from an origin of its \
                 own."
            }
            Self::LookAlike { kind, .. } => match kind {
                LookAlike::Prefix | LookAlike::Dot => {
                    "List whole origins: `.allow_origins([\"https://app.example.com\"])` compares all of it."
                }
                LookAlike::Suffix => {
                    "Allow subdomains with `.allow_origin(\"https://*.example.com\")`: its `*` matches whole labels \
                     only, and the dot counts."
                }
                LookAlike::PublicSuffix => {
                    "List the origins that you trust: `.allow_origins([\"https://app.example.com\"])`. With credentials, \
                     tower-cors refuses `https://*.com` and other public suffixes."
                }
                LookAlike::Scheme => {
                    "List `https:` origins only: `.allow_origins([\"https://app.example.com\"])` does not cover `http:`."
                }
                LookAlike::Port => {
                    "List the origin with its port: `.allow_origins([\"https://app.example.com:8443\"])`. Other ports are \
                     covered only by `:*`."
                }
                LookAlike::Subdomain => "List the hosts that you trust, instead of a wildcard.",
            },
            Self::Vary => {
                "Send `Vary: Origin` with every response of this URL, also to requests without `Origin`. tower-cors \
                 does so wherever a response depends on the origin."
            }
            Self::TwoOrigins => {
                "Set the header in one place only. tower-cors replaces the header of the service behind it; remove \
                 it from the proxy in front."
            }
            Self::AnyWithCredentials => {
                "For a public API, remove `Access-Control-Allow-Credentials`: `.allow_any_origin()` does not send it. If \
                 pages need cookies, `.allow_origins([\"https://app.example.com\"]).allow_credentials(true)`."
            }
            Self::ListWithCredentials => {
                "List the names: `.allow_methods([\"PUT\"])`, `.allow_headers([\"authorization\"])`, \
                 `.expose_headers([\"x-request-id\"])`."
            }
            Self::PreflightAuthentication | Self::PreflightRedirect | Self::PreflightStatus => {
                "Answer preflights before anything else does: make the `CorsLayer` the outermost layer, with \
                 `Router::layer` after all routes and other layers."
            }
            Self::MaxAge => "Send at most 86400 seconds: `.max_age(Duration::from_secs(600))`.",
            Self::PrivateNetwork => "Remove the header. tower-cors never sends it.",
            Self::Error => {
                "Make the `CorsLayer` the outermost layer, with `Router::layer` after all routes and other layers, so \
                 errors have its headers too."
            }
        }
    }
}
