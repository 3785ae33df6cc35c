//! The server with the TypeScript client in real browsers, with its own page, and with pages that attack it.
//!
//! npm installs the clients and esbuild bundles them, below `target/`. Without npm, or without a browser's driver, a trial is
//! ignored. With `TOWER_CORS_NPM=required`, the tests fail without npm, and with `TOWER_CORS_BROWSERS=chromium,firefox`,
//! without these browsers.

mod mcp {
    pub(crate) mod browser;
    pub(crate) mod bundle;
    pub(crate) mod rebinding;
    pub(crate) mod servers;
}

#[path = "program/process.rs"]
#[allow(dead_code, reason = "the tests without a browser use more of it")]
mod program;

use std::future::Future;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use mcp::browser::{self, Browser, Engine};
use mcp::bundle;
use mcp::rebinding::{NAME, Name};
use mcp::servers::{Seen, Server, Site};
use program::Program;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower_cors::CorsPolicy;

/// The clients, by the names of their bundles: the current one, and the one before it.
const CLIENTS: [&str; 2] = ["client-2", "sdk-1"];

fn main() {
    // Outlives the tests, which reuse each other's browsers.
    let runtime = Arc::new(Runtime::new().expect("a runtime"));
    let mut trials = Vec::new();
    for engine in Engine::ALL {
        trials.extend([
            with_clients(&runtime, "a_client_opens_a_session_reads_streams_and_ends_it", engine, session),
            with_clients(&runtime, "a_client_resumes_a_stream_on_the_next_page", engine, resume),
            with_clients(&runtime, "a_client_takes_the_newest_protocol_by_itself", engine, automatic),
            with_clients(&runtime, "a_client_without_a_token_learns_where_to_get_one", engine, unauthorized),
            with_clients(&runtime, "a_page_of_a_stranger_gets_nothing", engine, stranger),
        ]);
    }
    trials.extend([
        trial(&runtime, "a_page_that_rebinds_its_name_gets_nothing", Engine::Chromium, rebinding),
        trial(&runtime, "the_page_says_why_it_is_refused_and_calls_a_tool", Engine::Chromium, by_hand),
    ]);
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    browser::end_idle();
    conclusion.exit();
}

/// A test in a page that has the clients from npm.
fn with_clients<F>(runtime: &Arc<Runtime>, name: &str, engine: Engine, test: fn(Engine, Site) -> F) -> Trial
where
    F: Future<Output = ()> + 'static,
{
    let test = move |engine| async move {
        let bundles = bundle::bundles().unwrap_or_else(|error| panic!("{error}"));
        test(engine, Site::start(bundles).await).await;
    };
    trial(runtime, name, engine, test).with_ignored_flag(engine.is_missing() || bundle::is_missing())
}

fn trial<F: Future<Output = ()>>(
    runtime: &Arc<Runtime>,
    name: &str,
    engine: Engine,
    test: impl FnOnce(Engine) -> F + Send + 'static,
) -> Trial {
    let runtime = Arc::clone(runtime);
    let run = move || -> Result<(), Failed> {
        runtime.block_on(test(engine));
        Ok(())
    };
    Trial::test(format!("{name}_in_{}", engine.name()), run).with_ignored_flag(engine.is_missing())
}

/// The example, as it is.
async fn example(page: &str) -> Server {
    Server::start(|here| example_mcp::policy(here, page).expect("a policy")).await
}

/// What a page sees in one of the scenarios.
async fn play(browser: &Browser, page: &str, client: &str, scenario: &str, server: &Server) -> Value {
    let url = server.url();
    browser.go_to(&format!("{page}/play?client={client}&scenario={scenario}&url={url}")).await;
    let seen = browser.wait_for("output", "}").await;
    serde_json::from_str(&seen).expect("it is JSON")
}

/// The steps that the tool reports, in their order.
const STEPS: [&str; 5] = ["fill the kettle", "heat the water", "warm the cup", "pour", "wait"];

