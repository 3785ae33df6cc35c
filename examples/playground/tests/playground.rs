//! The playground in headless Chromium. Without a `chromedriver` the tests are ignored; with `chromium` in
//! `TOWER_CORS_BROWSERS` they fail.

mod playground {
    pub(crate) mod changes;
    pub(crate) mod chromium;
    pub(crate) mod copies;
    pub(crate) mod editor;
    pub(crate) mod links;
    pub(crate) mod own;
    pub(crate) mod picture;
    pub(crate) mod program;
    pub(crate) mod remedies;
}

use std::future::Future;

use libtest_mimic::{Arguments, Failed, Trial};
use playground::chromium::{self, Browser};
use playground::editor::{self, TYPE};
use playground::program::{Origins, Program};
use playground::{changes, copies, links, own, picture, remedies};
use serde_json::{Value, json};

fn main() {
    let tests = vec![
        trial("the_console_has_only_what_the_cases_put_there", console),
        trial("each_case_shows_its_outcome_and_the_reason", default_cases),
        trial("a_stream_arrives_word_by_word", stream),
        trial("each_policy_on_a_button_takes_effect_at_once", other_policies),
        trial("both_sides_say_that_credentials_are_not_allowed", credentials),
        trial("a_page_of_a_stranger_is_not_allowed_without_a_word_of_caution", caution),
        trial("each_address_that_is_printed_has_something_to_see", addresses),
        trial("an_edit_takes_effect_at_once", editor::edit),
        trial("a_broken_policy_shows_every_issue_and_its_suggestion", editor::mistakes),
        trial("text_that_is_not_toml_shows_its_line", editor::not_toml),
        trial("an_unknown_field_is_told_with_what_was_meant", editor::wrong_field),
        trial("a_request_of_ones_own_is_sent_by_this_browser_and_explained", own::sends),
        trial("a_remedy_of_the_policy_is_applied_by_its_button_and_taken_back", remedies::of_the_policy),
        trial("what_is_dangerous_has_no_button", remedies::without_a_button),
        trial("a_remedy_of_the_request_fills_the_form", remedies::of_the_request),
        trial("the_policy_is_copied_as_toml_and_as_rust", copies::policy),
        trial("an_edit_marks_each_case_that_it_changed", changes::are_marked),
        trial("a_link_is_shown_and_does_nothing_by_itself", links::shows),
        trial("a_hostile_link_is_text_or_a_clear_message", links::hostile),
        trial("all_of_it_works_from_the_keyboard", keyboard),
        trial("nothing_is_wider_than_a_narrow_window", narrow),
        trial("it_follows_the_color_scheme_of_the_visitor", picture::is_taken),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

/// A test with a playground and a browser of its own, which starts when all cases have run once.
fn trial<F>(name: &str, test: fn(Browser, Origins) -> F) -> Trial
where
    F: Future<Output = ()> + Send + 'static,
{
    let run = move || -> Result<(), Failed> {
        let runtime = tokio::runtime::Runtime::new()?;
        let outcome = runtime.block_on(async {
            // It ends when it is dropped.
            let (_program, origins) = Program::start().await;
            chromium::with(move |browser: Browser| async move {
                browser.go_to(&origins.page).await;
                browser.wait_until(SETTLED).await;
                test(browser, origins).await;
            })
            .await
        });
        Ok(outcome?)
    };
    Trial::test(name, run).with_ignored_flag(!chromium::is_installed() && !is_required())
}

fn is_required() -> bool {
    std::env::var_os("TOWER_CORS_BROWSERS").is_some_and(|value| value.to_string_lossy().contains("chromium"))
}

const SETTLED: &str = "document.querySelector('#summary').textContent.includes('allowed')";

/// Does something that changes the policy, and waits until all cases have run again.
async fn and_settle(browser: &Browser, action: &str, argument: impl Into<Value>) {
    browser.run("document.querySelector('#summary').textContent = ''", Value::Null).await;
    browser.run(action, argument).await;
    browser.wait_until(SETTLED).await;
}

async fn console(browser: Browser, origins: Origins) {
    // The browser itself logs refused requests and error statuses, and a page cannot prevent that.
    let expected = |line: &str| {
        let about_api = line.contains(&format!("{}/", origins.api));
        let refused = line.contains("has been blocked by CORS policy") || line.contains("net::ERR_FAILED");
        let error_status = line.contains("status of 401") || line.contains("status of 404");
        about_api && (refused || error_status)
    };
    let lines = browser.console().await;
    let unexpected: Vec<_> = lines.iter().filter(|line| !expected(line)).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(lines.iter().any(|line| line.contains("CORS policy")), "the console was not read: {lines:#?}");
}

/// All that the page shows of its cases, by their names.
async fn shown(browser: &Browser) -> Value {
    let script = "
        const text = (each, part) => each.querySelector(part).innerText.replace(/\\s+/g, ' ').trim();
        const cases = [...document.querySelectorAll('.case')];
        return Object.fromEntries(cases.map((each) => [each.id, {
            outcome: each.dataset.outcome, seen: text(each, '.seen'), decided: text(each, '.decided'),
        }]));";
    browser.run(script, Value::Null).await
}

/// What the page says about the origin `null`.
const NULL: &str = "Sandboxed frames, file: and data: pages and some redirected requests of any site send null; no other rule covers it. Give the page an origin that the policy allows: serve it over https, give its frame allow-same-origin, and do not redirect its requests to another origin. Or: use dangerously_allow_null_origin, which allows sandboxed frames of every site.";

async fn default_cases(browser: Browser, origins: Origins) {
    let Origins { page, stranger, .. } = &origins;
    let fetch_failed = "Only TypeError: Failed to fetch Why (only the console says this)";
    let no_origin = "has no Access-Control-Allow-Origin header.";
    let allow = format!(
        "If this page is yours, add {stranger} to the origins that the server allows. If it is already there,"
    );
    let ran = "The service ran, but the browser does not let the page read its answer.";
    let unseen = "The service did not see it.";
    let readable = "The page may read the answer.";
    let preflight = "OPTIONS 204 allowed The layer answered; the service did not see it.";
    let not_allowed = "The policy does not allow the origin. origin-not-allowed";

    let port = stranger.rsplit_once(':').expect("a port").1;
    let mending = format!(
        "{page} is allowed, but not with the port {port}. If this page is yours, add {stranger} to allow_origins. Apply"
    );

    let expected = json!({
        "simple": {
            "outcome": "allowed",
            "seen": "Status 200 [\"tea\",\"coffee\"] It can read content-length, content-type, x-request-id, but not x-served-by.",
            "decided": format!("No preflight. GET 200 allowed {readable}"),
        },
        "cookie": {
            "outcome": "allowed",
            "seen": "Status 200 {\"name\":\"Ada\"} It can read content-length, content-type.",
            "decided": format!("No preflight. GET 200 allowed {readable}"),
        },
        "unauthorized": {
            "outcome": "allowed",
            "seen": "Status 401 {\"error\":\"who are you?\"} It can read content-length, content-type.",
            "decided": format!("No preflight. GET 401 allowed {readable}"),
        },
        "not-found": {
            "outcome": "allowed",
            "seen": "Status 404 An empty body It can read content-length.",
            "decided": format!("No preflight. GET 404 allowed {readable}"),
        },
        "put": {
            "outcome": "allowed",
            "seen": "Status 200 {\"id\":1,\"text\":\"green tea\"} It can read content-length, content-type.",
            "decided": format!("A preflight, cached by the browser for the second request. \
                                {preflight} PUT 200 allowed {readable} PUT 200 allowed {readable}"),
        },
        "delete": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The preflight response does not allow the method DELETE. If the page \
                             means DELETE, add it to the methods that the server allows (Access-Control-Allow-Methods)."),
            "decided": format!("Only a preflight. OPTIONS 204 denied The policy does not allow the requested method. method-not-allowed {unseen} DELETE is not listed. Add DELETE to \
                                allow_methods. Apply"),
        },
        "header": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The preflight response does not allow the header x-trace-id. If the page \
                             needs x-trace-id, add it to the request headers that the server allows \
                             (Access-Control-Allow-Headers). If not, remove it from the page's request."),
            "decided": format!("Only a preflight. OPTIONS 204 denied The policy does not allow a requested header. header-not-allowed {unseen} x-trace-id is not listed. Add \
                                x-trace-id to allow_headers. Apply"),
        },
        "stream": {
            "outcome": "allowed",
            "seen": "Status 200 The browser asked first whether this page may send JSON and a key. The API said yes, so \
                     these words arrive one by one, as a model would write them. It can read cache-control, content-type.",
            "decided": format!("A preflight, then the request. {preflight} POST 200 allowed {readable}"),
        },
        "stranger": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The response (status 200) {no_origin} {allow} put the CORS layer in front of this route."),
            "decided": format!("No preflight. GET 200 denied {not_allowed} {ran} {mending}"),
        },
        "stranger-cookie": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The response (status 200) {no_origin} {allow} put the CORS layer in front of this route."),
            "decided": format!("No preflight. GET 200 denied {not_allowed} {ran} {mending}"),
        },
        "stranger-put": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The preflight response (status 403) {no_origin} {allow} something in front of \
                             the CORS layer answered (authentication, a limit, the router): make the layer the outermost one."),
            "decided": format!("Only a preflight. OPTIONS 403 denied {not_allowed} {unseen} {mending}"),
        },
        "sandbox": {
            "outcome": "blocked",
            "seen": format!("{fetch_failed} The response (status 200) {no_origin} Do not allow null: any site can send \
                             it, from a sandboxed frame. If this page is yours, serve it from an origin of its own."),
            "decided": format!("No preflight. GET 200 denied The policy does not allow the origin null, which sandboxed and redirected pages send. null-origin {ran} {NULL}"),
        },
    });
    let shown = shown(&browser).await;
    for (case, expected) in expected.as_object().expect("it is one") {
        assert_eq!(shown[case], *expected, "{case}");
    }
    assert_eq!(shown.as_object().map(serde_json::Map::len), expected.as_object().map(serde_json::Map::len));

    let wire = "return document.querySelector('#put .wire').textContent";
    let wire = browser.run(wire, Value::Null).await;
    let wire = wire.as_str().expect("it is text");
    assert!(wire.contains("OPTIONS /notes/1\naccess-control-request-method: PUT"), "{wire}");
    assert!(wire.contains(&format!("access-control-allow-origin: {page}")), "{wire}");
}

