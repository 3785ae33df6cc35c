//! Tests every grammar that reads untrusted text with all strings over an alphabet, up to a length, against models that share no code with
//! the crate. So no generator can miss a case.
//!
//! The default run takes seconds. With three more symbols in each string, there are more than a billion strings, which take two processors
//! ten minutes:
//!
//! ```sh
//! TOWER_CORS_LONGER=3 cargo test --release --all-features --test every_small_input -- --nocapture
//! ```

#[path = "every_small_input/model.rs"]
mod model;
#[path = "every_small_input/strings.rs"]
mod strings;

use std::collections::BTreeSet;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN,
};
use http::{HeaderMap, HeaderValue, Request};
use model::Asked;
use strings::{Space, of};
use tower_cors::{CorsPolicy, Decision, Denial, Origin, OriginPattern};

/// One rule of each kind, short enough to match short strings.
const RULES: [&str; 7] =
    ["https://a.a", "https://*.a", "https://a:*", "http://*.a.a:*", "http://[::1]", "app://A", "app://*.A:1"];

/// Symbols for origins of browsers, and for near misses.
const ORIGINS: [Space; 5] = [
    // A scheme, and the symbols after it.
    Space { before: "", alphabet: "a1+:/.", longest: 7 },
    // A host and its port.
    Space { before: "https://", alphabet: "a01.:-A*@/%x ", longest: 5 },
    // Addresses.
    Space { before: "http://", alphabet: "01x.a", longest: 7 },
    Space { before: "http://[", alphabet: "01:f]", longest: 7 },
    // Opaque hosts.
    Space { before: "app://", alphabet: "aA1._:[", longest: 5 },
];

const PATTERNS: [Space; 3] = [
    Space { before: "", alphabet: "a*:/.", longest: 6 },
    Space { before: "https://", alphabet: "a1*.:-", longest: 6 },
    Space { before: "app://", alphabet: "aA*.:1", longest: 5 },
];

/// `|` is the end of a line, and the start of another.
const LISTS: [Space; 1] = [Space { before: "", alphabet: "abB, \t@|", longest: 6 }];

#[test]
fn every_small_origin_is_allowed_where_the_model_allows_it() {
    let any = CorsPolicy::builder().allow_origin_if(|_, _| true).build().expect("a policy");
    let rules = CorsPolicy::builder().allow_origins(RULES).build().expect("a policy");
    let (any, rules) = (&any, &rules);
    let count = of(&ORIGINS, || {
        let mut request = Request::new(());
        move |text| {
            let value = HeaderValue::from_str(text).expect("a field value");
            request.headers_mut().insert(ORIGIN, value);
            let parts = model::origin(text);
            assert_eq!(is_granted(any, &request), parts.is_some(), "{text:?}, by a predicate");
            let matches = parts.is_some_and(|parts| RULES.iter().any(|rule| model::matches(rule, &parts)));
            assert_eq!(is_granted(rules, &request), matches, "{text:?}, by rules");
        }
    });
    println!("{count} origins");
}

#[test]
fn every_small_pattern_builds_where_the_model_reads_one() {
    let count = of(&PATTERNS, || {
        |text| {
            let is_pattern = model::is_pattern(text);
            assert_eq!(text.parse::<OriginPattern>().is_ok(), is_pattern, "{text:?}");
        }
    });
    println!("{count} patterns");
}

/// Fewer strings, since each is compiled and tested with each origin.
#[test]
fn every_small_pattern_matches_what_the_model_matches() {
    let mut origins = vec!["https://[::1]".to_owned(), "http://a.a".to_owned(), "app://[::1]".to_owned()];
    let spaces = [
        Space { before: "https://", alphabet: "a1.:-", longest: 4 },
        Space { before: "app://", alphabet: "aA.:1", longest: 4 },
    ];
    for space in &spaces {
        space.each(|text| origins.extend(Origin::parse(text).is_ok().then(|| text.to_owned())));
    }
    let patterns = PATTERNS.map(|space| Space { longest: space.longest - 2, ..space });
    let origins = &origins;
    let count = of(&patterns, || {
        |text| {
            if !model::is_pattern(text) {
                return;
            }
            let policy = CorsPolicy::builder().allow_origin(text).build().expect("a policy");
            let mut request = Request::new(());
            for origin in origins {
                request.headers_mut().insert(ORIGIN, HeaderValue::from_str(origin).expect("a field value"));
                let matches = model::origin(origin).is_some_and(|parts| model::matches(text, &parts));
                assert_eq!(is_granted(&policy, &request), matches, "{text:?} and {origin:?}");
            }
        }
    });
    println!("{count} patterns, each with {} origins", origins.len());
}

#[test]
fn every_small_list_of_requested_headers_is_read_as_the_model_reads_it() {
    let policy = CorsPolicy::builder()
        .allow_origin("https://a.a")
        .allow_headers(["a", "b*"])
        .build()
        .expect("a policy");
    let policy = &policy;
    let count = of(&LISTS, || {
        let mut request = Request::builder().method("OPTIONS").header(ORIGIN, "https://a.a");
        request = request.header("access-control-request-method", "GET");
        let mut request = request.body(()).expect("a request");
        move |text| {
            let headers = request.headers_mut();
            headers.remove(ACCESS_CONTROL_REQUEST_HEADERS);
            for line in text.split('|') {
                let value = HeaderValue::from_str(line).expect("a field value");
                headers.append(ACCESS_CONTROL_REQUEST_HEADERS, value);
            }
            let asked = model::requested(text);
            let decision = policy.decide(&request);
            let denial = match decision.denial() {
                None => Asked::Allowed,
                Some(Denial::HeaderNotAllowed { nth, .. }) => Asked::Unlisted(*nth as usize),
                Some(Denial::MalformedHeaders) => Asked::Malformed,
                Some(other) => panic!("{text:?}: {other:?}"),
            };
            assert_eq!(denial, asked.outcome, "{text:?}");
            let Decision::Preflight(preflight) = decision else { panic!("{text:?} is no preflight") };
            let response = preflight.into_response(());
            let listed = response.headers().get(ACCESS_CONTROL_ALLOW_HEADERS).expect("a list");
            let listed: BTreeSet<_> = listed.to_str().expect("text").split(", ").map(str::to_owned).collect();
            assert_eq!(listed, asked.listed, "{text:?}");
        }
    });
    println!("{count} lists");
}

/// Whether the origin of an ordinary request is allowed, by the verdict and by the response.
fn is_granted(policy: &CorsPolicy, request: &Request<()>) -> bool {
    let decision = policy.decide(request);
    let is_denied = decision.denial().is_some();
    let Decision::Actual(actual) = decision else { panic!("{request:?} is answered") };
    let mut headers = HeaderMap::new();
    actual.decorate(&mut headers);
    let granted = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
    assert_eq!(granted.is_none(), is_denied, "{request:?}");
    assert!(is_denied || granted == request.headers().get(ORIGIN), "{request:?}: {granted:?}");
    !is_denied
}
