//! A cache in front of the layer, as RFC 9111, section 4.1 has it, and one that keeps answers to `OPTIONS` too: requests that differ
//! only in what a response does not vary by have the same response, wherever the policy comes from.

use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tower_cors::{CorsLayer, CorsPolicy, RequestHead};

use crate::properties::{policy, request};
use crate::support::App;

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

#[derive(Clone, Copy, Debug)]
enum Source {
    Fixed,
    Reloadable,
    FirstMatch,
    PerRequest,
    /// The policy is found at once, or after the service has answered.
    PerRequestAsync {
        is_late: bool,
    },
}

impl Source {
    fn layer(self, policies: Vec<CorsPolicy>) -> CorsLayer {
        let first = policies[0].clone();
        match self {
            Self::Fixed => CorsLayer::from(first),
            Self::Reloadable => CorsLayer::reloadable(first).0,
            Self::FirstMatch => CorsLayer::first_match(policies),
            Self::PerRequest => CorsLayer::per_request(move |request| by_tenant(&policies, request))
                .vary_by([TENANT])
                .expect("a name"),
            Self::PerRequestAsync { is_late } => {
                let layer = CorsLayer::per_request_async(move |request| {
                    let policy = by_tenant(&policies, request);
                    async move {
                        if is_late {
                            tokio::task::yield_now().await;
                        }
                        policy
                    }
                });
                layer.vary_by([TENANT]).expect("a name")
            }
        }
    }
}

/// The policy that a tenant has, if it has one.
fn by_tenant(policies: &[CorsPolicy], request: RequestHead<'_>) -> Option<CorsPolicy> {
    let tenant = request.headers().get(TENANT).map_or(0, HeaderValue::len);
    policies.get(tenant).cloned()
}

/// A policy, and one whose predicate reads what it varies by.
fn policies() -> impl Strategy<Value = Vec<CorsPolicy>> {
    let reading = policy().prop_filter_map("a policy for it", |policy| {
        let policy = policy.to_builder().vary_by([TENANT, HeaderName::from_static("accept")]);
        let policy = policy.allow_origin_if(|_, request| {
            [TENANT.as_str(), "accept"].iter().any(|name| request.headers().contains_key(*name))
        });
        policy.build().ok()
    });
    vec(prop_oneof![policy(), reading], 1..4)
}

/// Other lines for a header of the request: none, one or two.
fn change() -> impl Strategy<Value = (&'static str, Vec<&'static str>)> {
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
    (select(names.to_vec()), vec(select(values.to_vec()), 0..3))
}

fn varying(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all("vary").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
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
        source in select(vec![
            Source::Fixed,
            Source::Reloadable,
            Source::FirstMatch,
            Source::PerRequest,
            Source::PerRequestAsync { is_late: false },
            Source::PerRequestAsync { is_late: true },
        ]),
        policies in policies(),
        request in request(),
        service in select(vec![&[][..], &[("vary", "Accept"), ("access-control-allow-origin", "*")]]),
        host in select(vec!["a.example", "b.example"]),
        changes in vec(change(), 1..4),
    ) {
        let layer = source.layer(policies);
        let mut request = request.map(|()| String::new());
        // The host is in a cache's key.
        request.headers_mut().insert("host", HeaderValue::from_static(host));
        let kept = answer(&layer, service, request.clone());
        let names = varying(&kept.1);
        for (name, lines) in changes {
            if !names.iter().any(|varying| varying == name) {
                request.headers_mut().remove(name);
                for line in lines {
                    request.headers_mut().append(name, HeaderValue::from_static(line));
                }
            }
        }
        prop_assert_eq!(answer(&layer, service, request), kept);
    }
}