async fn session(engine: Engine, site: Site) {
    let browser = Browser::of(engine).await;
    for client in CLIENTS {
        let server = example(&site.page).await;
        let seen = play(&browser, &site.page, client, "session", &server).await;
        let expected = json!({
            "server": "example-mcp",
            "protocol": "2025-11-25",
            "hasSession": true,
            "tools": ["brew", "menu"],
            "progress": STEPS,
            "answer": "a cup of tea",
            "cameAsItWasMade": true,
            "afterwards": 404,
        });
        assert_eq!(seen, expected, "{client}");
        let ended = server.seen().into_iter().find(|seen| seen.method == "DELETE").expect("it was ended");
        assert_eq!(ended.status, 202, "{client}: {ended:?}");
    }
}

async fn resume(engine: Engine, site: Site) {
    let browser = Browser::of(engine).await;
    for client in CLIENTS {
        let server = example(&site.page).await;
        let seen = play(&browser, &site.page, client, "resume", &server).await;
        assert_eq!(seen["before"], json!(STEPS[..2]), "{client}: {seen}");
        assert_eq!(seen["answer"], "a cup of tea", "{client}: {seen}");
        // Nothing is lost, and nothing starts again from the beginning. rmcp repeats the last event.
        let after = seen["after"].as_array().expect("a list");
        let after: Vec<_> = after.iter().filter_map(Value::as_str).collect();
        assert!(after.ends_with(&STEPS[2..]) && !after.contains(&STEPS[0]), "{client}: {after:?}");

        let is_resumption = |seen: &Seen| seen.method == "GET" && !seen.header("last-event-id").is_empty();
        let resumptions: Vec<_> = server.seen().into_iter().filter(is_resumption).collect();
        assert!(matches!(&resumptions[..], [Seen { status: 200, .. }]), "{client}: {resumptions:#?}");
    }
}

async fn automatic(engine: Engine, site: Site) {
    let browser = Browser::of(engine).await;

    let server = example(&site.page).await;
    let seen = play(&browser, &site.page, "client-2", "automatic", &server).await;
    let expected = json!({
        "protocol": "2026-07-28",
        "hasSession": false,
        "progress": STEPS,
        "answer": "a cup of tea",
    });
    assert_eq!(seen, expected);
    let calls: Vec<_> = server.seen().into_iter().filter(|seen| seen.header("mcp-name") == "brew").collect();
    assert!(matches!(&calls[..], [call] if call.header("mcp-method") == "tools/call"), "{calls:#?}");

    // Wrong, on purpose: without the two headers that the newest protocol adds, everything seems to work.
    let lacking = |here: &[String]| {
        let headers =
            ["authorization", "content-type", "last-event-id", "mcp-protocol-version", "mcp-session-id"];
        CorsPolicy::builder()
            .allow_origin(&site.page)
            .allow_methods(["DELETE"])
            .allow_headers(headers)
            .expose_headers(["mcp-session-id"])
            .reject_disallowed_origins(true)
            .served_at(here)
            .build()
            .expect("a policy")
    };
    let server = Server::start(lacking).await;
    let seen = play(&browser, &site.page, "client-2", "automatic", &server).await;
    let expected = json!({
        "protocol": "2025-11-25",
        "hasSession": true,
        "progress": STEPS,
        "answer": "a cup of tea",
    });
    assert_eq!(seen, expected);
}

async fn unauthorized(engine: Engine, site: Site) {
    let browser = Browser::of(engine).await;
    let server = example(&site.page).await;
    let seen = play(&browser, &site.page, "client-2", "unauthorized", &server).await;
    let path = "/.well-known/oauth-protected-resource/mcp";
    let expected = json!({
        "challenge": format!("http://localhost:{}{path}", server.port),
        "resource": server.url(),
        "tools": ["brew", "menu"],
    });
    assert_eq!(seen, expected);

    // The client sends its protocol version even there, so the browser sends a preflight.
    let asked: Vec<_> = server.seen().into_iter().filter(|seen| seen.path == path).collect();
    let [preflight, request] = &asked[..] else { panic!("{asked:#?}") };
    assert_eq!((preflight.method.as_str(), preflight.status), ("OPTIONS", 204));
    assert_eq!(preflight.header("access-control-request-headers"), "mcp-protocol-version");
    assert_eq!((request.method.as_str(), request.status), ("GET", 200));
    assert_eq!(request.header("mcp-protocol-version"), "2025-11-25");
}

