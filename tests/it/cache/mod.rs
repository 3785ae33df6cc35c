//! A cache in front of the layer, by RFC 9111, section 4.1, and one that also keeps answers to `OPTIONS`. Two requests that differ
//! only in headers that are not in `Vary` must get the same response, wherever the policy comes from.

pub(crate) mod oracle;

use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsLayer, CorsPolicy};

use self::oracle::{SOURCES, TENANT, another_request, reading};
use crate::properties::{policy, request};
use crate::support::App;

/// A policy, and one with a predicate that reads the headers of `vary_by`.
fn policies() -> impl Strategy<Value = Vec<CorsPolicy>> {
    let names = || vec![TENANT, HeaderName::from_static("accept")];
    let reading = policy()
        .prop_filter_map("a policy for it", move |policy| reading(policy.to_builder(), names()).build().ok());
    vec(prop_oneof![policy(), reading], 1..4)
}

/// Other lines for a header of the request: none, one or two.
fn change() -> impl Strategy<Value = (HeaderName, Vec<HeaderValue>)> {
    let names = [
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "sec-fetch-site",
        "sec-fetch-mode",
        "x-tenant",
        "accept",
        "cookie",
        "authorization",
    ];
    let values = [
        "https://a.example",
        "https://x.a.example",
        "https://b.example",
        "null",
        "PUT",
        "GET",
        "x-a",
        "same-origin",
        "cross-site",
        "*",
        "a",
        "ab",
    ];
    let (names, values) = (names.map(HeaderName::from_static), values.map(HeaderValue::from_static));
    (select(names.to_vec()), vec(select(values.to_vec()), 0..3))
}

type Answer = (StatusCode, HeaderMap, String, usize);

#[tokio::main(flavor = "current_thread")]
async fn answer(
    layer: &CorsLayer,
    service: &[(&'static str, &'static str)],
    request: Request<String>,
) -> Answer {
    let app = App::behind(layer, service);
    let response = app.send(request).await;
    let (head, body) = response.into_parts();
    (head.status, head.headers, body, app.runs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn requests_that_differ_in_what_the_response_does_not_vary_by_have_the_same_response(
        source in select(&SOURCES[..]),
        policies in policies(),
        request in request(),
        service in select(vec![&[][..], &[("vary", "Accept"), ("access-control-allow-origin", "*")]]),
        host in select(vec!["a.example", "b.example"]),
        changes in vec(change(), 1..4),
    ) {
        let layer = source.layer(policies);
        let mut request = request.map(|()| String::new());
        request.headers_mut().insert("host", HeaderValue::from_static(host));
        let kept = answer(&layer, service, request.clone());
        let another = another_request(&request, &kept.1, changes);
        prop_assert_eq!(answer(&layer, service, another), kept);
    }
}
