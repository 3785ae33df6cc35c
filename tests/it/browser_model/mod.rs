//! Compares the model of a browser with the layer: a page is blocked if and only if the layer reports a denial, and the remedies of
//! its explanation let the page through.

pub(crate) mod oracle;

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tower_cors::CorsPolicy;
use tower_cors::browser::Credentials;

use self::oracle::{HOME, Page, assert_blocked_where_denied};
use crate::support::OWN_CORS;

/// Rules that the pages below match, or nearly match.
const RULES: [&str; 7] = [
    "https://*.example.com",
    "http://localhost:*",
    "http://api.example.com",
    "capacitor://localhost",
    "capacitor://MyApp",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "*",
];

const PAGES: [&str; 16] = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://x.example.com",
    "https://api.example.com",
    "http://api.example.com",
    "https://stranger.example",
    "https://appexample.com",
    "http://localhost",
    "http://localhost:4000",
    "http://127.0.0.1:4000",
    "capacitor://localhost",
    "capacitor://MyApp",
    "capacitor://myapp",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "null",
];

const SERVERS: [&str; 5] = [
    "https://api.example.com",
    "http://api.example.com",
    "http://localhost",
    "http://localhost:4000",
    "https://app.example.com:8443",
];

fn policy() -> impl Strategy<Value = CorsPolicy> {
    let lists = (
        subsequence(&RULES[..], 0..4),
        subsequence(vec!["PUT", "PATCH", "Custom", "*"], 0..3),
        subsequence(vec!["authorization", "content-type", "x-request-id", "x-p-*", "*"], 0..4),
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    (lists, switches).prop_filter_map(
        "a policy",
        |((origins, methods, headers), (credentials, null, reject))| {
            CorsPolicy::builder()
                .allow_origin(HOME)
                .allow_origins(origins)
                .allow_methods(methods)
                .allow_headers(headers)
                .allow_credentials(credentials)
                .dangerously_allow_null_origin(null)
                .dangerously_allow_insecure_origins(true)
                .reject_disallowed_origins(reject)
                .build()
                .ok()
        },
    )
}

fn page() -> impl Strategy<Value = Page> {
    let methods = select(vec![
        "GET", "POST", "OPTIONS", "PUT", "PATCH", "patch", "PATCHES", "Custom", "CUSTOM", "PROPFIND",
    ]);
    let names = ["authorization", "content-type", "accept", "x-request-id", "x-requestid", "x-p-1", "x-b"];
    let headers = names.map(|name| (HeaderName::from_static(name), HeaderValue::from_static("1")));
    let headers = subsequence(headers.to_vec(), 0..4);
    let credentials = select(vec![Credentials::SameOrigin, Credentials::Omit, Credentials::Include]);
    // CORS headers of the service itself let no page through.
    let own_cors =
        OWN_CORS.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    let responses = prop_oneof![Just(HeaderMap::new()), Just(HeaderMap::from_iter(own_cors))];
    let pages = (select(&PAGES[..]), select(&SERVERS[..]), methods, headers, credentials, responses)
        .prop_map(|(at, server, method, headers, credentials, response)| Page {
            at: at.to_owned(),
            server: server.to_owned(),
            method: method.parse().expect("a method"),
            headers,
            credentials,
            response,
        });
    pages.prop_filter("not mixed content", |page| !page.is_mixed_content())
}

#[tokio::main(flavor = "current_thread")]
async fn assert_holds(policies: Vec<CorsPolicy>, page: Page) {
    assert_blocked_where_denied(policies, page).await.expect("a request that browsers make");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_page_is_blocked_exactly_where_there_is_a_denial_and_its_remedy_helps(
        policies in prop_oneof![3 => vec(policy(), 1), 1 => vec(policy(), 2..4)],
        page in page(),
    ) {
        assert_holds(policies, page);
    }
}
