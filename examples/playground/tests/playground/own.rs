//! The form for your own request.

use serde_json::{Value, json};

use crate::playground::chromium::Browser;
use crate::playground::program::Origins;
use crate::{ENTER, SETTLED, blocked, shown};

/// Fills fields of the form by their names.
pub(crate) const FILL: &str = "
    const form = document.querySelector('#own-form');
    for (const [name, value] of Object.entries(arguments[0])) form.elements[name].value = value;";

const STATUS: &str = "return document.querySelector('#own-status').innerText";

/// Sends what is in the form, with these fields changed, and returns what the form says afterwards.
pub(crate) async fn send(browser: &Browser, fields: Value) -> String {
    browser.run(FILL, fields).await;
    browser.run("document.querySelector('#own-form button').click()", Value::Null).await;
    outcome(browser).await
}

async fn outcome(browser: &Browser) -> String {
    browser.wait_until("document.querySelector('#own-status').innerText").await;
    browser.run(STATUS, Value::Null).await.as_str().expect("it is text").to_owned()
}

async fn text_of(browser: &Browser, selector: &str) -> String {
    let text = "return document.querySelector(arguments[0]).textContent";
    browser.run(text, selector).await.as_str().expect("it is text").to_owned()
}

/// The form reports mistakes before anything is sent.
async fn refuses(browser: &Browser) {
    let get = || json!({ "method": "GET", "path": "/notes", "headers": "", "body": "" });
    let with = |name: &str, value: &str| {
        let mut fields = get();
        fields[name] = value.into();
        fields
    };
    let cases = [
        ("path", "//evil.example/", "The path must lead to the API: start it with one slash."),
        ("path", "https://evil.example/", "The path must lead to the API: start it with one slash."),
        ("path", "http://[", "The path must lead to the API: start it with one slash."),
        ("headers", "x-own", "This is not a header: “x-own”. Write a name, a colon and a value."),
        ("headers", "x own: 1", "This is not a header: “x own: 1”. Write a name, a colon and a value."),
        ("method", "TRACE", "The browser does not send this: 'TRACE' HTTP method is unsupported."),
        ("method", "", "The browser does not send this: '' is not a valid HTTP method."),
        ("body", "text", "The browser does not send this: Request with GET/HEAD method cannot have body."),
    ];
    for (field, value, message) in cases {
        assert_eq!(send(browser, with(field, value)).await, message);
    }
    assert_eq!(browser.run("return document.querySelector('#own')", Value::Null).await, Value::Null);

    // Headers that a script cannot set are left out, and the request is sent.
    let ignored = "Allowed. The browser sets cookie, host itself and ignored yours.";
    assert_eq!(send(browser, with("headers", "Cookie: a=b\nHost: evil.example")).await, ignored);
}

pub(crate) async fn sends(browser: Browser, origins: Origins) {
    refuses(&browser).await;

    // What the browser sent, with a query and a header of its own, and what the page could read of the answer.
    let fields = json!({ "path": "/notes?tag=<b>green</b>", "headers": "Accept: application/json\n" });
    assert_eq!(send(&browser, fields).await, "Allowed.");
    let own = &shown(&browser).await["own"];
    assert_eq!(own["decided"], "No preflight. GET 200 allowed The page may read the answer.");
    assert!(
        own["seen"].as_str().is_some_and(|seen| seen.starts_with("Status 200 [\"tea\",\"coffee\"]")),
        "{own}"
    );
    let call = text_of(&browser, "#own .call").await;
    let url = format!("fetch(\"{}/notes?tag=%3Cb%3Egreen%3C/b%3E\"", origins.api);
    assert_eq!(call, format!("{url}, {{\n  headers: {{ \"accept\": \"application/json\" }},\n}})"));

    // The preflight is told step by step, with its reasons, and on the wire.
    let fields = json!({
        "method": "PATCH", "path": "/notes/1", "credentials": "include",
        "headers": "content-type: application/json\nx-own: 1", "body": "\"<img src=x onerror=alert(1)>\"",
    });
    assert_eq!(send(&browser, fields).await, "Blocked.");
    let own = &shown(&browser).await["own"];
    let decided = own["decided"].as_str().expect("it is text");
    assert!(decided.contains("OPTIONS 204 denied"), "{decided}");
    assert!(decided.contains("PATCH is not listed. Add PATCH to allow_methods. Apply"), "{decided}");
    let walk = "return document.querySelector('#own .walk').innerText.replace(/\\s+/g, ' ')";
    let walk = browser.run(walk, Value::Null).await;
    let walk = walk.as_str().expect("the steps are open");
    assert!(
        walk.starts_with(&format!(
            "OPTIONS /notes/1 passed CORS request: {} It has an Origin.",
            origins.page
        )),
        "{walk}"
    );
    for step in [
        format!("passed Allowed origin: {} It is listed.", origins.page),
        "failed Requested method: PATCH PATCH is not listed.".to_owned(),
        "passed Requested headers: content-type Allowed.".to_owned(),
        "failed Requested headers: x-own x-own is not listed.".to_owned(),
    ] {
        assert!(walk.contains(&step), "{step}: {walk}");
    }
    let wire = text_of(&browser, "#own .wire").await;
    assert!(wire.contains("access-control-request-headers: content-type,x-own"), "{wire}");

    // Each page sends it from its own origin, and each mode is what it says.
    let get = |from: &str, credentials: &str| json!({ "from": from, "credentials": credentials, "method": "get", "path": "/me", "headers": "", "body": "" });
    for (from, credentials, outcome, decided) in [
        ("page", "include", "Allowed.", "GET 200 allowed"),
        ("page", "omit", "Allowed.", "GET 401 allowed"),
        ("stranger", "include", "Blocked.", "GET 200 denied"),
        ("sandbox", "omit", "Blocked.", "null-origin"),
    ] {
        assert_eq!(send(&browser, get(from, credentials)).await, outcome, "{from} {credentials}");
        let own = &shown(&browser).await["own"]["decided"];
        assert!(own.as_str().is_some_and(|own| own.contains(decided)), "{own}");
    }

    // Enter in a field does what the button does.
    browser.run(FILL, get("page", "include")).await;
    browser.run("document.querySelector('#own-status').textContent = ''", Value::Null).await;
    browser.run("document.querySelector('#own-form input').focus()", Value::Null).await;
    browser.type_keys(ENTER).await;
    assert_eq!(outcome(&browser).await, "Allowed.");
    assert_eq!(send(&browser, get("stranger", "omit")).await, "Blocked.");

    // It is one of the cases from now on.
    browser.wait_until(SETTLED).await;
    assert!(blocked(&browser).await.contains(&"own".to_owned()));
}
