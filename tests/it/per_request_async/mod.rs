//! `per_request_async`: the policy is looked up while the service runs. The decisions, and what page and service see.

mod beside;
mod failures;

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use http::{HeaderValue, Request, Response};
use proptest::prelude::*;
use proptest::sample::select;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial, RequestHead};

use crate::support::{
    APP, App, OWN_CORS, PREFLIGHT_VARY, SAFELISTED_METHODS, STRANGER, VARY, allow_app, assert_headers,
    assert_headers_of, assert_refused, built, header_not_allowed, preflight, preflight_from, request,
};

const ALLOWED: (&str, &str) = ("access-control-allow-origin", APP);

/// A look-up that is ready this many polls after the first.
async fn after(polls: usize, policy: Option<CorsPolicy>) -> Option<CorsPolicy> {
    for _ in 0..polls {
        yield_now().await;
    }
    policy
}

/// Looks up this policy, and finds it this many polls after the first.
fn found_after(polls: usize, policy: impl Into<Option<CorsPolicy>>) -> CorsLayer {
    let policy = policy.into();
    CorsLayer::per_request_async(move |_| after(polls, policy.clone()))
}

/// A look-up that counts polls, without a runtime.
fn found_after_calls(polls: usize, policy: CorsPolicy) -> CorsLayer {
    CorsLayer::per_request_async(move |_| {
        let (mut left, policy) = (polls, policy.clone());
        std::future::poll_fn(move |_| {
            if left == 0 {
                return Poll::Ready(Some(policy.clone()));
            }
            left -= 1;
            Poll::Pending
        })
    })
}

type Heard = Arc<Mutex<Vec<Denial>>>;

fn listening(layer: CorsLayer) -> (CorsLayer, Heard) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    (layer.on_denial(move |denial, _| hook.lock().expect("no panic").push(*denial)), heard)
}

/// A value that an `Fn` can take once.
type Once<T> = Mutex<Option<T>>;

fn signal() -> (Once<oneshot::Sender<()>>, Once<oneshot::Receiver<()>>) {
    let (sender, receiver) = oneshot::channel();
    (Mutex::new(Some(sender)), Mutex::new(Some(receiver)))
}

fn take<T>(slot: &Once<T>) -> T {
    slot.lock().expect("no panic").take().expect("taken once")
}

