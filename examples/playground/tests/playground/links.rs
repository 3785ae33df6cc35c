//! Links that carry a policy and a request.

use serde_json::{Value, json};

use crate::playground::chromium::Browser;
use crate::playground::copies::copy;
use crate::playground::editor::TYPE;
use crate::playground::own::FILL;
use crate::playground::program::Origins;
use crate::{CHOOSE, SETTLED, and_settle};

const SHARED: &str = "
    const shown = (selector) => { const it = document.querySelector(selector); return it.checkVisibility() ? it.textContent : null };
    return [shown('#shared-note'), shown('#shared-policy'), shown('#use-shared')]";

const NOTE: &str = "Anyone can make a link, so read this policy first. It is not in effect. The link’s request is in the form below and has not been sent.";

const DAMAGED: &str =
    "This link is damaged, or comes from another version of the playground. Copy the whole link again.";

const FIELDS: &str = "
    const { elements } = document.querySelector('#own-form');
    return Object.fromEntries(['method', 'path', 'from', 'credentials', 'headers', 'body'].map((name) => [name, elements[name].value]))";

/// The fragment for any value.
pub(crate) const ENCODE: &str = "
    const bytes = new TextEncoder().encode(JSON.stringify(arguments[0]));
    const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return '#share=' + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')";

/// Opens a page as if for the first time, with the policy that the server has.
async fn open(browser: &Browser, url: &str) {
    browser.go_to("about:blank").await;
    browser.go_to(url).await;
    browser.wait_until(SETTLED).await;
}

async fn in_effect(browser: &Browser) -> Value {
    browser.run_async("fetch('policy').then((answer) => answer.text()).then(arguments[0])").await
}

pub(crate) async fn shows(browser: Browser, origins: Origins) {
    let policy =
        format!("# <b>ünïcode</b> 🙂\nallow_origins = [\"{}\"]\nallow_methods = \"DELETE\"\n", origins.page);
    let request = json!({
        "method": "DELETE", "path": "/notes/1", "from": "page", "credentials": "include",
        "headers": "x-a: 1\nx-b: 2", "body": "",
    });
    and_settle(&browser, TYPE, policy.clone()).await;
    browser.run(FILL, request.clone()).await;
    let (said, link) = copy(&browser, "link").await;
    assert_eq!(said, "Copied a link to this policy and this request.");
    assert!(link.starts_with(&format!("{}/#share=", origins.page)), "{link}");
    assert!(link.len() < 600, "{link}");

    // Opened by somebody whose server has another policy: it is shown, and nothing else happens.
    and_settle(&browser, CHOOSE, "Strangers rejected").await;
    let other = in_effect(&browser).await;
    assert_ne!(other, policy);
    open(&browser, &link).await;
    assert_eq!(browser.run(SHARED, Value::Null).await, json!([NOTE, policy, "Use this policy"]));
    assert_eq!(browser.run(FIELDS, Value::Null).await, request);
    assert_eq!(in_effect(&browser).await, other);
    assert_eq!(browser.run("return document.querySelector('#policy').value", Value::Null).await, other);
    assert_eq!(browser.run("return document.querySelector('#own')", Value::Null).await, Value::Null);

    // A click puts it into effect; the button for undo takes it back.
    and_settle(&browser, "document.querySelector('#use-shared').click()", Value::Null).await;
    assert_eq!(in_effect(&browser).await, policy);
    assert_eq!(browser.run(SHARED, Value::Null).await, json!([null, null, null]));
    assert_eq!(browser.run("return location.href", Value::Null).await, format!("{}/", origins.page));
    and_settle(&browser, "document.querySelector('#undo').click()", Value::Null).await;
    assert_eq!(in_effect(&browser).await, other);
}

