//! Which tenant a request is for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use tower_cors::RequestHead;

use super::problem::Problem;

/// The name of a tenant, known or not: the label before `.localhost`. Browsers resolve these names to this machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tenant(Arc<str>);

impl Tenant {
    pub(crate) fn of(request: RequestHead<'_>) -> Option<Self> {
        // `:authority` over HTTP/2, `Host` over HTTP/1.1. Neither has to be in `Vary`: they are in every cache's key.
        let host = || request.headers().get(header::HOST)?.to_str().ok();
        let authority = request.uri().authority().map(Authority::as_str).or_else(host)?;
        let name = authority.split(':').next()?.strip_suffix(".localhost")?;
        // Text that is not a label cannot be a tenant's name, so the database is not queried.
        let is_label = (1..=63).contains(&name.len())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        is_label.then(|| Self(name.into()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Tenant {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of((&*parts).into())
            .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "no tenant has this host".to_owned()))
    }
}
