//! The buttons of remedies.

use serde_json::{Value, json};

use crate::playground::chromium::Browser;
use crate::playground::editor::TYPE;
use crate::playground::own::send;
use crate::playground::program::Origins;
use crate::{and_settle, shown};

const POLICY_TEXT: &str = "return document.querySelector('#policy').value";

/// The label of each button of a case's remedies.
async fn buttons(browser: &Browser, case: &str) -> Value {
    let labels =
        "return [...document.querySelectorAll(`#${arguments[0]} .apply`)].map((each) => each.ariaLabel)";
    browser.run(labels, case).await
}

const CLICK: &str = "document.querySelector(`#${arguments[0]} .apply`).click()";

pub(crate) async fn of_the_policy(browser: Browser, origins: Origins) {
    let Origins { page, stranger, .. } = &origins;
    let before = format!(
        "# whom we trust\nallow_origins = [\n  '{page}', # our page\n]\nallow_methods = 'PUT' # no more\n"
    );
    and_settle(&browser, TYPE, before.clone()).await;
    assert_eq!(buttons(&browser, "delete").await, json!(["Apply: add DELETE to allow_methods"]));

    // Each does what it says, and nothing else.
    let mut after = before.replace("'PUT' #", "\"PUT, DELETE\" #");
    and_settle(&browser, CLICK, "delete").await;
    assert_eq!(browser.run(POLICY_TEXT, Value::Null).await, after);
    assert_eq!(shown(&browser).await["delete"]["outcome"], "allowed");
    after.push_str("allow_headers = [\"x-trace-id\"]\n");
    and_settle(&browser, CLICK, "header").await;
    assert_eq!(browser.run(POLICY_TEXT, Value::Null).await, after);
    let label = format!("Apply: if this page is yours, add {stranger} to allow_origins");
    assert_eq!(buttons(&browser, "stranger").await, json!([label]));
    let before_stranger = after.clone();
    after = after.replace("# our page\n", &format!("# our page\n  \"{stranger}\",\n"));
    and_settle(&browser, CLICK, "stranger").await;
    assert_eq!(browser.run(POLICY_TEXT, Value::Null).await, after);
    assert_eq!(shown(&browser).await["stranger"]["outcome"], "allowed");

    // The button is gone, and the focus is still at its case.
    browser.wait_until("document.activeElement.matches('#stranger .run')").await;

    // Both the button and the browser's own key take a change back.
    and_settle(&browser, "document.querySelector('#undo').click()", Value::Null).await;
    assert_eq!(browser.run(POLICY_TEXT, Value::Null).await, before_stranger);
    assert_eq!(shown(&browser).await["stranger"]["outcome"], "blocked");
    browser.run("document.querySelector('#summary').textContent = ''", Value::Null).await;
    browser.type_keys("\u{e009}z").await;
    browser.wait_until("document.querySelector('#header').dataset.outcome === 'blocked'").await;
    assert!(
        !browser.run(POLICY_TEXT, Value::Null).await.as_str().expect("it is text").contains("x-trace-id")
    );
}

pub(crate) async fn without_a_button(browser: Browser, origins: Origins) {
    let decided = |shown: &Value, case: &str| shown[case]["decided"].as_str().expect("it is text").to_owned();
    let of_null = decided(&shown(&browser).await, "sandbox");
    assert!(
        of_null
            .ends_with("Or: use dangerously_allow_null_origin, which allows sandboxed frames of every site."),
        "{of_null}"
    );
    assert_eq!(buttons(&browser, "sandbox").await, json!([]));

    and_settle(&browser, TYPE, format!("allow_origins = '{}'", origins.page)).await;
    let of_cookie = decided(&shown(&browser).await, "cookie");
    assert!(of_cookie.contains("set allow_credentials = true"), "{of_cookie}");
    assert_eq!(buttons(&browser, "cookie").await, json!([]));

    // A name with a `*` would be a rule for others too.
    send(&browser, json!({ "headers": "x-*: 1\n*: 1" })).await;
    assert_eq!(shown(&browser).await["own"]["outcome"], "blocked");
    let labels = buttons(&browser, "own").await.to_string();
    assert!(!labels.contains("Apply"), "{labels}");
}

pub(crate) async fn of_the_request(browser: Browser, origins: Origins) {
    let policy = format!(
        "allow_origins = '{}'\nallow_methods = 'PATCH'\nallow_headers = 'x-trace-id, content-type'",
        origins.page
    );
    and_settle(&browser, TYPE, policy).await;
    let fields = "
        const { elements } = document.querySelector('#own-form');
        return Object.fromEntries(['method', 'path', 'headers', 'body'].map((name) => [name, elements[name].value]))";
    let asked = json!({
        "method": "patch", "path": "/notes/1", "body": "\"tea\"",
        "headers": "content-type: application/json\nx-traceid: 7\naccess-control-allow-origin: *",
    });
    assert_eq!(send(&browser, asked).await, "Blocked.");
    let labels = [
        "Change the request: change the page's method to PATCH",
        "Change the request: remove access-control-allow-origin from the page's request",
        "Change the request: change the page's header x-traceid to x-trace-id",
    ];
    assert_eq!(buttons(&browser, "own").await, json!(labels));

    let corrected = [
        ("PATCH", "access-control-allow-origin: *\ncontent-type: application/json\nx-traceid: 7"),
        ("PATCH", "content-type: application/json\nx-traceid: 7"),
        ("PATCH", "content-type: application/json\nx-trace-id: 7"),
    ];
    for (step, (method, headers)) in corrected.into_iter().enumerate() {
        browser.run(CLICK, "own").await;
        let expected = json!({ "method": method, "path": "/notes/1", "headers": headers, "body": "\"tea\"" });
        assert_eq!(browser.run(fields, Value::Null).await, expected);
        // Nothing is sent by that: the button to send it has the focus.
        assert_eq!(shown(&browser).await["own"]["outcome"], "blocked");
        let status =
            "return [document.querySelector('#own-status').innerText, document.activeElement.textContent]";
        assert_eq!(browser.run(status, Value::Null).await, json!(["Changed, not sent yet.", "Send"]));
        let outcome = send(&browser, json!({})).await;
        assert_eq!(outcome, if step == 2 { "Allowed." } else { "Blocked." });
    }
}
