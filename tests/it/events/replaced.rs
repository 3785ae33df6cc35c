//! The event for a policy that is replaced: what the change opens and closes.

use serde_json::json;
use tower_cors::CorsLayer;
use tracing::Level;

use super::capture::{Capture, listen};
use crate::support::{STRANGER, allow_app, built};

#[test]
fn a_stored_policy_is_one_event_that_says_what_changes() {
    let (_layer, handle) = CorsLayer::reloadable(built(allow_app().allow_methods(["PATCH"])));
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    handle.store(built(allow_app().allow_origin(STRANGER)));
    handle.store(built(allow_app()));
    let told = |change: &str, widens| {
        let message = format!("replaced the policy: {change}");
        (Level::INFO, json!({ "kind": "policy-replaced", "widens": widens, "message": message }))
    };
    let expected =
        [told("+ https://stranger.example, - PATCH", true), told("- https://stranger.example", false)];
    assert_eq!(capture.take(), expected);
}

#[test]
fn a_policy_that_is_stored_again_is_no_event() {
    let (_layer, handle) = CorsLayer::reloadable(built(allow_app().allow_methods(["PATCH", "PUT"])));
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    handle.store(handle.load());
    handle.store(built(allow_app().allow_methods(["PUT", "PATCH"])));
    assert_eq!(capture.take(), []);
}