fn answer() -> Response<String> {
    let mut response = Response::new("served".to_owned());
    for (name, value) in OWN_CORS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[tokio::test]
async fn a_preflight_waits_for_the_look_up_alone() {
    for polls in [0, 1, 5] {
        let app = App::behind(&found_after(polls, built(allow_app().allow_methods(["PUT"]))), &OWN_CORS);
        let response = app.send_unserved(preflight("PUT", &[])).await;
        assert_eq!(response.status(), 204);
        assert_headers(&response, &[ALLOWED, ("access-control-allow-methods", "PUT"), PREFLIGHT_VARY]);
        assert_refused(&app.send_unserved(preflight_from(STRANGER, "PUT")).await, "a stranger");

        let app = App::behind(&found_after(polls, None), &OWN_CORS);
        assert_refused(&app.send_unserved(preflight("PUT", &[])).await, "no policy");
    }
}

/// The visible parts of a request: its method, URI, headers and an extension.
type Seen = (http::Method, http::Uri, http::HeaderMap, Option<u8>);

fn seen_of(head: RequestHead<'_>) -> Seen {
    let number = head.extensions().get::<u8>().copied();
    (head.method().clone(), head.uri().clone(), head.headers().clone(), number)
}

#[tokio::test]
async fn look_up_service_and_hook_see_the_whole_request() {
    for polls in [0, 1] {
        let seen = Arc::new(Mutex::new(Vec::<(&str, Seen)>::new()));
        let (by_look_up, by_service, by_hook) = (Arc::clone(&seen), Arc::clone(&seen), Arc::clone(&seen));
        let layer = CorsLayer::per_request_async(move |head| {
            by_look_up.lock().expect("no panic").push(("look-up", seen_of(head)));
            after(polls, allow_app().build().ok())
        })
        .on_denial(move |_, head| {
            by_hook.lock().expect("no panic").push(("hook", seen_of(head)));
        });
        let service = service_fn(move |request: Request<String>| {
            assert_eq!(request.version(), http::Version::HTTP_2);
            by_service.lock().expect("no panic").push(("service", seen_of(RequestHead::from(&request))));
            ready(Ok::<_, Infallible>(Response::new(request.into_body())))
        });
        let headers = [("origin", STRANGER), ("x-a", "1"), ("x-a", "2")];
        let (mut head, _) = request("PATCH", &headers).into_parts();
        head.uri = "/v1/items?a=b".parse().expect("a URI");
        head.version = http::Version::HTTP_2;
        head.extensions.insert(7_u8);
        let expected = seen_of(RequestHead::from(&head));
        assert_eq!((expected.2.len(), expected.3), (3, Some(7)));
        let Ok(response) = layer.layer(service).oneshot(Request::from_parts(head, "body".to_owned())).await;
        assert_eq!(response.body(), "body");

        let mut seen = std::mem::take(&mut *seen.lock().expect("no panic"));
        seen.sort_by_key(|(who, _)| *who);
        assert_eq!(seen, ["hook", "look-up", "service"].map(|who| (who, expected.clone())), "{polls} polls");
    }
}

fn rejecting() -> CorsPolicy {
    built(allow_app().reject_disallowed_origins(true))
}

#[tokio::test]
async fn no_policy_grants_nothing() {
    for polls in [0, 1, 4] {
        let layer = found_after(polls, None).vary_by(["x-tenant"]).expect("a name");
        let (layer, heard) = listening(layer);
        let app = App::behind(&layer, &OWN_CORS);
        let cases: [(&[(&str, &str)], usize); 6] = [
            (&[("origin", APP)], 1),
            (&[("origin", "null")], 1),
            (&[("origin", "")], 1),
            (&[("origin", APP); 2], 1),
            (&[("origin", "https://api.example.com"), ("host", "api.example.com")], 0),
            (&[], 0),
        ];
        for (headers, denials) in cases {
            let response = app.send_served(request("POST", headers)).await;
            let case = format!("{headers:?} after {polls}");
            assert_headers_of(&response, &[VARY, ("vary", "X-Tenant"), ("x-own", "1")], &case);
            let heard = std::mem::take(&mut *heard.lock().expect("no panic"));
            assert_eq!(heard, vec![Denial::NoPolicy; denials], "{case}");
        }
        let response = app.send_unserved(preflight("GET", &[])).await;
        assert_eq!(response.status(), 403);
        assert_headers(&response, &[PREFLIGHT_VARY, ("vary", "X-Tenant")]);
        assert_eq!(*heard.lock().expect("no panic"), [Denial::NoPolicy]);
    }
}

#[tokio::test]
async fn any_origin_that_was_looked_up_varies_by_the_origin() {
    let anyone = ("access-control-allow-origin", "*");
    for polls in [0, 1] {
        let policy = built(CorsPolicy::builder().allow_any_origin().vary_by(["x-tenant"]));
        let app = App::behind(&found_after(polls, policy), &[]);
        let response = app.send_served(request::<&str>("GET", &[])).await;
        assert_headers(&response, &[anyone, ("vary", "Origin, X-Tenant")]);
        let response = app.send_unserved(preflight("GET", &[])).await;
        let vary = format!("{}, X-Tenant", PREFLIGHT_VARY.1);
        assert_headers(&response, &[anyone, SAFELISTED_METHODS, ("vary", &vary)]);
    }
}

#[tokio::test]
async fn the_hook_is_called_once_with_each_denial() {
    for polls in [0, 1, 4] {
        let (layer, heard) = listening(found_after(polls, built(allow_app())));
        let app = App::behind(&layer, &[]);
        let cases = [
            (request("GET", &[("origin", APP)]), None),
            (request("GET", &[("origin", STRANGER)]), Some(Denial::OriginNotAllowed)),
            (request("GET", &[("origin", "null")]), Some(Denial::NullOrigin)),
            (preflight("GET", &[]), None),
            (preflight("PUT", &[]), Some(Denial::MethodNotAllowed)),
            (preflight("GET", &["x-a"]), Some(header_not_allowed(0))),
        ];
        for (request, expected) in cases {
            app.send(request).await;
            let heard = std::mem::take(&mut *heard.lock().expect("no panic"));
            assert_eq!(heard, Vec::from_iter(expected), "{polls} polls");
        }
    }
}

#[tokio::test]
async fn a_function_makes_the_bodies_of_the_layers_own_answers() {
    for (polls, policy, status) in [(1, Some(rejecting()), 204), (1, None, 403), (0, Some(rejecting()), 204)]
    {
        let layer = found_after(polls, policy).empty_body(|| Box::<str>::from("made"));
        let mut service = layer.layer(service_fn(|_: Request<String>| {
            ready(Ok::<_, Infallible>(Response::new(Box::<str>::from("served"))))
        }));
        let Ok(response) = service.call(preflight("GET", &[])).await;
        assert_eq!((response.status().as_u16(), &**response.body()), (status, "made"));
    }
}

fn policies() -> [Option<CorsPolicy>; 6] {
    let any = CorsPolicy::builder().allow_any_origin();
    [
        None,
        Some(built(allow_app().allow_credentials(true).expose_all_headers())),
        Some(built(allow_app().vary_by(["x-tenant"]).allow_methods(["PUT"]))),
        Some(built(any.clone().expose_headers(["x-own"]))),
        Some(built(any.vary_by(["x-tenant"]))),
        Some(rejecting()),
    ]
}

proptest! {
    /// Compares the concurrent look-up with a simple function: whatever the look-up and the service wait for, the answer
    /// is the same as without waiting.
    #[test]
    fn a_look_up_that_waits_decides_as_one_that_does_not(
        policy in select(policies().to_vec()),
        method in select(vec!["GET", "POST", "OPTIONS"]),
        origins in proptest::collection::vec(select(vec![APP, STRANGER, "null", ""]), 0..3),
        requested in proptest::option::of(select(vec!["PUT", "DELETE"])),
        (look_up_polls, service_polls) in (0_usize..4, 0_usize..4),
    ) {
        let mut headers: Vec<_> = origins.into_iter().map(|origin| ("origin", origin)).collect();
        headers.extend(requested.map(|method| ("access-control-request-method", method)));
        let service = service_fn(move |_: Request<String>| async move {
            after(service_polls, None).await;
            Ok::<_, Infallible>(answer())
        });
        let at_once = policy.clone();
        let (naive, naive_heard) = listening(CorsLayer::per_request(move |_| at_once.clone()));
        let (layer, heard) = listening(found_after(look_up_polls, policy));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let send = |layer: &CorsLayer| {
            let Ok(response) = runtime.block_on(layer.layer(service).oneshot(request(method, &headers)));
            (response.status(), response.headers().clone(), response.into_body())
        };
        prop_assert_eq!(send(&layer), send(&naive));
        prop_assert_eq!(&*heard.lock().expect("no panic"), &*naive_heard.lock().expect("no panic"));
    }
}