async fn stream(browser: Browser, _: Origins) {
    // The text as it was whenever the browser was ready to paint: what came in one go is one step.
    let watch = "
        globalThis.steps = new Set();
        const watch = () => {
            steps.add(document.querySelector('#stream .body')?.textContent);
            if (document.querySelector('#stream').dataset.outcome === 'running') setTimeout(watch, 5);
        };
        document.querySelector('#stream .run').click();
        watch();";
    browser.run(watch, Value::Null).await;
    browser.wait_until("document.querySelector('#stream').dataset.outcome === 'allowed'").await;
    let steps: Vec<String> =
        serde_json::from_value(browser.run("return [...steps]", Value::Null).await).expect("they are texts");
    assert!(steps.len() > 10, "{steps:#?}");
    // The first one is what stood there before.
    assert!(steps[1..].windows(2).all(|pair| pair[1].starts_with(&pair[0])), "{steps:#?}");
}

const CHOOSE: &str = "[...document.querySelectorAll('.examples button')].find((each) => each.textContent === arguments[0]).click()";

/// The cases that are blocked. That the crate's model of a browser disagrees nowhere is checked on the way.
async fn blocked(browser: &Browser) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('.case[data-outcome=blocked]')].map((each) => each.id)";
    let blocked = browser.run(script, Value::Null).await;
    let disagreements = "return [...document.querySelectorAll('.disagrees, [data-outcome=failed]')].length";
    assert_eq!(browser.run(disagreements, Value::Null).await, 0);
    let of_one_side = "return [...document.querySelectorAll('.case')]
        .filter((each) => (each.dataset.outcome === 'blocked') !== !!each.querySelector('[data-verdict=denied]'))
        .map((each) => each.id)";
    assert_eq!(browser.run(of_one_side, Value::Null).await, json!([]), "one side says blocked, one does not");
    serde_json::from_value(blocked).expect("it is a list of names")
}

