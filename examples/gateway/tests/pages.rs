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
use pages::vite::{self, Config, Vite};
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
        trial("the_proxy_of_vite_does_what_its_configuration_says", has_npm, headers_behind_vite),
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
const LIVE: &str = "read: echoed: hello";
const BLOCKED: &str = "blocked: TypeError: Failed to fetch. The browser's console says why.";
const CLOSED: &str = "blocked: Error: the connection was refused. The browser's console says why.";

async fn own_page() -> Result<(), String> {
    let (program, [own, ..]) = start().await;
    chromium::with(async move |browser: Browser| {
        // But for what is for any page, no answer has a header of CORS: a page would see it here.
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
    let vite = Vite::start(upstream(&addresses), Config::Ours).await;
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

const APP: &str = "https://app.example.com";
const LOCAL: &str = "http://localhost:1";

async fn headers_behind_vite() -> Result<(), String> {
    let (program, addresses) = start().await;
    let vite = Vite::start(upstream(&addresses), Config::Ours).await;
    let preflight = ["access-control-request-method: POST"];
    // A header that is there twice comes as one line: browsers refuse it all the same.
    for (path, granted) in [
        ("/v1/models", &[][..]),
        ("/v1/doubled", &["access-control-allow-origin: *, https://app.example.com"]),
        ("/v1/anyone", &["access-control-allow-origin: *", "access-control-allow-credentials: true"]),
    ] {
        for origin in [APP, LOCAL] {
            let answer = vite.ask("GET", path, origin, &[]).await;
            assert_eq!(
                (answer.status(), answer.granted()),
                ("200", granted.iter().map(ToString::to_string).collect()),
                "{path} {origin}"
            );
        }
    }
    // The service knows no preflight, and nobody else answers it.
    let answer = vite.ask("OPTIONS", "/v1/chat", APP, &preflight).await;
    assert_eq!((answer.status(), answer.granted()), ("405", Vec::new()));

    let claimed = ["x-forwarded-for: 192.0.2.1", "connection: x-named", "x-named: 1"];
    let seen = vite.ask("GET", "/v1/echo", APP, &claimed).await;
    let host = vite.address.trim_start_matches("http://");
    for part in [&format!(r#""host":["{host}"]"#), r#""x-forwarded-for":["192.0.2.1"]"#, r#""x-named":["1"]"#]
    {
        assert!(seen.0.contains(part), "{part}\n{}", seen.0);
    }
    drop(vite);

    // What it does by itself.
    let vite = Vite::start(upstream(&addresses), Config::WithoutCorsLine).await;
    let answer = vite.ask("GET", "/v1/models", LOCAL, &[]).await;
    assert_eq!(answer.granted(), ["access-control-allow-origin: http://localhost:1"]);
    assert_eq!(vite.ask("GET", "/v1/models", APP, &[]).await.granted(), Vec::<String>::new());
    for origin in [APP, LOCAL] {
        assert_eq!(vite.ask("OPTIONS", "/v1/chat", origin, &preflight).await.status(), "204", "{origin}");
    }
    drop(vite);
    end(program).await
}
