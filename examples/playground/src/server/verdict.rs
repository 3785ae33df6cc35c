//! What a browser's console says. No script can read that, so it comes from the crate's model of a browser.

use std::collections::BTreeMap;

use serde::Deserialize;
use tower::Layer;
use tower_cors::browser::{Browser, Credentials, Request};
use tower_cors::{CorsLayer, CorsPolicy};

use super::api::{self, SESSION};

/// A request as the page made it.
#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) run: String,
    /// The origin that asked: the page's, the stranger's, or `null`.
    origin: String,
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    credentials: Mode,
    body: Option<String>,
}

/// The credentials mode, as a page writes it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Omit,
    SameOrigin,
    Include,
}

/// Makes the same request in the model, to the same routes with the same policy. `None`: it is allowed.
pub(super) async fn blocked(asked: &Asked, api: &str, policy: &CorsPolicy) -> Option<String> {
    let mut app = CorsLayer::from(policy).layer(api::routes());
    let mode = match asked.credentials {
        Mode::Omit => Credentials::Omit,
        Mode::SameOrigin => Credentials::SameOrigin,
        Mode::Include => Credentials::Include,
    };
    let request = Request::new(asked.method.as_str(), asked.path.as_str()).credentials(mode);
    let request = asked.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let request = match &asked.body {
        Some(body) => request.text(body),
        None => request,
    };

    let mut browser = Browser::at(asked.origin.as_str()).server(api).cookie(SESSION);
    browser.fetch(&mut app, request).await.err().map(|error| error.to_string())
}
