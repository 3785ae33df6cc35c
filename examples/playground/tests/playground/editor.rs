//! The policy's editor.

use serde_json::Value;

use crate::playground::chromium::Browser;
use crate::playground::program::Origins;
use crate::{CHOOSE, SETTLED, and_settle, blocked, shown};

/// Writes a policy into it.
pub(crate) const TYPE: &str = "
    const text = document.querySelector('#policy');
    text.value = arguments[0];
    text.dispatchEvent(new InputEvent('input', { bubbles: true }));";

pub(crate) async fn edit(browser: Browser, origins: Origins) {
    let policy = format!("allow_origins = '{}, {}'\nmax_age = 0", origins.stranger, origins.page);
    and_settle(&browser, TYPE, policy.clone()).await;
    assert_eq!(
        blocked(&browser).await,
        ["cookie", "put", "delete", "header", "stream", "stranger-cookie", "stranger-put", "sandbox"]
    );
    and_settle(&browser, TYPE, format!("{policy}\nallow_methods = 'PUT'\nallow_headers = 'content-type'"))
        .await;
    let put = &shown(&browser).await["put"]["decided"];
    assert!(put.as_str().is_some_and(|it| it.starts_with("A preflight before each request.")), "{put}");

    // It is kept by the server: a page that is opened again has it.
    browser.go_to(&origins.page).await;
    browser.wait_until(SETTLED).await;
    let text = browser.run("return document.querySelector('#policy').value", Value::Null).await;
    assert!(text.as_str().is_some_and(|text| text.starts_with(&policy)), "{text}");
}

/// What stands under the policy: the status, and each mistake.
async fn mistakes_shown(browser: &Browser) -> (String, Vec<String>) {
    browser.wait_until("document.querySelector('.mistakes li')").await;
    let script = "
        const text = (each) => each.innerText.replace(/\\s+/g, ' ').trim();
        return [text(document.querySelector('#policy-status')), [...document.querySelectorAll('.mistakes li')].map(text)]";
    serde_json::from_value(browser.run(script, Value::Null).await).expect("it is a pair")
}

pub(crate) async fn mistakes(browser: Browser, origins: Origins) {
    let Origins { page, stranger, .. } = &origins;
    let before = shown(&browser).await;
    browser.run(CHOOSE, "Full of mistakes").await;
    let (status, mistakes) = mistakes_shown(&browser).await;
    assert_eq!(status, "7 mistakes, so the last valid policy stays in effect.");
    let bare = stranger.trim_start_matches("http://");
    let expected = [
        format!("allow_origins {page}/ ends with a slash, but an origin ends with its host or port. Use {page}"),
        format!("allow_origins {bare} has no scheme. An origin starts with a scheme such as https://. Use {stranger}"),
        "allow_origins https://*.dev matches hosts of strangers, who could act with a visitor's credentials. Put your own domain after the *., or use dangerously_allow_public_suffixes."
            .to_owned(),
        "allow_methods patch is in the wrong case: methods are case-sensitive. Use PATCH".to_owned(),
        "allow_headers cookie is set by the browser and cannot be requested. Remove it."
            .to_owned(),
        "expose_headers set-cookie can never be read by a page. Remove it.".to_owned(),
        "max_age 2592000 s is longer than any browser caches. Use at most 86400 s (a day).".to_owned(),
    ];
    assert_eq!(mistakes, expected);
    assert_eq!(shown(&browser).await, before, "nothing has changed");

    // Each suggestion is applied, and the next one has the focus.
    for left in [6, 5, 4] {
        browser.run("document.querySelector('.fix').click()", Value::Null).await;
        browser.wait_until(&format!("document.querySelectorAll('.mistakes li').length === {left}")).await;
        let next = if left > 4 { "matches('.fix')" } else { "matches('#policy')" };
        browser.wait_until(&format!("document.activeElement.{next}")).await;
    }
    let text = browser.run("return document.querySelector('#policy').value", Value::Null).await;
    let start = format!("allow_origins     = [\"{page}\",\n                     \"{stranger}\",\n");
    assert!(
        text.as_str().is_some_and(|text| text.starts_with(&start) && text.contains("[\"PATCH\"]")),
        "{text}"
    );

    // The rest is corrected by hand.
    and_settle(&browser, TYPE, format!("allow_origins = ['{page}', '{stranger}']")).await;
    assert_eq!(browser.run("return document.querySelectorAll('.mistakes li').length", Value::Null).await, 0);
    assert!(!blocked(&browser).await.contains(&"stranger".to_owned()));
}

pub(crate) async fn not_toml(browser: Browser, _: Origins) {
    browser.run(TYPE, "allow_credentials = true\n\nallow_origins = '*").await;
    let (status, mistakes) = mistakes_shown(&browser).await;
    assert_eq!(status, "One mistake, so the last valid policy stays in effect.");
    assert!(mistakes[0].starts_with("line 3 "), "{mistakes:?}");
}

pub(crate) async fn wrong_field(browser: Browser, _: Origins) {
    browser.run(TYPE, "allow_credentials = true\n\nallow_origin = '*'").await;
    let (status, mistakes) = mistakes_shown(&browser).await;
    assert_eq!(status, "One mistake, so the last valid policy stays in effect.");
    let expected =
        "policy the CORS policy has an issue: unknown field allow_origin; did you mean allow_origins?";
    assert_eq!(mistakes, [expected]);
}
