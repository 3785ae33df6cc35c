//! The page's server: its files, and the routes that the page calls.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::live::{LivePolicy, Mistake};
use super::log::{Exchange, Log};
use super::policies::{self, Example};
use super::remedy::Change;
use super::verdict::{self, Asked};
use super::{Origins, api};

/// The files of this page only.
const SCRIPTS: [(&str, &str); 13] = [
    ("/app.js", include_str!("../page/app.js")),
    ("/call.js", include_str!("../page/call.js")),
    ("/case.js", include_str!("../page/case.js")),
    ("/cases.js", include_str!("../page/cases.js")),
    ("/copy.js", include_str!("../page/copy.js")),
    ("/decided.js", include_str!("../page/decided.js")),
    ("/editor.js", include_str!("../page/editor.js")),
    ("/elsewhere.js", include_str!("../page/elsewhere.js")),
    ("/link.js", include_str!("../page/link.js")),
    ("/own.js", include_str!("../page/own.js")),
    ("/remedy.js", include_str!("../page/remedy.js")),
    ("/shared.js", include_str!("../page/shared.js")),
    ("/steps.js", include_str!("../page/steps.js")),
];

/// The files that the stranger's pages use too.
const SHARED_SCRIPTS: [(&str, &str); 3] = [
    ("/attempt.js", include_str!("../page/attempt.js")),
    ("/seen.js", include_str!("../page/seen.js")),
    ("/text.js", include_str!("../page/text.js")),
];

#[derive(Clone)]
struct Page {
    origins: Origins,
    policy: Arc<LivePolicy>,
    log: Arc<Log>,
}

pub(super) fn app(origins: &Origins, policy: &Arc<LivePolicy>, log: &Arc<Log>) -> Router {
    let page = Page { origins: origins.clone(), policy: Arc::clone(policy), log: Arc::clone(log) };
    scripts(&SCRIPTS)
        .route("/", get(index))
        .route("/setup", get(setup))
        .route("/tools.css", get(|| file("text/css", include_str!("../page/tools.css"))))
        .route("/policy", get(current).put(replace))
        .route("/policy.rs", get(current_as_rust))
        .route("/remedy", post(remedy))
        .route("/report", post(report))
        .with_state(page)
        .merge(shared())
}

/// The styles of all pages, and the scripts that make requests and show them.
pub(super) fn shared() -> Router {
    scripts(&SHARED_SCRIPTS)
        .route("/style.css", get(|| file("text/css", include_str!("../page/style.css"))))
        .route("/case.css", get(|| file("text/css", include_str!("../page/case.css"))))
        .route("/icon.svg", get(|| file("image/svg+xml", include_str!("../page/icon.svg"))))
}

fn scripts<S: Clone + Send + Sync + 'static>(scripts: &[(&'static str, &'static str)]) -> Router<S> {
    scripts.iter().fold(Router::new(), |router, &(path, text)| router.route(path, get(move || script(text))))
}

async fn index(State(page): State<Page>) -> impl IntoResponse {
    let Origins { api, stranger, .. } = &page.origins;
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {api}; \
         frame-src {stranger}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = AppendHeaders([
        (header::CONTENT_SECURITY_POLICY, csp),
        (header::SET_COOKIE, format!("{}; Path=/; HttpOnly; SameSite=Strict", api::SESSION)),
    ]);
    (headers, file("text/html", include_str!("../page/index.html")).await)
}

pub(super) async fn script(text: &'static str) -> impl IntoResponse {
    file("text/javascript", text).await
}

/// Never stored, so a new build is seen at the next reload.
pub(super) async fn file(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, format!("{media_type}; charset=utf-8")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, text)
}

#[derive(Serialize)]
struct Setup {
    origins: Origins,
    policies: Vec<Example>,
}

async fn setup(State(page): State<Page>) -> Json<Setup> {
    Json(Setup { policies: policies::all(&page.origins), origins: page.origins })
}

async fn current(State(page): State<Page>) -> String {
    page.policy.toml()
}

/// Pages of other origins cannot call this: a `PUT` needs a preflight, and this server has no CORS.
async fn replace(State(page): State<Page>, toml: String) -> Response {
    match page.policy.store(toml) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(mistakes) => (StatusCode::UNPROCESSABLE_ENTITY, Json::<Vec<Mistake>>(mistakes)).into_response(),
    }
}

async fn current_as_rust(State(page): State<Page>) -> String {
    page.policy.rust()
}

/// The button of a remedy: the text in the editor, and what to add to it.
#[derive(Deserialize)]
struct Remedied {
    toml: String,
    change: Change,
}

/// Answers with the new text. The policy in effect does not change until the page stores the text.
async fn remedy(Json(Remedied { toml, change }): Json<Remedied>) -> Response {
    match change.apply(&toml) {
        Ok(toml) => toml.into_response(),
        Err(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal).into_response(),
    }
}

/// The result of a run: what the server saw, and what a browser's console says if it was blocked.
#[derive(Serialize)]
struct Report {
    exchanges: Vec<Exchange>,
    blocked: Option<String>,
}

async fn report(State(page): State<Page>, Json(asked): Json<Asked>) -> Response {
    let Some((policy, exchanges)) = page.log.of(&asked.run) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let blocked = verdict::blocked(&asked, &page.origins.api, &policy).await;
    Json(Report { exchanges, blocked }).into_response()
}
