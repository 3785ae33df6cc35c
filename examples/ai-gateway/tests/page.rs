//! The chat page in headless Chromium. Without a `chromedriver` the tests are ignored; with `TOWER_CORS_BROWSERS` set they fail.

mod page {
    pub(crate) mod chromium;
    pub(crate) mod openai;
}
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod support;

use std::future::Future;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use page::chromium::{self, Browser};
use page::openai;
use serde_json::{Value, json};
use support::{ADA, Program};

fn main() {
    let mut tests = vec![
        trial("a_token_is_seen_before_the_last_one_is_sent", first_token),
        trial("stop_ends_the_stream_of_the_provider", stop),
        trial("a_status_is_an_error_in_words", errors),
        trial("an_answer_is_rated_and_its_cost_is_shown", rating),
        trial("a_page_of_a_stranger_is_refused", stranger),
        trial("the_session_works_from_another_site", another_site),
        trial("signing_in_and_out_with_the_keyboard", sign_in),
        trial("nothing_is_wider_than_a_narrow_window", narrow),
        trial("the_console_has_nothing_to_say", console),
    ];
    tests.push(trial("openai_s_client_streams_and_reads_errors", openai::client));
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

/// A test with a gateway and a browser of its own.
fn trial<F>(name: &str, test: fn(Arc<Browser>, Arc<Program>) -> F) -> Trial
where
    F: Future<Output = ()> + Send + 'static,
{
    let run = move || {
        let outcome = tokio::runtime::Runtime::new()?.block_on(async {
            let program = Arc::new(Program::start().await);
            chromium::with(async move |browser: Browser| test(Arc::new(browser), program).await).await
        });
        Ok(outcome?)
    };
    let is_required = std::env::var_os("TOWER_CORS_BROWSERS").is_some();
    Trial::test(name, run).with_ignored_flag(!chromium::is_installed() && !is_required)
}

/// Opens the page as the program says, which signs in.
async fn open(browser: &Browser, page: &str) {
    browser.go_to(&format!("{page}/#token={ADA}")).await;
    browser.wait_until("!document.querySelector('#composer').hidden").await;
    assert_eq!(
        browser.run("return location.hash", Value::Null).await,
        "",
        "the token is not left in the address"
    );
}

async fn ask(browser: &Browser, question: &str) {
    let script = "
        document.querySelector('#question').value = arguments[0];
        document.querySelector('#send').click();";
    browser.run(script, question).await;
}

const LAST: &str = "document.querySelector('.message:last-child')";

/// The text of a part of the last message, as it is seen.
async fn last(browser: &Browser, part: &str) -> String {
    let script = format!("return {LAST}.querySelector(arguments[0]).innerText");
    browser.run(&script, part).await.as_str().unwrap_or_default().to_owned()
}

async fn wait_for_end(browser: &Browser) {
    browser.wait_until(&format!("{LAST}.matches('.assistant') && {LAST}.ariaBusy === 'false'")).await;
}

async fn first_token(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    ask(&browser, "[words 10] [pause 400]").await;
    browser.wait_until(&format!("{LAST}.querySelector('.text').textContent.startsWith('I ')")).await;
    let text = last(&browser, ".text").await;
    assert_eq!(program.calls().await["finished"], 0, "the provider is still sending");
    assert!(text.len() < "I am the stand-in for a model: I".len(), "{text}");
    wait_for_end(&browser).await;
    assert_eq!(last(&browser, ".text").await, "I am the stand-in for a model: I know nothing,");
    assert!(last(&browser, ".about").await.starts_with("gpt-4.1-nano · first token after "));
}

async fn stop(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    for action in ["document.querySelector('#stop').click()", ESCAPE] {
        let before = program.calls().await["stopped"].as_u64().expect("a number");
        ask(&browser, "[words 900] [pause 100]").await;
        browser.wait_until(&format!("{LAST}.querySelector('.text').textContent.length > 5")).await;
        browser.run(action, Value::Null).await;
        wait_for_end(&browser).await;
        assert!(last(&browser, ".about").await.ends_with(" · stopped"));
        program.wait_for_calls(|calls| calls["stopped"] == before + 1).await;
    }
}

const ESCAPE: &str = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))";

async fn errors(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    for (question, text) in [
        ("[fail 429]", "Every model is busy. Try again in 7 seconds."),
        ("[fail 500]", "No model could answer. Try again in a moment."),
        ("[fail 400]", "The model provider refused the request."),
        ("[break]", "The answer was interrupted. Ask again."),
    ] {
        ask(&browser, question).await;
        wait_for_end(&browser).await;
        assert_eq!(last(&browser, ".error").await, text, "{question}");
    }
    // What it had said is replaced, not added to.
    let before = browser.run("return document.querySelectorAll('.message').length", Value::Null).await;
    browser.run(&format!("{LAST}.querySelector('.again').click()"), Value::Null).await;
    wait_for_end(&browser).await;
    assert_eq!(browser.run("return document.querySelectorAll('.message').length", Value::Null).await, before);
}