pub(crate) async fn hostile(browser: Browser, origins: Origins) {
    let before = in_effect(&browser).await;
    let request = json!({ "method": "GET", "path": "/notes", "from": "page", "credentials": "omit", "headers": "", "body": "" });
    let with = |name: &str, value: Value| {
        let mut shared = json!({ "policy": "", "request": request });
        shared["request"][name] = value;
        shared
    };
    let mut fragments = vec![
        "#share=".to_owned(),
        "#share=%%%".to_owned(),
        "#share=_w".to_owned(),
        "#share=bnVsbA".to_owned(),
    ];
    for shared in [
        json!([]),
        json!({ "policy": "" }),
        json!({ "policy": 1, "request": request }),
        json!({ "policy": "", "request": request, "__proto__x": 1 }),
        json!({ "policy": "", "request": null }),
        with("body", json!({})),
        with("from", json!("https://evil.example")),
        with("credentials", json!("always")),
        with("run", json!("")),
    ] {
        let fragment = browser.run(ENCODE, shared).await;
        fragments.push(fragment.as_str().expect("it is text").to_owned());
    }
    let whole = browser.run(ENCODE, with("body", json!("text"))).await;
    let whole = whole.as_str().expect("it is text");
    fragments.push(whole[..whole.len() - 9].to_owned());
    // In a page that is open, as when a link is pasted into its address bar.
    let paste = "
        document.querySelector('#shared-note').textContent = '';
        location.hash = arguments[0];";
    for fragment in &fragments {
        browser.run(paste, fragment.as_str()).await;
        browser.wait_until("document.querySelector('#shared-note').textContent").await;
        assert_eq!(browser.run(SHARED, Value::Null).await, json!([DAMAGED, null, null]), "{fragment}");
        browser.run("document.querySelector('#dismiss-shared').click()", Value::Null).await;
    }

    let deceptive = "This link has characters that hide or reorder text, so it is not shown.";
    for shared in [
        with("body", json!("\u{202e}")),
        with("path", json!("/\0")),
        json!({ "policy": "# \u{2066}", "request": request }),
        json!({ "policy": "# \u{200d}", "request": request }),
        with("headers", json!("x-\u{ad}a: 1")),
        with("headers", json!("x-a: \u{e0041}")),
    ] {
        let fragment = browser.run(ENCODE, shared).await;
        browser.run(paste, fragment).await;
        browser.wait_until("document.querySelector('#shared-note').textContent").await;
        assert_eq!(browser.run(SHARED, Value::Null).await, json!([deceptive, null, null]));
    }

    // At the bound and one past it.
    let empty = browser.run(ENCODE, with("body", json!(""))).await.as_str().expect("it is text").len();
    for extra in [0, 1] {
        let body = "a".repeat((8000 - empty) / 4 * 3 + extra * 3);
        let fragment = browser.run(ENCODE, with("body", json!(body))).await;
        let fragment = fragment.as_str().expect("it is text");
        browser.run(paste, fragment).await;
        browser.wait_until("document.querySelector('#shared-note').textContent").await;
        let shown = browser.run(SHARED, Value::Null).await;
        if extra == 0 {
            assert_eq!(shown[0], NOTE, "{}", fragment.len());
        } else {
            let expected =
                format!("This link is too long: {} characters. The limit is 8000.", fragment.len());
            assert_eq!(shown, json!([expected, null, null]));
        }
    }

    // Markup is text: no element comes of it, and no script runs.
    let markup = "<img src=x onerror=\"globalThis.ran = true\"><script>globalThis.ran = true</script>";
    let shared = json!({ "policy": markup, "request": with("headers", json!(format!("{markup}\"><b>: 1")))["request"] });
    let fragment = browser.run(ENCODE, shared).await;
    open(&browser, &format!("{}/{}", origins.page, fragment.as_str().expect("it is text"))).await;
    assert_eq!(browser.run(SHARED, Value::Null).await[1], markup);
    let found = "return [globalThis.ran, document.querySelectorAll('#shared img, #shared script, form img, form b').length]";
    assert_eq!(browser.run(found, Value::Null).await, json!([null, 0]));
    assert_eq!(in_effect(&browser).await, before);

    // What does not fit is not made either.
    browser.run(FILL, json!({ "body": "a".repeat(8000) })).await;
    browser.run("document.querySelector('[data-copy=link]').click()", Value::Null).await;
    browser.wait_until("document.querySelector('#copied').innerText.startsWith('The policy and the request are too long for a link')").await;
}