async fn stranger(engine: Engine, site: Site) {
    let browser = Browser::of(engine).await;
    for client in CLIENTS {
        let server = example(&site.page).await;
        let seen = play(&browser, &site.stranger, client, "attack", &server).await;
        let nothing = json!({ "connected": false, "readMetadata": false, "readAnswer": false });
        assert_eq!(seen, nothing, "{client}");
        // Preflights and the rest: the service saw none of them.
        let seen = server.seen();
        assert!(seen.len() >= 3 && seen.iter().all(|seen| seen.status == 403), "{client}: {seen:#?}");
    }
}

async fn rebinding(engine: Engine) {
    const PAGE: &str = "http://localhost:3004";
    // From a page that even has a token.
    const ATTACK: &str = r#"
        const meta = {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "attack", version: "1.0.0" },
          "io.modelcontextprotocol/clientCapabilities": {},
        };
        const headers = {
          accept: "application/json, text/event-stream",
          authorization: "Bearer secret",
          "content-type": "application/json",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "menu",
        };
        const params = { name: "menu", arguments: {}, _meta: meta };
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
        const called = await fetch("/mcp", { method: "POST", headers, body });
        const read = await fetch("/.well-known/oauth-protected-resource/mcp");
        return {
          called: [called.status, (await called.text()).includes("tea, coffee")],
          read: [read.status, (await read.text()).includes("resource")],
        };"#;
    let attack = async |server: &Server| {
        let name = Name::of_attacker().await;
        let browser = Browser::start(engine, &name.rule()).await;
        browser.go_to(&format!("http://{NAME}:{}/", server.port)).await;
        name.rebind(server.port);
        let seen = browser.run(ATTACK).await;
        browser.end();
        seen
    };

    let server = Server::start(|_| example_mcp::policy(&[], PAGE).expect("a policy")).await;
    let seen = attack(&server).await;
    assert_eq!(seen, json!({ "called": [200, true], "read": [200, true] }), "without `served_at`");

    let server = example(PAGE).await;
    let seen = attack(&server).await;
    assert_eq!(seen, json!({ "called": [421, false], "read": [421, false] }), "with it");
    let is_refused =
        |seen: &Seen| seen.header("host") == format!("{NAME}:{}", server.port) && seen.status == 421;
    let seen = server.seen();
    assert!(seen.iter().all(is_refused), "{seen:#?}");
    // For the browser, these are same-origin: only the `Host` tells a `GET` from one of our own pages.
    assert!(seen.iter().any(|seen| !seen.headers.contains_key("origin")), "{seen:#?}");
}

async fn by_hand(engine: Engine) {
    let program = Program::start();
    let browser = Browser::of(engine).await;
    browser.go_to(&program.page).await;

    browser.type_into("[name=token]", "wrong").await;
    browser.click("#connect button").await;
    let told = browser.wait_for("#status", "401").await;
    let resource = format!("{}/mcp", program.server);
    let expected =
        format!("401 a token is needed. Tokens for {resource} are issued by https://login.example.com.");
    assert_eq!(told, expected);

    browser.type_into("[name=token]", "secret").await;
    browser.click("#connect button").await;
    browser.wait_for("#status", "2 tools").await;
    let tool = "#tools li:first-child";
    assert_eq!(browser.wait_for(&format!("{tool} h2"), "brew").await, "brew");
    browser.click(&format!("{tool} button")).await;
    // Each step is shown as it is made.
    browser.wait_for(&format!("{tool} ol"), "1 of 5: fill the kettle").await;
    let shown = browser.wait_for(&format!("{tool} ol"), "a cup of tea").await;
    let lines: Vec<_> = shown.lines().collect();
    let steps = STEPS.iter().zip(1..).map(|(step, number)| format!("{number} of 5: {step}"));
    assert_eq!(lines, steps.chain(["a cup of tea".to_owned()]).collect::<Vec<_>>());
}
