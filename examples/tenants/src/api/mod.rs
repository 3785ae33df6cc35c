//! The API: a route for pages, and one where a tenant reads and edits its policy.

mod admin;
mod database;
mod policies;
mod problem;
mod tenant;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_cors::CorsLayer;

pub(crate) use self::database::Database;
pub(crate) use self::policies::Policies;
pub(crate) use self::tenant::Tenant;

/// How many bytes a policy may have: some two hundred origins.
pub(crate) const MAX_POLICY: usize = 8 << 10;

pub(crate) fn router(policies: Arc<Policies>) -> Router {
    let looked_up = Arc::clone(&policies);
    let cors = CorsLayer::per_request_async(move |request| {
        let (policies, tenant) = (Arc::clone(&looked_up), Tenant::of(request));
        async move { policies.find(&tenant?).await }
    });
    let cors = cors.on_denial(|denial, request| {
        let header = |name| request.headers().get(name);
        println!("denied: {:?} at {:?}: {denial}", header(header::ORIGIN), header(header::HOST));
    });
    Router::new()
        .route("/", get(items))
        .route("/cors", get(admin::read).put(admin::edit).layer(DefaultBodyLimit::max(MAX_POLICY)))
        // Around both: the admin page is on another origin too, and its tenant's policy must allow it. A tenant that locks
        // its page out can still use curl.
        .layer(cors)
        .with_state(policies)
}

async fn items(tenant: Tenant) -> Json<Value> {
    Json(json!({ "tenant": tenant.name(), "items": ["tea", "coffee"] }))
}
