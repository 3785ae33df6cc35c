//! Events besides denials: a bug of a look-up, and a grant by the service itself that is overruled.

use serde_json::{Value, json};
use tower_cors::{CorsLayer, CorsPolicy};
use tracing::Level;

use super::capture::{Capture, listen};
use super::get;
use crate::support::{APP, App, STRANGER, allow_app, request};

/// Look-ups with a bug in each possible place.
fn broken() -> [CorsLayer; 6] {
    fn fail<T>() -> T {
        panic!("a bug\nof the look-up")
    }
    let other = || CorsPolicy::builder().allow_origin(STRANGER).build().expect("a policy");
    [
        CorsLayer::per_request(|_| fail()),
        CorsLayer::per_request_async(|_| std::future::ready(fail::<Option<CorsPolicy>>())),
        CorsLayer::per_request_async(|_| async { fail() }),
        CorsLayer::per_request_async(|_| async {
            tokio::task::yield_now().await;
            fail()
        }),
        CorsLayer::origin_lookup(other(), |_, _| std::future::ready(fail::<bool>())),
        CorsLayer::origin_lookup(other(), |_, _| async {
            tokio::task::yield_now().await;
            fail()
        }),
    ]
}

#[tokio::test]
async fn a_look_up_that_panics_is_an_error_and_a_denial_of_its_own() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let error = |path: &str| {
        let message = "a look-up panicked, so nothing is granted to this request. Fix the function of `per_request`, \
                       `per_request_async` or `origin_lookup`";
        let panic = "a bug\\nof the look-up";
        (
            Level::ERROR,
            json!({"message": message, "kind": "lookup-panicked", "panic": panic, "method": "GET", "path": path}),
        )
    };
    let denied = json!({
        "message": "denied: a look-up panicked, so nothing is granted",
        "kind": "lookup-panicked", "origin": APP, "method": "GET", "path": "/items", "preflight": false,
    });
    for layer in broken() {
        let app = App::behind(&layer, &[]);
        let mut cross_origin = get(APP);
        *cross_origin.uri_mut() = "/items?token=secret".parse().expect("a URI");
        app.send(cross_origin).await;
        // Not as a refused origin: the origin is not the cause.
        assert_eq!(capture.take(), [error("/items"), (Level::DEBUG, denied.clone())]);
        // Nothing is denied here, but the look-up still has its bug.
        app.send(request::<&str>("GET", &[])).await;
        let looks_up_origins = format!("{layer:?}").contains("OriginLookup");
        assert_eq!(capture.take(), if looks_up_origins { vec![] } else { vec![error("/")] });
    }
    // A value that is not text is not shown.
    let layer = CorsLayer::per_request(|_| std::panic::panic_any(7));
    App::behind(&layer, &[]).send(request::<&str>("GET", &[])).await;
    let events = capture.take_at(Level::ERROR);
    assert_eq!((events.len(), events[0].get("panic")), (1, None));
}

/// Probably the grant of another layer, which was meant to decide.
#[tokio::test]
async fn a_grant_of_the_service_s_own_that_the_policy_overrules_is_told() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let long = "x".repeat(999);
    let (long, cut): (&'static str, _) = (long.leak(), format!("{}...", "x".repeat(80)));
    let cases = [
        (STRANGER, APP, json!({ "replaced": STRANGER, "with": APP })),
        ("*", APP, json!({ "replaced": "*", "with": APP })),
        (APP, STRANGER, json!({ "replaced": APP })),
        (long, APP, json!({ "replaced": cut, "with": APP })),
    ];
    for (own, origin, fields) in cases {
        let layer = CorsLayer::new(allow_app().build().expect("a policy"));
        App::behind(&layer, &[("access-control-allow-origin", own)]).send(get(origin)).await;
        let told =
            capture.take_at(Level::DEBUG).into_iter().filter(|event| event["kind"] == "grant-replaced");
        let [mut event] = <[Value; 1]>::try_from(told.collect::<Vec<_>>()).expect("one event");
        let event = event.as_object_mut().expect("fields");
        event.remove("kind");
        let message = event.remove("message").expect("a message");
        assert!(message.as_str().expect("text").contains("`leave_to_inner`"), "{message}");
        assert_eq!(Value::Object(event.clone()), fields, "{own}");
    }
}

#[tokio::test]
async fn what_the_service_said_in_the_policy_s_words_or_said_nothing_of_is_not_told() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let layer = CorsLayer::new(allow_app().build().expect("a policy"));
    for own in [&[("access-control-allow-origin", APP)][..], &[("access-control-expose-headers", "x")], &[]] {
        App::behind(&layer, own).send(get(APP)).await;
    }
    assert_eq!(capture.take_at(Level::DEBUG), [] as [Value; 0]);
    // A response that is left to another layer is not inspected.
    let layer = layer.leave_to_inner(|_| true);
    App::behind(&layer, &[("access-control-allow-origin", "*")]).send(get(STRANGER)).await;
    assert_eq!(capture.take(), []);
}
