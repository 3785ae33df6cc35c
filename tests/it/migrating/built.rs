//! Policies that tower-http accepts or panics at, and that `build` refuses.

use std::time::Duration;

use http::Method;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};
use tower_http::cors::{AllowOrigin, Any, CorsLayer as TowerHttp};

use crate::support::{APP, allow_app};

pub(super) struct Refusal {
    /// As it is in `src/docs/migrating.md`.
    pub(super) sentence: &'static str,
    pub(super) theirs: fn() -> TowerHttp,
    /// The result.
    pub(super) outcome: Theirs,
    pub(super) ours: fn() -> CorsPolicyBuilder,
    pub(super) issues: &'static [&'static str],
}

#[derive(Debug, PartialEq)]
pub(super) enum Theirs {
    Builds,
    Panics,
}
use Theirs::{Builds, Panics};

pub(super) const NOT_BUILT: [Refusal; 9] = [
    Refusal {
        sentence: "No origin at all.",
        theirs: TowerHttp::new,
        outcome: Builds,
        ours: CorsPolicy::builder,
        issues: &[
            "allow_origins: no origin is allowed. List the origins of your pages, for example `https://app.example.com`, or remove the CORS layer",
        ],
    },
    Refusal {
        sentence: "An origin in a form that no browser sends.",
        theirs: || {
            TowerHttp::new().allow_origin([
                HeaderValue::from_static("https://app.example.com/"),
                HeaderValue::from_static("https://App.example.com"),
                HeaderValue::from_static("https://app.example.com:443"),
            ])
        },
        outcome: Builds,
        ours: || {
            CorsPolicy::builder().allow_origins([
                "https://app.example.com/",
                "https://App.example.com",
                "https://app.example.com:443",
            ])
        },
        issues: &[
            "allow_origins: `https://app.example.com/` ends with a slash, but an origin ends with its host or port; did \
             you mean `https://app.example.com`?",
            "allow_origins: `https://App.example.com` has upper-case letters, but browsers write origins in lower case; \
             did you mean `https://app.example.com`?",
            "allow_origins: `https://app.example.com:443` names the scheme's default port, which browsers leave out; did \
             you mean `https://app.example.com`?",
        ],
    },
    Refusal {
        sentence: "The origin `null`.",
        theirs: || TowerHttp::new().allow_origin([HeaderValue::from_static("null")]),
        outcome: Builds,
        ours: || CorsPolicy::builder().allow_origin("null"),
        issues: &[
            "allow_origins: `null` is the origin of sandboxed frames on any site. To allow all of them, use `dangerously_allow_null_origin`",
        ],
    },
    Refusal {
        sentence: "Any origin with credentials.",
        theirs: || TowerHttp::new().allow_origin(Any).allow_credentials(true),
        outcome: Panics,
        ours: || CorsPolicy::builder().allow_any_origin().allow_credentials(true),
        issues: &[ANY_WITH_CREDENTIALS],
    },
    Refusal {
        sentence: "Any origin with credentials, by mirroring it.",
        theirs: TowerHttp::very_permissive,
        outcome: Builds,
        ours: || {
            CorsPolicy::builder()
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .allow_credentials(true)
        },
        issues: &[ANY_WITH_CREDENTIALS],
    },
    Refusal {
        sentence: "Credentials for an origin of plain `http:`.",
        theirs: || {
            TowerHttp::new()
                .allow_origin(AllowOrigin::exact(HeaderValue::from_static("http://app.example.com")))
                .allow_credentials(true)
        },
        outcome: Builds,
        ours: || CorsPolicy::builder().allow_origin("http://app.example.com").allow_credentials(true),
        issues: &[
            "allow_origins: `http://app.example.com` is not encrypted, so anyone on the network could act with a visitor's credentials. Use https, or `dangerously_allow_insecure_origins`; did you mean \
             `https://app.example.com`?",
        ],
    },
    Refusal {
        sentence: "A method in the wrong case.",
        theirs: || {
            TowerHttp::new()
                .allow_origin([HeaderValue::from_static(APP)])
                .allow_methods([Method::from_bytes(b"patch").expect("a method")])
        },
        outcome: Builds,
        ours: || allow_app().allow_methods(["patch"]),
        issues: &[
            "allow_methods: `patch` is in the wrong case: methods are case-sensitive; did you mean `PATCH`?",
        ],
    },
    Refusal {
        sentence: "A header that no page can send, or none can read.",
        theirs: || {
            let layer = TowerHttp::new().allow_origin([HeaderValue::from_static(APP)]);
            layer.allow_headers([COOKIE]).expose_headers([SET_COOKIE])
        },
        outcome: Builds,
        ours: || allow_app().allow_headers([COOKIE]).expose_headers([SET_COOKIE]),
        issues: &[
            "allow_headers: `cookie` is set by the browser and cannot be requested. Remove it",
            "expose_headers: `set-cookie` can never be read by a page. Remove it",
        ],
    },
    Refusal {
        sentence: "A max-age of more than a day.",
        theirs: || {
            let layer = TowerHttp::new().allow_origin([HeaderValue::from_static(APP)]);
            layer.max_age(Duration::from_secs(604_800))
        },
        outcome: Builds,
        ours: || allow_app().max_age(Duration::from_secs(604_800)),
        issues: &["max_age: 604800 s is longer than any browser caches. Use at most 86400 s (a day)"],
    },
];

const ANY_WITH_CREDENTIALS: &str = "allow_credentials: credentials cannot be combined with `*`: any site could read your visitors' data. List the origins that you trust";
