//! The widget's routes, for pages of customers, and those where a customer registers its sites.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, put};
use tower_cors::{CorsLayer, CorsPolicy, Origin, PolicyError};

use crate::domains::{Domains, Failure};

/// More than an origin can have.
const MAX_ORIGIN: usize = 512;

/// What the pages of customers, and our own, may do. Only the customers' origins are elsewhere.
fn widget_policy() -> Result<CorsPolicy, PolicyError> {
    CorsPolicy::builder()
        .allow_origin("https://www.bookings.example")
        // A visitor's bookings are in a session.
        .allow_credentials(true)
        .allow_methods(["PUT"])
        .build()
}

pub(crate) fn router(domains: &Arc<Domains>) -> Result<Router, PolicyError> {
    let known = Arc::clone(domains);
    let widget = CorsLayer::origin_lookup(widget_policy()?, move |origin, _| {
        let (known, origin) = (Arc::clone(&known), origin.as_str().to_owned());
        async move { known.are_registered(origin).await }
    });
    // Customers' pages may not register sites: their visitors are not the customer.
    let dashboard = CorsPolicy::builder()
        .allow_origin("https://dashboard.bookings.example")
        .allow_methods(["PUT", "DELETE"])
        .allow_headers(["authorization"])
        .build()?;
    let widget = Router::new()
        .route("/slots", get(async || "09:00, 10:30\n").put(async || StatusCode::NO_CONTENT))
        .layer(widget);
    let dashboard = Router::new()
        .route("/domains", put(register).delete(revoke).layer(DefaultBodyLimit::max(MAX_ORIGIN)))
        .layer(CorsLayer::new(dashboard))
        .with_state(Arc::clone(domains));
    Ok(widget.merge(dashboard))
}

type Answer = Result<StatusCode, (StatusCode, String)>;

async fn register(State(domains): State<Arc<Domains>>, headers: HeaderMap, origin: String) -> Answer {
    let customer = customer(&domains, &headers).await?;
    check(&origin).map_err(|mistake| (StatusCode::UNPROCESSABLE_ENTITY, mistake))?;
    if !domains.register(customer, origin).await.map_err(failed)? {
        return Err((StatusCode::CONFLICT, "another customer has registered this origin\n".to_owned()));
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke(State(domains): State<Arc<Domains>>, headers: HeaderMap, origin: String) -> Answer {
    let customer = customer(&domains, &headers).await?;
    if !domains.revoke(customer, origin).await.map_err(failed)? {
        return Err((StatusCode::NOT_FOUND, "you have not registered this origin\n".to_owned()));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The database gets only origins that a policy with the same settings allows: look-ups do not check them again.
fn check(origin: &str) -> Result<(), String> {
    // One site, not `https://*.example.com`.
    Origin::parse(origin).map_err(|problem| format!("this {problem}\n"))?;
    let listed = widget_policy().map(|policy| policy.to_builder().allow_origin(origin).build());
    listed.and_then(|listed| listed.map(drop)).map_err(|error| format!("{error}\n"))
}

/// The customer whose token is in the request. A real token is random, and the database has only its hash.
async fn customer(domains: &Arc<Domains>, headers: &HeaderMap) -> Result<String, (StatusCode, String)> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    let customer = domains.database().customer(token).await.map_err(failed)?;
    customer.ok_or_else(|| {
        (StatusCode::UNAUTHORIZED, "send a customer's token as `Authorization: Bearer`\n".to_owned())
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn failed(failure: Failure) -> (StatusCode, String) {
    eprintln!("the database: {failure}");
    (StatusCode::INTERNAL_SERVER_ERROR, "the database does not answer\n".to_owned())
}
