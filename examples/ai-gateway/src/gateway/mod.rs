//! The gateway between pages and the provider.

mod auth;
mod chat;
mod error;
mod events;
mod ledger;
mod limit;
mod models;
mod provider;
mod relay;
mod request;
mod request_id;
mod route;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Json, Router};
use tower_cors::{CorsLayer, CorsPolicy};

pub(crate) use auth::Users;
pub(crate) use models::Models;

use crate::settings::Settings;
use crate::store::Store;
use auth::Sessions;
use error::ApiError;
use ledger::Ledger;
use provider::Provider;

/// The longest request, pictures included.
const LONGEST_REQUEST: usize = 4 * 1024 * 1024;

pub(crate) struct Gateway {
    models: Models,
    users: Users,
    sessions: Sessions,
    store: Store,
    ledger: Arc<Ledger>,
    provider: Provider,
}

impl Gateway {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            models: settings.models,
            users: settings.users,
            sessions: Sessions::new(settings.session_key),
            store: Store::new(settings.limit, settings.redis),
            ledger: Arc::default(),
            provider: Provider::new(settings.provider),
        }
    }
}

/// From the outside in: CORS, which answers preflights and makes every error readable; the limit, which counts guesses of a
/// token too; authentication; the service.
pub(crate) fn app(gateway: Arc<Gateway>, policy: CorsPolicy) -> Router {
    let for_users = Router::new()
        .route("/v1/chat/completions", post(chat::complete))
        .route("/v1/models", get(models::list))
        .route("/v1/usage", get(ledger::show))
        .route("/v1/feedback", post(ledger::rate))
        .route("/session", get(auth::who))
        .route_layer(from_fn_with_state(Arc::clone(&gateway), auth::require));
    for_users
        .route("/session", post(auth::sign_in).delete(auth::sign_out))
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, "this address does not exist"))
        .method_not_allowed_fallback(async || {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not support this method")
        })
        .layer(DefaultBodyLimit::max(LONGEST_REQUEST))
        .layer(from_fn_with_state(Arc::clone(&gateway), limit::apply))
        .layer(from_fn(request_id::assign))
        // Last, so outermost.
        .layer(CorsLayer::from(policy).on_denial(|denial, request| {
            println!("denied: {} {:?}: {denial}", request.method(), request.uri().path());
        }))
        .with_state(gateway)
}

/// A JSON body, or what is wrong with it in the shape of all errors.
type Body<T> = Result<Json<T>, axum::extract::rejection::JsonRejection>;
