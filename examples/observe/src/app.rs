//! The API, and the listeners that watch it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_cors::{CorsLayer, CorsPolicy, PolicyError};

use crate::numbers::Numbers;
use crate::used::Used;

/// What was seen since the start.
#[derive(Default)]
pub(crate) struct Observed(Mutex<Used>);

impl Observed {
    fn lock(&self) -> MutexGuard<'_, Used> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As a policy file.
    pub(crate) fn used(&self) -> impl fmt::Display {
        self.lock().to_string()
    }
}

/// `shadow` is the planned policy of `/items`.
pub(crate) fn api(shadow: CorsPolicy, observed: &Arc<Observed>) -> Result<Router, PolicyError> {
    let anyone = CorsPolicy::builder()
        .allow_any_origin()
        .allow_any_method()
        .allow_any_header()
        .allow_headers(["authorization"])
        .expose_all_headers()
        .max_age(Duration::from_secs(600))
        .build()?;
    let admin =
        CorsPolicy::builder().allow_origin("https://admin.example.com").allow_credentials(true).build()?;

    let (numbers, of_shadow) = (Numbers::new("items"), Numbers::new("items"));
    let observed = Arc::clone(observed);
    let items = CorsLayer::new(anyone)
        .on_decision(move |decision, request| {
            numbers.decided(decision, request);
            observed.lock().note(decision, request);
        })
        .shadow(shadow)
        .on_disagreement(move |disagreement, _| of_shadow.disagreed(disagreement));
    let numbers = Numbers::new("admin");
    let admin =
        CorsLayer::new(admin).on_decision(move |decision, request| numbers.decided(decision, request));

    let no_content = || async { StatusCode::NO_CONTENT };
    Ok(Router::new()
        .route("/items", get(async || "tea, coffee\n").put(no_content).delete(no_content).layer(items))
        .route("/admin", get(async || "all is well\n").layer(admin)))
}

/// The routes for operators.
pub(crate) fn inside(numbers: PrometheusHandle, observed: Arc<Observed>) -> Router {
    Router::new()
        .route("/metrics", get(async move || numbers.render()))
        .route("/used", get(async move || observed.used().to_string()))
}