async fn other_policies(browser: Browser, _: Origins) {
    let strangers = ["stranger", "stranger-cookie", "stranger-put"];
    let cases: [(&str, &[&str]); 4] = [
        ("Any local port", &["sandbox"]),
        ("Everyone, no cookies", &["cookie", "stranger-cookie"]),
        ("Strangers rejected", &["delete", "header", strangers[0], strangers[1], strangers[2], "sandbox"]),
        ("One page", &["delete", "header", strangers[0], strangers[1], strangers[2], "sandbox"]),
    ];
    for (policy, expected) in cases {
        and_settle(&browser, CHOOSE, policy).await;
        assert_eq!(blocked(&browser).await, expected, "{policy}");
        let rejected =
            shown(&browser).await["stranger"]["decided"].as_str().is_some_and(|it| it.contains("GET 403"));
        assert_eq!(rejected, policy == "Strangers rejected", "{policy}");
    }
}

/// What the server decided about a case that it allows, but not with credentials.
fn without_credentials(exchange: &str, after: &str, fix: &str) -> String {
    format!(
        "{exchange} allowed without credentials The policy allows the page, but not with credentials, and the page \
         asked with credentials: \"include\". {after} Remove credentials: \"include\" from the page’s request. If \
         the page is yours and needs its cookies, set allow_credentials = true{fix}."
    )
}

