//! Valid settings that look like a mistake: the values with a warning, word for word, and values that never
//! have one.

mod bounds;
mod documented;
mod legitimate;
mod property;

use std::time::Duration;

use tower_cors::{CorsPolicy, CorsPolicyBuilder, Warning};

use crate::support::{APP, Sentence, allow_app, assert_rows, assert_sentences, built};

fn warnings(policy: CorsPolicyBuilder) -> Vec<String> {
    built(policy).warnings().map(|warning| warning.to_string()).collect()
}

fn kinds(policy: &CorsPolicy) -> Vec<&'static str> {
    policy.warnings().map(|warning| warning.kind()).collect()
}

fn origins<const N: usize>(origins: [&str; N]) -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origins(origins)
}

/// Each value alone has this warning, and its suggestion has none.
#[track_caller]
fn assert_cases(field: &str, cases: &[Sentence], policy: impl Fn(&str) -> CorsPolicyBuilder) {
    assert_sentences(field, cases, |value| warnings(policy(value)));
}

const SCHEME: &str = "has an unknown scheme, similar to a well-known one";
const LOCALHOST: &str = "has a host that is similar to `localhost`, but not the same";
const NO_DOT: &str = "has a host without a dot. Such names resolve between containers or inside a private network, and rarely in a visitor's browser. Use the host that the browser's address bar shows";
const UNSPECIFIED: &str = "has an address that a server listens on, not one that a browser visits. Use the host that the browser's address bar shows";
const EXTENSION: &str = "can never match: its host is not an extension's ID. In `chrome-extension` origins, an ID is 32 letters from `a` \
to `p`; in `moz-extension` and `safari-web-extension`, a UUID";
const METHOD: &str = "is not a registered method, but similar to one";
const UPDATE: &str = "is a WebDAV versioning method (RFC 3253), but no other WebDAV method is listed. To update a resource, pages use `PUT` or `PATCH`";
const HEADER: &str = "is not a well-known header, but similar to one";

#[test]
fn an_origin_that_no_page_has_is_told() {
    let cases = [
        ("htps://app.example.com", SCHEME, Some("https://app.example.com")),
        ("htpps://*.example.com:*", SCHEME, Some("https://*.example.com:*")),
        ("httpss://app.example.com:8443", SCHEME, Some("https://app.example.com:8443")),
        ("htp://localhost:3000", SCHEME, Some("http://localhost:3000")),
        // The intended origin has its default port.
        ("htps://app.example.com:443", SCHEME, None),
        ("capaciter://localhost", SCHEME, Some("capacitor://localhost")),
        ("http://local_host", LOCALHOST, Some("http://localhost")),
        ("https://locahost:3000", LOCALHOST, Some("https://localhost:3000")),
        ("http://localhsot:*", LOCALHOST, Some("http://localhost:*")),
        ("http://frontend:3000", NO_DOT, None),
        ("http://web", NO_DOT, None),
        ("http://0.0.0.0:3000", UNSPECIFIED, Some("http://localhost:3000")),
        ("http://[::]:*", UNSPECIFIED, Some("http://localhost:*")),
        ("chrome-extension://abc", EXTENSION, None),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnoq", EXTENSION, None),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnopa", EXTENSION, None),
        ("moz-extension://abcdefghijklmnopabcdefghijklmnop", EXTENSION, None),
        ("moz-extension://*.example.com", EXTENSION, None),
        ("safari-web-extension://com.example.app", EXTENSION, None),
    ];
    assert_cases("allow_origins", &cases, |origin| origins([origin]));
}

#[test]
fn what_is_suggested_is_what_the_policy_accepts() {
    let credentialed = |origin| warnings(origins([origin]).allow_credentials(true));
    // With credentials, `http` would be refused.
    let expected =
        format!("allow_origins: `htp://app.example.com` {SCHEME}; did you mean `https://app.example.com`?");
    assert_eq!(credentialed("htp://app.example.com"), [expected]);
    let switched_on =
        origins(["htp://app.example.com"]).allow_credentials(true).dangerously_allow_insecure_origins(true);
    let expected =
        format!("allow_origins: `htp://app.example.com` {SCHEME}; did you mean `http://app.example.com`?");
    // The suggestion needs the switch.
    assert_eq!(warnings(switched_on), [expected]);
}

