//! Following a warning changes only what the warning says.

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, Method, Request};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsPolicy, Denial};

const PATTERNS: [&str; 22] = [
    "https://a.example",
    "https://b.a.example",
    "https://b.a.example:8443",
    "https://*.a.example",
    "https://*.a.example:*",
    "https://*.a.example:8443",
    "https://*.b.a.example",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:*",
    "http://local_host:3000",
    "http://0.0.0.0:3000",
    "http://frontend:3000",
    "http://a.example",
    "htps://*.a.example",
    "htp://a.example",
    "chrome-extension://abc",
    "chrome-extension://*",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "https://*.com",
    "https://*.github.io",
    "*",
];

/// Origins that the policies allow, and some that no policy allows.
const ORIGINS: [&str; 15] = [
    "https://a.example",
    "https://b.a.example",
    "https://b.a.example:8443",
    "https://c.b.a.example",
    "https://c.a.example:1",
    "http://a.example",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:3001",
    "http://frontend:3000",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "chrome-extension://abc",
    "https://a.com",
    "https://stranger.test",
    "null",
];

const METHODS: [&str; 7] = ["PUT", "PATCH", "PACTH", "UPDATE", "PROPFIND", "custom", "*"];

const HEADERS: [&str; 9] =
    ["authorization", "Authorisation", "x-a", "X-A", "x-b", "x-*", "x-a*", "contenttype", "*"];

const EXPOSED: [&str; 6] = ["etag", "ETag", "link", "retryafter", "authorization", "*"];

/// A policy as it is written.
#[derive(Clone, Debug)]
struct Written {
    origins: Vec<&'static str>,
    methods: Vec<&'static str>,
    headers: Vec<&'static str>,
    exposed: Vec<&'static str>,
    credentials: bool,
    insecure: bool,
    public_suffixes: bool,
    null: bool,
}

impl Written {
    fn build(&self) -> Option<CorsPolicy> {
        CorsPolicy::builder()
            .allow_origins(&self.origins)
            .allow_methods(&self.methods)
            .allow_headers(&self.headers)
            .expose_headers(&self.exposed)
            .allow_credentials(self.credentials)
            .dangerously_allow_insecure_origins(self.insecure)
            .dangerously_allow_public_suffixes(self.public_suffixes)
            .dangerously_allow_null_origin(self.null)
            .build()
            .ok()
    }

    fn list(&mut self, field: &str) -> &mut Vec<&'static str> {
        match field {
            "allow_origins" => &mut self.origins,
            "allow_methods" => &mut self.methods,
            "allow_headers" => &mut self.headers,
            "expose_headers" => &mut self.exposed,
            _ => panic!("{field} is no list"),
        }
    }

    /// Removes the last entry with this text.
    fn without(&self, field: &str, value: &str) -> Self {
        let mut changed = self.clone();
        let list = changed.list(field);
        let place = list.iter().rposition(|entry| *entry == value).expect("what is told is written");
        list.remove(place);
        changed
    }

    fn switched_off(&self, switch: &str) -> Self {
        let mut changed = self.clone();
        match switch {
            "dangerously_allow_insecure_origins" => changed.insecure = false,
            "dangerously_allow_public_suffixes" => changed.public_suffixes = false,
            "dangerously_allow_null_origin" => changed.null = false,
            _ => panic!("{switch} is no switch"),
        }
        changed
    }
}

fn written() -> impl Strategy<Value = Written> {
    let lists = (
        vec(select(&PATTERNS[..PATTERNS.len() - 1]), 1..7),
        prop_oneof![5 => Just(None), 1 => Just(Some("*"))],
        vec(select(&METHODS[..]), 0..4),
        vec(select(&HEADERS[..]), 0..5),
        vec(select(&EXPOSED[..]), 0..4),
    );
    (lists, any::<[bool; 4]>()).prop_map(
        |((mut origins, any, methods, headers, exposed), [credentials, insecure, public_suffixes, null])| {
            origins.extend(any);
            Written { origins, methods, headers, exposed, credentials, insecure, public_suffixes, null }
        },
    )
}