async fn credentials(browser: Browser, origins: Origins) {
    let ran = "The service ran, but the browser does not let the page read its answer.";

    and_settle(&browser, CHOOSE, "Everyone, no cookies").await;
    let cookie = &shown(&browser).await["cookie"];
    assert_eq!(cookie["outcome"], "blocked");
    let instead = ", and list the origins that you trust instead of *";
    assert_eq!(cookie["decided"], without_credentials("No preflight. GET 200", ran, instead));
    let shown_of_others = shown(&browser).await["simple"]["decided"].to_string();
    assert!(shown_of_others.contains("GET 200 allowed Any page may read the answer"), "{shown_of_others}");

    and_settle(&browser, TYPE, format!("allow_origins = '{}'", origins.page)).await;
    let cookie = &shown(&browser).await["cookie"];
    assert_eq!(cookie["outcome"], "blocked");
    assert_eq!(cookie["decided"], without_credentials("No preflight. GET 200", ran, ""));
    // The left side knows it from the model of a browser.
    assert!(cookie["seen"].as_str().is_some_and(|seen| seen.contains("credentials")), "{cookie}");
    blocked(&browser).await;
}

async fn caution(browser: Browser, _: Origins) {
    let cautions = "return Object.fromEntries([...document.querySelectorAll('.case')]
        .filter((each) => each.querySelector('.caution').innerText).map((each) => [each.id, each.querySelector('.caution').innerText]))";
    let blocked =
        "asked, so blocked is right. Allow an origin only if you trust its pages with your visitors’ data.";
    let (stranger, frame) =
        (format!("A stranger’s page {blocked}"), format!("A frame that any site can make {blocked}"));
    let expected = json!({ "stranger": stranger, "stranger-cookie": stranger, "stranger-put": stranger, "sandbox": frame });
    assert_eq!(browser.run(cautions, Value::Null).await, expected);

    and_settle(&browser, CHOOSE, "Any local port").await;
    let public = "A stranger’s page is allowed too, which is right only for public data.";
    let visitor =
        "A stranger’s page has read this as the visitor, with the cookie. Allow only origins that you trust.";
    let expected =
        json!({ "stranger": public, "stranger-cookie": visitor, "stranger-put": public, "sandbox": frame });
    assert_eq!(browser.run(cautions, Value::Null).await, expected);
}

