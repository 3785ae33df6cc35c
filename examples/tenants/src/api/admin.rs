//! A tenant reads and edits its own policy.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use super::policies::Policies;
use super::problem::{FieldError, Problem};
use super::tenant::Tenant;

/// A tenant whose token came with the request.
pub(crate) struct Admin(Tenant);

impl FromRequestParts<Arc<Policies>> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, policies: &Arc<Policies>) -> Result<Self, Problem> {
        let tenant = Tenant::from_request_parts(parts, policies).await?;
        let expected = policies.database().token(&tenant).await?;
        if expected.is_some_and(|expected| is_same(bearer_token(parts), expected.as_bytes())) {
            return Ok(Self(tenant));
        }
        // The same whether the tenant or the token is unknown.
        Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "send the tenant's token as `Authorization: Bearer`".to_owned(),
        ))
    }
}

/// Empty if it is missing. RFC 6750, section 2.1; the scheme is case-insensitive: RFC 9110, section 11.1.
fn bearer_token(parts: &Parts) -> &[u8] {
    let value = parts.headers.get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
    match value.split_at_checked("Bearer ".len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(b"Bearer ") => token,
        _ => b"",
    }
}

/// Takes the same time wherever they differ.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).fold(0, |all, (left, right)| all | (left ^ right)) == 0
}

/// Returns the stored policy even if it is not valid: the tenant must see it to correct it.
pub(crate) async fn read(
    State(policies): State<Arc<Policies>>,
    Admin(tenant): Admin,
) -> Result<Response, Problem> {
    let stored = policies.database().policy(&tenant).await?.unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "application/json")], stored).into_response())
}

/// Checks the token first: only its owner can make this read a body.
pub(crate) async fn edit(
    State(policies): State<Arc<Policies>>,
    Admin(tenant): Admin,
    fields: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(fields) = fields?;
    let policy = checked(fields)?;
    policies.store(&tenant, &policy).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The policy with these fields, or everything that is wrong with them.
fn checked(mut fields: Map<String, Value>) -> Result<CorsPolicy, Problem> {
    let mut errors = Vec::new();
    // We are responsible for what these switches weaken. Setting one to `false` is fine: that is how the policy is returned.
    fields.retain(|field, value| {
        let is_dangerous = field.starts_with("dangerously_");
        if is_dangerous && *value != Value::Bool(false) {
            errors.push(FieldError {
                field: field.clone(),
                value: None,
                detail: format!("{field}: tenants may not set this. Remove it"),
                suggestion: None,
            });
        }
        !is_dangerous
    });
    // A field that does not exist, or is of another type.
    let builder = serde_json::from_value::<CorsPolicyBuilder>(Value::Object(fields))
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    match builder.build() {
        Ok(policy) if errors.is_empty() => Ok(policy),
        Ok(_) => Err(Problem::invalid_policy(errors)),
        Err(error) => {
            Err(Problem::invalid_policy(error.issues().map(FieldError::from).chain(errors).collect()))
        }
    }
}