async fn rating(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    ask(&browser, "[words 3]").await;
    wait_for_end(&browser).await;
    browser.wait_until("document.querySelector('#cost').textContent.includes('tokens · $0.0000')").await;
    let pressed =
        format!("[...{LAST}.querySelectorAll('[data-rating]')].map((each) => each.ariaPressed).join()");
    for (button, expected, up, down) in
        [("up", "true,false", 1, 0), ("down", "false,true", 0, 1), ("down", "false,false", 0, 0)]
    {
        browser
            .run(&format!("{LAST}.querySelector(`[data-rating=${{arguments[0]}}]`).click()"), button)
            .await;
        browser.wait_until(&format!("{pressed} === '{expected}'")).await;
        let total = support::json_of(program.get("/v1/usage").await).await["total"].clone();
        assert_eq!((&total["up"], &total["down"]), (&json!(up), &json!(down)));
    }
}

/// From an origin that the policy does not allow, on the same site even: the cookie goes along.
async fn stranger(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    let before = program.calls().await["total"].clone();
    browser.go_to(&format!("{}/calls", program.provider)).await;
    let script = "
        const [gateway] = arguments[0];
        const body = JSON.stringify({ model: 'auto', stream: true, messages: [{ role: 'user', content: 'hi' }] });
        const attempt = async (type) => {
          try {
            const headers = { 'content-type': type };
            const response = await fetch(`${gateway}/v1/chat/completions`, { method: 'POST', credentials: 'include', headers, body });
            return `status ${response.status}`;
          } catch (error) {
            return `${error.name}: ${error.message}`;
          }
        };
        return Promise.all([attempt('application/json'), attempt('text/plain')]);";
    let seen = browser.run(script, json!([program.gateway])).await;
    assert_eq!(seen, json!(["TypeError: Failed to fetch", "TypeError: Failed to fetch"]));
    assert_eq!(program.calls().await["total"], before, "nothing ran");
}

/// `127.0.0.1` and `localhost` are two sites, and this browser blocks the cookies of others.
async fn another_site(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page.replace("localhost", "127.0.0.1")).await;
    ask(&browser, "[words 3]").await;
    wait_for_end(&browser).await;
    assert_eq!(last(&browser, ".text").await, "I am the");
    // In another place, it is another cookie: nobody is signed in.
    browser.go_to(&program.page).await;
    browser.wait_until("!document.querySelector('#sign-in').hidden").await;
}

async fn sign_in(browser: Arc<Browser>, program: Arc<Program>) {
    browser.go_to(&program.page).await;
    browser.wait_until("document.activeElement.id === 'token'").await;
    browser.type_keys("wrong\u{e007}").await;
    browser
        .wait_until(
            "document.querySelector('#sign-in-error').textContent.includes('does not know this token')",
        )
        .await;
    browser.run("document.querySelector('#token').value = ''", Value::Null).await;
    browser.type_keys(&format!("{ADA}\u{e007}")).await;
    browser.wait_until("document.activeElement.id === 'question'").await;
    browser.type_keys("[words 2]\u{e007}").await;
    browser.wait_until("document.querySelectorAll('.message').length === 2").await;
    wait_for_end(&browser).await;
    assert_eq!(last(&browser, ".text").await, "I am");

    // It is still signed in after a reload, until it signs out.
    browser.go_to(&program.page).await;
    browser.wait_until("!document.querySelector('#composer').hidden").await;
    browser.run("document.querySelector('#sign-out').click()", Value::Null).await;
    browser.wait_until("!document.querySelector('#sign-in').hidden").await;
    browser.go_to(&program.page).await;
    browser.wait_until("!document.querySelector('#sign-in').hidden").await;
}

async fn narrow(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    browser.resize(320, 700).await;
    ask(&browser, &format!("[words 5] {}", "long".repeat(50))).await;
    wait_for_end(&browser).await;
    let fits = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(browser.run(fits, Value::Null).await, true);
}

async fn console(browser: Arc<Browser>, program: Arc<Program>) {
    open(&browser, &program.page).await;
    ask(&browser, "[words 3]").await;
    wait_for_end(&browser).await;
    let lines = browser.console().await;
    // Chromium's advice for the form's fields is not an error.
    let unexpected: Vec<_> = lines.iter().filter(|line| !line.starts_with("DEBUG ")).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}
