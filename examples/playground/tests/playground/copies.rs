//! The buttons that copy the policy.

use serde_json::{Value, json};

use crate::playground::chromium::Browser;
use crate::playground::editor::TYPE;
use crate::playground::program::Origins;
use crate::{ENTER, and_settle};

/// Presses a copy button from the keyboard, and returns what the page says and what is pasted elsewhere.
pub(crate) async fn copy(browser: &Browser, what: &str) -> (String, String) {
    browser.run("document.querySelector(`[data-copy=${arguments[0]}]`).focus()", what).await;
    browser.type_keys(ENTER).await;
    browser.wait_until("document.querySelector('#copied').innerText").await;
    let paste_into = "
        const text = document.querySelector('#own-form').elements.body;
        text.value = '';
        text.focus()";
    browser.run(paste_into, Value::Null).await;
    browser.type_keys("\u{e009}v").await;
    let texts = "
        const { body } = document.querySelector('#own-form').elements;
        const pasted = body.value;
        body.value = '';
        return [document.querySelector('#copied').innerText, pasted]";
    serde_json::from_value(browser.run(texts, Value::Null).await).expect("two texts")
}

pub(crate) async fn policy(browser: Browser, origins: Origins) {
    let page = &origins.page;
    let toml = format!("allow_origins = [\"{page}\"] # ours\nmax_age = \"1m\"\n");
    and_settle(&browser, TYPE, toml.clone()).await;
    let rust = format!(
        "use std::time::Duration;\n\nuse tower_cors::{{CorsPolicy, PolicyError}};\n\n\
         pub fn policy() -> Result<CorsPolicy, PolicyError> {{\n    CorsPolicy::builder()\n        \
         .allow_origins([\"{page}\"])\n        .max_age(Duration::from_secs(60))\n        .build()\n}}\n"
    );
    browser.wait_until("document.querySelector('#rust').textContent.includes('from_secs(60)')").await;
    assert_eq!(copy(&browser, "toml").await, ("Copied the policy as TOML.".to_owned(), toml));
    assert_eq!(copy(&browser, "rust").await, ("Copied the policy as Rust.".to_owned(), rust.clone()));

    // Rust is there for the policy that is in effect.
    browser.run(TYPE, "allow_origins = []").await;
    browser.wait_until("document.querySelector('.mistakes li')").await;
    let message = "Copied the policy as Rust. The text has mistakes, so this is the last valid policy.";
    assert_eq!(copy(&browser, "rust").await, (message.to_owned(), rust));
    let message = "Copied the policy as TOML. The text has mistakes and is not in effect.";
    assert_eq!(copy(&browser, "toml").await, (message.to_owned(), "allow_origins = []".to_owned()));

    // Where a browser does not let a page copy, the text is there to be copied by hand.
    let refuse =
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))";
    browser.run(refuse, Value::Null).await;
    browser.run("document.querySelector('[data-copy=toml]').click()", Value::Null).await;
    browser.wait_until("document.querySelector('#copied pre')").await;
    let said = browser.run("return document.querySelector('#copied').textContent", Value::Null).await;
    assert_eq!(said, json!("The browser did not allow copying. Copy it by hand: allow_origins = []"));
}
