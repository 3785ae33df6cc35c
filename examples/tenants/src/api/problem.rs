//! What went wrong, as a problem document: RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, extract::rejection::JsonRejection};
use serde::Serialize;
use tower_cors::Issue;

use super::database::Failure;

#[derive(Serialize)]
pub(crate) struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// One for each issue, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// What is wrong with a field, for a form to show beside it.
#[derive(Serialize)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    /// The value in question, of a list.
    pub(crate) value: Option<String>,
    pub(crate) detail: String,
    pub(crate) suggestion: Option<String>,
}

impl Problem {
    /// A problem that says only its status: section 4.2.1.
    pub(crate) fn new(status: StatusCode, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self { r#type: "about:blank", title, status: status.as_u16(), detail, errors: Vec::new() }
    }

    pub(crate) fn invalid_policy(errors: Vec<FieldError>) -> Self {
        Self {
            r#type: "https://api.example.com/problems/invalid-cors-policy",
            title: "The CORS policy cannot be used",
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            detail: format!("It has {} to fix; nothing was stored.", count(errors.len())),
            errors,
        }
    }
}

fn count(issues: usize) -> String {
    if issues == 1 { "1 issue".to_owned() } else { format!("{issues} issues") }
}

impl From<&Issue> for FieldError {
    fn from(issue: &Issue) -> Self {
        Self {
            field: issue.field().to_owned(),
            value: issue.value().map(str::to_owned),
            detail: issue.to_string(),
            suggestion: issue.suggestion().map(str::to_owned),
        }
    }
}

/// Not JSON, too long, or another content type: axum knows the status.
impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

/// The reason goes to the log, for the operator.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        eprintln!("failed: {failure}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this is an error of the server; please try again".to_owned(),
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, section 11.6.1: with every 401.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
