//! A name for each request, shared by the page, the log and the bill.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::ApiError;

pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

/// A name sent by a client is ignored: it could be another client's.
pub(super) async fn assign(mut request: Request, next: Next) -> Response {
    let Ok(number) = getrandom::u64() else {
        // The operating system has no random numbers, so nothing here would be safe.
        return ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "out of random numbers").into_response();
    };
    let id = format!("req_{number:016x}");
    let value = HeaderValue::try_from(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(value) = value {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}