/// The effect in browsers: whether each page may send each request, and the layer's headers on its response.
fn seen(policy: &CorsPolicy) -> Vec<(Option<Denial>, HeaderMap)> {
    let names = ["authorization", "authorisation", "x-a", "x-b", "x-abc", "content-type", "y"];
    let mut requests = Vec::new();
    for origin in ORIGINS {
        let from = |method: Method| Request::builder().method(method).header(ORIGIN, origin);
        requests.push(from(Method::GET).body(()));
        for method in METHODS {
            requests.push(from(Method::OPTIONS).header(ACCESS_CONTROL_REQUEST_METHOD, method).body(()));
        }
        for name in names {
            let preflight = from(Method::OPTIONS).header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
            requests.push(preflight.header(ACCESS_CONTROL_REQUEST_HEADERS, name).body(()));
        }
    }
    let seen = |request: Request<()>| {
        let decision = policy.decide(&request);
        let denial = decision.denial().copied();
        // A preflight's whole lists name what is listed.
        let mut headers = HeaderMap::new();
        if let Ok(actual) = decision.answer() {
            headers.insert("etag", http::HeaderValue::from_static("1"));
            actual.decorate(&mut headers);
        }
        (denial, headers)
    };
    requests.into_iter().map(|request| seen(request.expect("a request"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_told_to_have_no_effect_has_none(written in written()) {
        let Some(policy) = written.build() else { return Ok(()) };
        for warning in policy.warnings() {
            let changed = match (warning.kind(), warning.value()) {
                ("covered" | "duplicate", Some(value)) => written.without(warning.field(), value),
                ("switch-without-effect", None) => written.switched_off(warning.field()),
                _ => continue,
            };
            let changed = changed.build();
            prop_assert!(changed.is_some(), "{warning} does not build any more");
            prop_assert_eq!(changed.as_ref().map(seen), Some(seen(&policy)), "{}", warning);
        }
    }

    #[test]
    fn to_do_what_is_told_comes_to_an_end(written in written()) {
        let Some(mut policy) = written.build() else { return Ok(()) };
        let mut changed = written;
        // After a correction, the entry may be covered, or a switch may no longer be needed.
        for _ in 0..3 {
            for warning in policy.warnings() {
                let Some(value) = warning.value() else {
                    changed = changed.switched_off(warning.field());
                    continue;
                };
                changed = changed.without(warning.field(), value);
                if let Some(suggestion) = warning.suggestion() {
                    changed.list(warning.field()).push(suggestion.to_owned().leak());
                }
            }
            prop_assume!(!changed.origins.is_empty());
            let mended = changed.build();
            prop_assert!(mended.is_some(), "{changed:?} does not build");
            policy = mended.unwrap_or(policy);
        }
        prop_assert_eq!(policy.warnings().count(), 0, "{:?}", changed);
    }

    /// The suggestion only replaces the value: it lets in no other pages than those that it names.
    #[test]
    fn a_suggestion_lets_nobody_in_but_whom_it_names(written in written()) {
        let Some(policy) = written.build() else { return Ok(()) };
        let before = seen(&policy);
        for warning in policy.warnings().filter(|warning| warning.field() == "allow_origins") {
            let (Some(value), Some(suggestion)) = (warning.value(), warning.suggestion()) else { continue };
            let named = CorsPolicy::builder().allow_origin(suggestion).build().expect("an origin");
            let mut changed = written.without("allow_origins", value);
            changed.origins.push(suggestion.to_owned().leak());
            let changed = changed.build().expect("what is suggested is accepted");
            let rows = before.iter().zip(seen(&changed)).zip(seen(&named));
            for (((before, _), (after, _)), (by_itself, _)) in rows {
                let refuses = |denial: &Option<Denial>| matches!(denial, Some(Denial::OriginNotAllowed));
                let let_in = refuses(before) && !refuses(&after);
                prop_assert!(!let_in || !refuses(&by_itself), "{}", warning);
            }
        }
    }
}
