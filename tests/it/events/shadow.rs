//! The events about a shadow.

use serde_json::{Value, json};
use tower_cors::{CorsLayer, CorsPolicy};
use tracing::Level;

use super::capture::{Capture, listen};
use super::get;
use crate::support::{APP, App, STRANGER, allow_app, built, preflight};

fn anyone() -> CorsLayer {
    CorsLayer::new(built(CorsPolicy::builder().allow_any_origin().allow_any_method().allow_any_header()))
}

/// An event about a shadow, with its level.
fn told(capture: &Capture) -> Vec<(Level, Value)> {
    let events = capture.take().into_iter();
    events
        .filter(|(_, event)| event["kind"].as_str().is_some_and(|kind| kind.starts_with("shadow-")))
        .collect()
}

#[tokio::test]
async fn each_difference_is_told_at_debug_and_a_new_one_at_warn() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = App::behind(&anyone().shadow(built(allow_app())), &[]);
    let refuses = "the shadow policy would refuse what is allowed";
    let debug = |message: &str, mut fields: Value, rule: &str, preflight: bool| {
        let more = json!({"message": format!("{refuses}: {message}"), "path": "/", "rule": rule, "preflight": preflight});
        fields.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        (Level::DEBUG, fields)
    };
    let warn = |message: &str, mut fields: Value, advice: &str| {
        let message =
            format!("{refuses}: {message}. If the page is yours, allow {advice} in the shadow policy");
        fields["message"] = message.into();
        fields["suppressed"] = 0.into();
        (Level::WARN, fields)
    };
    let (origin, method, header) = (
        "the policy does not allow the origin",
        "the policy does not allow the requested method",
        "the policy does not allow a requested header",
    );

    let fields = json!({"kind": "shadow-refuses", "denial": "origin-not-allowed", "origin": STRANGER, "method": "GET"});
    app.send(get(STRANGER)).await;
    let each = debug(origin, fields.clone(), "allow_origins", false);
    assert_eq!(told(&capture), [each.clone(), warn(origin, fields, "its origin")]);
    app.send(get(STRANGER)).await;
    assert_eq!(told(&capture), [each]);

    for name in ["PUT", "PATCH"] {
        let fields =
            json!({"kind": "shadow-refuses", "denial": "method-not-allowed", "origin": APP, "method": name});
        app.send(preflight(name, &[])).await;
        let each = debug(method, fields.clone(), "allow_methods", true);
        assert_eq!(told(&capture), [each.clone(), warn(method, fields, "the method")]);
        app.send(preflight(name, &[])).await;
        assert_eq!(told(&capture), [each]);
    }

    for name in ["x-a", "x-b"] {
        let mut fields = json!({"kind": "shadow-refuses", "denial": "header-not-allowed", "origin": APP});
        fields["header"] = name.into();
        // The method is not the cause.
        for (method, is_new) in [("GET", true), ("POST", false)] {
            fields["method"] = method.into();
            app.send(preflight(method, &[name])).await;
            let mut each = debug(header, fields.clone(), "allow_headers", true);
            each.1["headers"] = name.into();
            let mut expected = vec![each];
            expected.extend(is_new.then(|| warn(header, fields.clone(), "the header")));
            assert_eq!(told(&capture), expected);
        }
    }

    // No event if they agree.
    app.send(get(APP)).await;
    assert_eq!(told(&capture), []);
}

#[tokio::test]
async fn warnings_are_bounded_and_a_layer_without_a_shadow_gives_none() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = App::behind(&anyone().shadow(built(allow_app())), &[]);
    for index in 0..30 {
        app.send(get(&format!("https://s{index}.example"))).await;
    }
    let told = told(&capture);
    assert_eq!(told.iter().filter(|(level, _)| *level == Level::WARN).count(), 10);
    assert_eq!(told.iter().filter(|(level, _)| *level == Level::DEBUG).count(), 30);
    App::behind(&anyone(), &[]).send(get(STRANGER)).await;
    assert_eq!(capture.take_at(Level::WARN), [] as [Value; 0]);
}

#[tokio::test]
async fn what_comes_from_the_request_is_escaped_and_cut() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = App::behind(&anyone().shadow(built(allow_app().allow_any_method())), &[]);
    app.send(preflight("GET", &[&"x".repeat(999)])).await;
    let cut = format!("{}...", "x".repeat(80));
    for (_, event) in told(&capture) {
        assert_eq!(event["header"], cut.as_str());
    }
}

#[tokio::test]
async fn a_panic_of_a_shadow_is_told() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let shadow = allow_app().allow_origin_if(|_, _| panic!("a bug\nin it"));
    App::behind(&anyone().shadow(built(shadow)), &[]).send(get(STRANGER)).await;
    let message = "a predicate of the shadow policy or the function of `on_disagreement` panicked. The response is not affected. Fix the \
        function that panicked";
    let expected = json!({
        "message": message, "kind": "shadow-panicked", "panic": "a bug\\nin it", "method": "GET", "path": "/",
    });
    assert_eq!(told(&capture), [(Level::ERROR, expected)]);
}
