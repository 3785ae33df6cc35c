//! What changed since the last run.

use serde_json::{Value, json};

use crate::playground::chromium::Browser;
use crate::playground::own::send;
use crate::playground::program::Origins;
use crate::{CHOOSE, and_settle};

/// The line that is announced, and each case that is marked, with its mark beside the case and in the overview.
async fn changes(browser: &Browser) -> (String, Value) {
    let script = "
        const marked = [...document.querySelectorAll('.case.changed')].map((each) => [each.id, each.querySelector('.outcome').textContent]);
        const listed = [...document.querySelectorAll('.overview .changed a')].map((each) => each.ariaLabel.split(': ').at(-1));
        if (listed.join() !== marked.map(([, mark]) => mark).join()) throw new Error(`the overview has ${listed}`);
        return [document.querySelector('#changes').innerText, marked]";
    serde_json::from_value(browser.run(script, Value::Null).await).expect("it is a pair")
}

pub(crate) async fn are_marked(browser: Browser, _: Origins) {
    assert_eq!(changes(&browser).await, (String::new(), json!([])), "there is no run before the first");
    assert_eq!(send(&browser, json!({ "method": "DELETE", "path": "/notes/1" })).await, "Blocked.");

    and_settle(&browser, CHOOSE, "Everyone, no cookies").await;
    let marked = json!([
        ["own", "Now allowed"],
        ["cookie", "Now blocked"],
        ["delete", "Now allowed"],
        ["header", "Now allowed"],
        ["stranger", "Now allowed"],
        ["stranger-put", "Now allowed"],
        ["sandbox", "Now allowed"],
    ]);
    assert_eq!(
        changes(&browser).await,
        ("Since the last run: 6 now allowed, 1 now blocked.".to_owned(), marked)
    );

    and_settle(&browser, "document.querySelector('#run-all').click()", Value::Null).await;
    assert_eq!(changes(&browser).await, ("Since the last run: no change.".to_owned(), json!([])));

    // Two edits, and the second one ends the run of the first: what both together changed is nothing.
    let hold = "
        globalThis.realFetch = fetch;
        globalThis.fetch = (url, init) => (url === 'report' ? new Promise(() => {}) : realFetch(url, init))";
    browser.run(hold, Value::Null).await;
    browser.run(CHOOSE, "One page").await;
    browser.wait_until("document.querySelector('#summary').textContent === 'Running the requests'").await;
    browser.run("globalThis.fetch = realFetch", Value::Null).await;
    and_settle(&browser, CHOOSE, "Everyone, no cookies").await;
    assert_eq!(changes(&browser).await, ("Since the last run: no change.".to_owned(), json!([])));
}
