//! The pages in headless Chromium, and the same page behind Vite. Without a `chromedriver` or without `npm` the tests are
//! ignored; where `TOWER_CORS_BROWSERS` is set, those in Chromium fail.

mod pages {
    pub(crate) mod chromium;
    pub(crate) mod vite;
}
mod support;

use std::future::Future;

use libtest_mimic::{Arguments, Failed, Trial};
use pages::chromium::{self, Browser};
use pages::vite::{self, Vite};
use serde_json::{Value, json};
use support::Program;

fn main() {
    let has_browser = chromium::is_installed() || std::env::var_os("TOWER_CORS_BROWSERS").is_some();
    let has_npm = vite::is_installed();
    let tests = vec![
        trial("the_gateways_own_page_needs_no_cors", has_browser, own_page),
        trial("a_page_of_another_origin_reads_what_the_policy_allows", has_browser, page_elsewhere),
        trial("a_page_that_is_not_allowed_reads_only_the_public_part", has_browser, stranger),
        trial("without_the_gateway_the_page_reads_nothing", has_browser, without_gateway),
        trial("behind_the_proxy_of_vite_the_page_needs_no_cors_either", has_browser && has_npm, behind_vite),
        trial("the_proxy_of_vite_leaves_headers_as_they_are", has_npm, headers_behind_vite),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn trial<F>(name: &str, is_possible: bool, test: fn() -> F) -> Trial
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let run = move || -> Result<(), Failed> { Ok(tokio::runtime::Runtime::new()?.block_on(test())?) };
    Trial::test(name, run).with_ignored_flag(!is_possible)
}

/// The program, and the addresses of its page: its own one, and of those that it prints, the three elsewhere.
async fn start() -> (Program, [String; 4]) {
    let mut program = Program::start(None).await;
    let mut addresses = Vec::new();
    while addresses.len() < 4 {
        let line = program.printed.next_line().await.expect("it prints text").expect("it prints addresses");
        if let Some((address, _)) = line.split_once("  ") {
            addresses.push(address.to_owned());
        }
    }
    assert_eq!(addresses[0], format!("http://{}/", program.address));
    (program, addresses.try_into().expect("four"))
}

/// Cleanly, although pages are still connected.
async fn end(program: Program) -> Result<(), String> {
    program.terminate().await;
    program.ends().await;
    Ok(())
}

/// What the page at an address shows once it has asked for everything.
async fn shown(browser: &Browser, address: &str) -> Value {
    browser.go_to(address).await;
    browser.wait_until("document.querySelector('#summary').textContent.startsWith('The page read')").await;
    let script = "
        const cases = [...document.querySelectorAll('#cases li')];
        const said = (item) => item.querySelector('.said').textContent;
        return Object.fromEntries(cases.map((item) => [item.id, `${item.dataset.outcome}: ${said(item)}`]));";
    browser.run(script, Value::Null).await
}

const MODELS: &str = "read: 200 {\"data\":[{\"id\":\"parrot\"}]}";
const CHAT: &str = "read: 200 You said: hello. That is all I know";
const ITEMS: &str = "read: 200 tea, coffee";
const LIVE: &str = "read: said back: hello";
const BLOCKED: &str = "blocked: TypeError: Failed to fetch. The browser's console says why.";
const CLOSED: &str = "blocked: Error: the connection was refused. The browser's console says why.";

async fn own_page() -> Result<(), String> {
    let (program, [own, ..]) = start().await;
    chromium::with(async move |browser: Browser| {
        // No answer has a header of CORS: a page would see it here.
        let expected = json!({
            "models": format!("{MODELS} (access-control-allow-origin: *)"),
            "chat": CHAT, "doubled": ITEMS, "anyone": ITEMS, "missing": "read: 404", "live": LIVE,
        });
        assert_eq!(shown(&browser, &own).await, expected);
        let said = browser.run("return document.querySelector('#origins').textContent", Value::Null).await;
        assert!(said.as_str().is_some_and(|said| said.ends_with("and CORS does not apply.")), "{said}");

        // Word by word: what came in one go would be one step.
        let steps = browser.run("return document.querySelector('#chat').steps", Value::Null).await;
        assert!(steps.as_array().is_some_and(|steps| steps.len() > 4), "{steps}");
        let errors = browser.console().await;
        assert!(errors.iter().all(|line| line.contains("status of 404")), "{errors:#?}");
    })
    .await?;
    end(program).await
}

async fn page_elsewhere() -> Result<(), String> {
    let (program, [_, elsewhere, ..]) = start().await;
    chromium::with(async move |browser: Browser| {
        // It sees no header of CORS: none is exposed.
        let expected = json!({
            "models": MODELS, "chat": CHAT, "doubled": ITEMS, "anyone": ITEMS, "missing": "read: 404", "live": LIVE,
        });
        assert_eq!(shown(&browser, &elsewhere).await, expected);
        let steps = browser.run("return document.querySelector('#chat').steps", Value::Null).await;
        assert!(steps.as_array().is_some_and(|steps| steps.len() > 4), "{steps}");
    })
    .await?;
    end(program).await
}

async fn stranger() -> Result<(), String> {
    let (program, [_, _, stranger, _]) = start().await;
    chromium::with(async move |browser: Browser| {
        let expected = json!({
            "models": MODELS, "chat": BLOCKED, "doubled": BLOCKED, "anyone": BLOCKED, "missing": BLOCKED, "live": CLOSED,
        });
        assert_eq!(shown(&browser, &stranger).await, expected);
    })
    .await?;
    end(program).await
}

async fn without_gateway() -> Result<(), String> {
    let (program, [_, _, _, bare]) = start().await;
    chromium::with(async move |browser: Browser| {
        let expected = json!({
            "models": BLOCKED, "chat": BLOCKED, "doubled": BLOCKED, "anyone": BLOCKED, "missing": BLOCKED,
            // Whoever asks gets one.
            "live": LIVE,
        });
        assert_eq!(shown(&browser, &bare).await, expected);
        let console = browser.console().await.join("\n");
        for reason in [
            "No 'Access-Control-Allow-Origin' header is present",
            "contains multiple values '*, https://app.example.com'",
            "must not be the wildcard '*' when the request's credentials mode is 'include'",
        ] {
            assert!(console.contains(reason), "{reason}\n{console}");
        }
    })
    .await?;
    end(program).await
}

/// Where the upstream is, from the address of the page that goes without the gateway.
fn upstream([.., bare]: &[String; 4]) -> &str {
    bare.split_once("?api=").expect("it names the upstream").1
}

async fn behind_vite() -> Result<(), String> {
    let (program, addresses) = start().await;
    let vite = Vite::start(upstream(&addresses)).await;
    chromium::with(async move |browser: Browser| {
        let granted = "(access-control-allow-origin: *, https://app.example.com)";
        let expected = json!({
            "models": MODELS,
            "chat": CHAT,
            // As the service sets them: nobody reads them here, as origin and API are one.
            "doubled": format!("{ITEMS} {granted}"),
            "anyone": format!("{ITEMS} (access-control-allow-origin: *)"),
            "missing": "read: 404",
            "live": LIVE,
        });
        assert_eq!(shown(&browser, &vite.address).await, expected);
        drop(vite);
    })
    .await?;
    end(program).await
}

async fn headers_behind_vite() -> Result<(), String> {
    let (program, addresses) = start().await;
    let vite = Vite::start(upstream(&addresses)).await;
    let answer = vite.get("/v1/echo", "https://app.example.com").await;
    println!("{answer}");
    end(program).await
}