#[test]
fn a_method_that_no_page_uses_is_told() {
    let cases = [
        ("DELTE", METHOD, Some("DELETE")),
        ("DELETEE", METHOD, Some("DELETE")),
        ("PACTH", METHOD, Some("PATCH")),
        ("pacth", METHOD, Some("PATCH")),
        ("OPTION", METHOD, Some("OPTIONS")),
        ("PROPFND", METHOD, Some("PROPFIND")),
        ("propfind", METHOD, Some("PROPFIND")),
        ("UPDATE", UPDATE, None),
        ("Update", UPDATE, None),
    ];
    assert_cases("allow_methods", &cases, |method| allow_app().allow_methods([method]));
}

#[test]
fn a_header_that_is_one_slip_away_from_a_known_one_is_told() {
    let cases = [
        ("authorisation", HEADER, Some("authorization")),
        ("Authorisation", HEADER, Some("authorization")),
        ("contenttype", HEADER, Some("content-type")),
        ("content_type", HEADER, Some("content-type")),
        ("Conetnt-Type", HEADER, Some("content-type")),
        ("idempotencykey", HEADER, Some("idempotency-key")),
    ];
    assert_cases("allow_headers", &cases, |header| allow_app().allow_headers([header]));
    assert_cases("vary_by", &cases, |header| allow_app().vary_by([header]));
    let cases =
        [("content-lenght", HEADER, Some("content-length")), ("retryafter", HEADER, Some("retry-after"))];
    assert_cases("expose_headers", &cases, |header| allow_app().expose_headers([header]));
    // Browsers set it themselves, so a similar name has another purpose.
    assert!(warnings(allow_app().allow_headers(["content-lenght"])).is_empty());
}

/// An entry and the wider one that covers it.
fn covered(field: &str, value: &str, by: &str) -> String {
    format!("{field}: `{value}` has no effect, because `{by}` covers it. Remove it, or the wider entry")
}