async fn addresses(browser: Browser, origins: Origins) {
    let text = "return document.body.innerText";
    browser.go_to(&origins.api).await;
    let shown = browser.run(text, Value::Null).await;
    assert!(shown.as_str().is_some_and(|shown| shown.contains("GET /notes")), "{shown}");

    let outcomes = "[...document.querySelectorAll('.outcome')].map((each) => each.textContent).join()";
    browser.console().await;
    browser.go_to(&origins.stranger).await;
    browser.wait_until(&format!("{outcomes} === 'Blocked,Blocked'")).await;
    let lines = browser.console().await;
    assert!(lines.iter().all(|line| line.contains(&format!("{}/", origins.api))), "{lines:#?}");

    browser.go_to(&origins.page).await;
    browser.wait_until(SETTLED).await;
    and_settle(&browser, CHOOSE, "Any local port").await;
    browser.go_to(&origins.stranger).await;
    browser.wait_until(&format!("{outcomes} === 'Allowed,Allowed'")).await;
    let shown = browser.run(text, Value::Null).await;
    assert!(shown.as_str().is_some_and(|shown| shown.contains("{\"name\":\"Ada\"}")), "{shown}");
    let playground = browser.run("return document.querySelector('#playground').href", Value::Null).await;
    assert_eq!(playground, format!("{}/", origins.page));
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

async fn keyboard(browser: Browser, _: Origins) {
    let focused = "
        const it = document.activeElement;
        const style = getComputedStyle(it);
        if (!it.matches(':focus-visible') || style.outlineStyle === 'none') throw new Error('the focus cannot be seen');
        return it.id || it.getAttribute('aria-label') || (it.labels?.[0] ?? it).firstChild.textContent.trim()";
    let mut order = Vec::new();
    for _ in 0..36 {
        browser.type_keys(TAB).await;
        order.push(browser.run(focused, Value::Null).await.as_str().expect("it is text").to_owned());
    }
    let expected = [
        "One page",
        "Any local port",
        "Everyone, no cookies",
        "Strangers rejected",
        "Full of mistakes",
        "policy",
    ];
    assert_eq!(order[..6], expected);
    // Nothing is there to undo yet.
    assert_eq!(order[6..10], ["Copy as TOML", "Copy as Rust", "Copy a link", "The policy as Rust"]);
    assert_eq!(order[10], "Read the notes: Allowed");
    assert_eq!(order[21], "A sandboxed frame reads the notes: Blocked");
    assert_eq!(
        order[22..],
        [
            "run-all",
            "Method",
            "Path",
            "Sent by",
            "Credentials",
            "Headers, one per line",
            "Body, if any",
            "Send",
            "Run: Read the notes",
            "Step by step",
            "Headers on the wire",
            "Run: Read my name, with the cookie",
            "Step by step",
            "Headers on the wire",
        ]
    );

    // Enter on a button, a summary and a policy does what a click does.
    browser.run("document.querySelector('#stranger summary').focus()", Value::Null).await;
    browser.type_keys(ENTER).await;
    browser.wait_until("document.querySelector('#stranger details').open").await;
    browser
        .run(
            "document.querySelector('#summary').textContent = ''; document.querySelector('#run-all').focus()",
            Value::Null,
        )
        .await;
    browser.type_keys(ENTER).await;
    browser.wait_until(SETTLED).await;
    browser.run("document.querySelector('.examples button:nth-child(5)').focus()", Value::Null).await;
    browser.type_keys(ENTER).await;
    browser.wait_until("document.querySelector('.fix')").await;
    assert_eq!(
        browser
            .run("return document.querySelector('.examples [aria-pressed=true]').textContent", Value::Null)
            .await,
        "Full of mistakes"
    );

    // What changes is announced.
    let live = "return [...document.querySelectorAll('[role=status]')].map((each) => each.id)";
    assert_eq!(
        browser.run(live, Value::Null).await,
        json!(["shared-note", "policy-status", "copied", "summary", "changes", "own-status"])
    );
}

async fn narrow(browser: Browser, _: Origins) {
    browser.resize(400, 900).await;
    let long = "x".repeat(200);
    let policy = format!("allow_origins = 'https://{long}.example'");
    let request = json!({ "method": long, "path": format!("/{long}"), "from": "page", "credentials": "omit", "headers": format!("{long}: {long}"), "body": long });
    let link = browser.run(links::ENCODE, json!({ "policy": policy, "request": request })).await;
    browser.run("location.hash = arguments[0]", link).await;
    browser.wait_until("!document.querySelector('#shared').hidden").await;
    assert_eq!(own::send(&browser, json!({})).await, "Blocked.");
    browser
        .run("for (const each of document.querySelectorAll('details')) each.open = true", Value::Null)
        .await;
    browser.run(CHOOSE, "Full of mistakes").await;
    browser.wait_until("document.querySelector('.fix')").await;
    let too_wide = "
        const { clientWidth: width } = document.documentElement;
        if (width > 400) throw new Error(`the window is not narrow: ${width}`);
        return [...document.querySelectorAll('body *')]
            .filter((each) => each.getBoundingClientRect().right > width)
            .map((each) => each.outerHTML.slice(0, 100))";
    assert_eq!(browser.run(too_wide, Value::Null).await, json!([]));
}