#[test]
fn an_origin_that_another_rule_covers_is_told() {
    let pairs = [
        ("https://a.example.com", "https://*.example.com"),
        ("https://a.b.example.com", "https://*.example.com"),
        ("https://a.example.com.", "https://*.example.com."),
        ("https://a.example.com:8443", "https://*.example.com:8443"),
        ("https://a.example.com:8443", "https://*.example.com:*"),
        ("https://a.example.com:*", "https://*.example.com:*"),
        ("https://*.b.example.com", "https://*.example.com"),
        ("https://*.b.example.com:8443", "https://*.example.com:*"),
        ("https://*.example.com", "https://*.example.com:*"),
        ("http://localhost:3000", "http://localhost:*"),
        ("http://localhost", "http://localhost:*"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:*"),
        ("http://[::1]:3000", "http://[::1]:*"),
        ("chrome-extension://abcdefghijklmnopabcdefghijklmnop", "chrome-extension://*"),
        ("https://app.example.com", "*"),
        ("https://*.example.com", "*"),
    ];
    assert_rows(pairs.into_iter().flat_map(|(narrow, wide)| {
        let expected = vec![covered("allow_origins", narrow, wide)];
        // In either order.
        [[narrow, wide], [wide, narrow]]
            .map(|both| (format!("{both:?}"), warnings(origins(both)), expected.clone()))
    }));
}

#[test]
fn an_origin_that_no_other_rule_covers_is_not() {
    let pairs = [
        ("https://example.com", "https://*.example.com"),
        ("https://a.example.com", "https://*.example.com."),
        ("https://a.example.com:8443", "https://*.example.com"),
        ("https://a.example.com:*", "https://*.example.com"),
        ("https://*.example.com:*", "https://*.example.com"),
        ("http://a.example.com", "https://*.example.com"),
        ("https://*.example.com", "https://*.b.example.com:*"),
        ("https://aexample.com", "https://*.example.com"),
        ("https://localhost:3000", "http://localhost:*"),
        ("http://app.localhost:3000", "http://localhost:*"),
    ];
    let rows = pairs.into_iter().filter(|(narrow, wide)| narrow != wide);
    let narrow_only = |(narrow, wide): (&str, &str)| {
        let told = warnings(origins([narrow, wide]));
        let about_narrow =
            told.into_iter().filter(|told| told.starts_with(&format!("allow_origins: `{narrow}`")));
        (format!("{narrow} beside {wide}"), about_narrow.collect::<Vec<_>>(), Vec::<String>::new())
    };
    assert_rows(rows.map(narrow_only));
}

#[test]
fn a_method_or_header_that_another_entry_covers_is_told() {
    let headers = |list: &[&'static str]| allow_app().allow_headers(list.to_vec());
    let rows = [
        (
            "methods beside any",
            allow_app().allow_methods(["*", "PUT", "custom"]),
            vec![covered("allow_methods", "PUT", "*"), covered("allow_methods", "custom", "*")],
        ),
        ("a header beside any", headers(&["X-A", "*"]), vec![covered("allow_headers", "X-A", "*")]),
        ("a prefix beside any", headers(&["x-*", "*"]), vec![covered("allow_headers", "x-*", "*")]),
        ("authorization beside any", headers(&["*", "Authorization"]), vec![]),
        ("a header under a prefix", headers(&["X-A", "x-*"]), vec![covered("allow_headers", "X-A", "x-*")]),
        (
            "a prefix under a prefix",
            headers(&["x-*", "x-a-*"]),
            vec![covered("allow_headers", "x-a-*", "x-*")],
        ),
        ("authorization under a prefix", headers(&["auth*", "authorization"]), vec![]),
        ("the prefix of another word", headers(&["x-*", "y-a", "x"]), vec![]),
        (
            "exposed beside any",
            allow_app().expose_headers(["etag", "Authorization", "*"]),
            vec![covered("expose_headers", "etag", "*"), covered("expose_headers", "Authorization", "*")],
        ),
    ];
    assert_rows(rows.map(|(case, policy, expected)| (case, warnings(policy), expected)));
}

#[test]
fn the_same_entry_twice_is_told() {
    let twice =
        |field: &str, value: &str| vec![format!("{field}: `{value}` is listed more than once. List it once")];
    let wildcard = "https://*.example.com";
    let rows = [
        ("an origin", origins([APP, "https://b.example.com", APP]), twice("allow_origins", APP)),
        ("a wildcard", origins([wildcard, wildcard]), twice("allow_origins", wildcard)),
        ("a method", allow_app().allow_methods(["PUT", "PUT"]), twice("allow_methods", "PUT")),
        ("two methods", allow_app().allow_methods(["PUT", "put-it"]), vec![]),
        ("a header in any case", allow_app().allow_headers(["x-a", "X-A"]), twice("allow_headers", "X-A")),
        ("a prefix", allow_app().allow_headers(["x-*", "x-*"]), twice("allow_headers", "x-*")),
        ("an exposed header", allow_app().expose_headers(["ETag", "etag"]), twice("expose_headers", "etag")),
        ("a varying header", allow_app().vary_by(["x-a", "x-a"]), twice("vary_by", "x-a")),
    ];
    assert_rows(rows.map(|(case, policy, expected)| (case, warnings(policy), expected)));
}

#[test]
fn a_setting_without_effect_is_told() {
    let idle =
        |switch: &str| vec![format!("{switch}: has no effect: nothing in the policy needs it. Turn it off")];
    let (insecure, suffixes, null) = (
        idle("dangerously_allow_insecure_origins"),
        idle("dangerously_allow_public_suffixes"),
        idle("dangerously_allow_null_origin"),
    );
    let any = || CorsPolicy::builder().allow_any_origin();
    let credentialed = |origin| origins([origin]).allow_credentials(true);
    let rows = [
        ("https only", credentialed(APP).dangerously_allow_insecure_origins(true), insecure.clone()),
        ("this machine", credentialed("http://localhost").dangerously_allow_insecure_origins(true), insecure.clone()),
        ("no credentials", origins(["http://a.example"]).dangerously_allow_insecure_origins(true), insecure),
        ("needed", credentialed("http://a.example").dangerously_allow_insecure_origins(true), vec![]),
        // The danger was accepted with the switch.
        ("a container", credentialed("http://frontend:3000").dangerously_allow_insecure_origins(true), vec![]),
        ("a domain", credentialed("https://*.example.com").dangerously_allow_public_suffixes(true), suffixes.clone()),
        ("no wildcard", origins(["https://*.com"]).dangerously_allow_public_suffixes(true), suffixes),
        ("a suffix", credentialed("https://*.com").dangerously_allow_public_suffixes(true), vec![]),
        ("an extension", credentialed("moz-extension://*").dangerously_allow_public_suffixes(true), vec![]),
        ("null beside any", any().dangerously_allow_null_origin(true), null),
        ("null beside a name", allow_app().dangerously_allow_null_origin(true), vec![]),
        (
            "a predicate beside any",
            any().allow_origin_if(|_, _| true),
            vec![
                "allow_origin_if: has no effect, because `*` allows any origin. Remove the predicates, or remove `*`"
                    .to_owned(),
            ],
        ),
        (
            "a max-age in another unit",
            allow_app().max_age(Duration::from_millis(600)),
            vec!["max_age: 600ms is less than a second, so browsers are told `0`: do not cache. Use whole seconds".to_owned()],
        ),
        ("no caching", allow_app().max_age(Duration::ZERO), vec![]),
        ("a fraction", allow_app().max_age(Duration::from_millis(1_600)), vec![]),
    ];
    assert_rows(rows.map(|(case, policy, expected)| (case, warnings(policy), expected)));
}

#[test]
fn warnings_come_in_the_order_of_the_fields() {
    let policy = built(
        origins(["htps://a.example", APP, APP])
            .allow_methods(["UPDATE"])
            .allow_headers(["contenttype"])
            .expose_headers(["etag", "etag"])
            .max_age(Duration::from_millis(1))
            .vary_by(["x-a", "x-a"])
            .served_at(["http://0.0.0.0:3000", "http://0.0.0.0:3000"])
            .dangerously_allow_insecure_origins(true),
    );
    let fields: Vec<_> = policy.warnings().map(|warning| (warning.field(), warning.kind())).collect();
    let expected = [
        ("allow_origins", "duplicate"),
        ("allow_origins", "scheme-typo"),
        ("allow_methods", "update-method"),
        ("allow_headers", "header-typo"),
        ("expose_headers", "duplicate"),
        ("max_age", "max-age-below-second"),
        ("vary_by", "duplicate"),
        ("served_at", "duplicate"),
        ("served_at", "unspecified-address"),
        ("served_at", "rejects-no-host"),
        ("dangerously_allow_insecure_origins", "switch-without-effect"),
    ];
    assert_eq!(fields, expected);
}

#[test]
fn an_own_origin_that_is_hardly_one_is_told() {
    let rejecting = || allow_app().reject_disallowed_origins(true);
    let covered = "has no effect, because `https://*.example.com` covers it. Remove it, or the wider entry";
    let cases = [
        ("http://locahost:3000", LOCALHOST, Some("http://localhost:3000")),
        ("http://0.0.0.0:3000", UNSPECIFIED, Some("http://localhost:3000")),
        ("https://[::]:*", UNSPECIFIED, Some("https://localhost:*")),
        ("https://api.example.com", covered, None),
    ];
    assert_cases("served_at", &cases, |own| {
        let wider = (own == "https://api.example.com").then_some("https://*.example.com");
        rejecting().served_at([own]).served_at(wider)
    });
    // Names that are fine for a service, but not for a page.
    let own = [
        "http://frontend:3000",
        "http://192.168.1.5",
        "http://api.example.com",
        "http://host.docker.internal",
    ];
    assert_eq!(warnings(rejecting().served_at(own)), [""; 0]);
}

#[test]
fn own_origins_without_rejection_are_told() {
    let expected = "served_at: does not block any request: it only decides which requests count as same-origin. To stop DNS rebinding, \
                    turn on `reject_disallowed_origins`";
    assert_eq!(warnings(allow_app().served_at(["https://api.example.com"])), [expected]);
}

#[test]
fn the_switch_for_public_suffixes_is_needed_by_own_origins() {
    let own = |pattern| {
        allow_app()
            .reject_disallowed_origins(true)
            .served_at([pattern])
            .dangerously_allow_public_suffixes(true)
    };
    assert_eq!(kinds(&built(own("https://*.com"))), [""; 0]);
    assert_eq!(kinds(&built(own("https://*.example.com"))), ["switch-without-effect"]);
    #[cfg(feature = "public-suffix")]
    assert_eq!(kinds(&built(own("https://*.amazonaws.com"))), [""; 0]);
}

#[test]
fn a_warning_is_data_too() {
    let policy = built(origins(["htps://app.example.com"]));
    let told: Vec<Warning> = policy.warnings().collect();
    let [warning] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(warning.field(), "allow_origins");
    assert_eq!(warning.value(), Some("htps://app.example.com"));
    assert_eq!(warning.suggestion(), Some(APP));
    assert_eq!(warning.kind(), "scheme-typo");
}

/// `to_builder` drops settings without effect: they are not part of a policy.
#[test]
fn a_policy_is_the_same_with_and_without_what_has_no_effect() {
    let with = built(origins(["*", APP]).allow_headers(["x-*", "x-a-*"]));
    let without = with.to_builder().build().expect("the same");
    assert_eq!(with, without);
    assert_eq!((kinds(&with), kinds(&without)), (vec!["covered", "covered"], vec![]));
}
