//! What went wrong: in full for the log, and as a problem document for the page (RFC 9457).

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper_util::client::legacy;
use serde::Serialize;

use super::body::Idle;

/// What a page reads. It reveals nothing about the services behind the gateway.
#[derive(Serialize)]
pub(crate) struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'static str,
}

impl Problem {
    /// A problem that says only its status: section 4.2.1.
    pub(crate) fn new(status: StatusCode, detail: &'static str) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self { r#type: "about:blank", title, status: status.as_u16(), detail }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Json(&self).into_response();
        *response.status_mut() = StatusCode::from_u16(self.status).expect("it was one");
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

/// Why there is no answer to send back.
#[derive(Debug)]
pub(super) enum Failure {
    NoHost,
    /// `CONNECT`, which would turn the gateway into an open proxy.
    Tunnel,
    Unreachable(legacy::Error),
    NotReachedInTime(legacy::Error),
    Broken(legacy::Error),
    Late,
    SwitchedUnasked,
    ClientIdle,
}

impl Failure {
    pub(super) fn of_request(error: legacy::Error) -> Self {
        let timed_out = |error: &io::Error| error.kind() == ErrorKind::TimedOut;
        if causes(&error).any(<dyn Error>::is::<Idle>) {
            Self::ClientIdle
        } else if !error.is_connect() {
            Self::Broken(error)
        } else if causes(&error).filter_map(|cause| cause.downcast_ref()).any(timed_out) {
            Self::NotReachedInTime(error)
        } else {
            Self::Unreachable(error)
        }
    }

    fn problem(&self) -> Problem {
        let (status, detail) = match self {
            Self::NoHost => (StatusCode::BAD_REQUEST, "The request must have one Host header, with a host."),
            Self::Tunnel => (StatusCode::METHOD_NOT_ALLOWED, "CONNECT is not allowed here."),
            Self::Unreachable(_) => {
                (StatusCode::BAD_GATEWAY, "The service cannot be reached. Try again later.")
            }
            Self::Broken(_) | Self::SwitchedUnasked => {
                (StatusCode::BAD_GATEWAY, "The service did not send a valid answer. Try again later.")
            }
            Self::NotReachedInTime(_) | Self::Late => {
                (StatusCode::GATEWAY_TIMEOUT, "The service did not answer in time. Try again later.")
            }
            Self::ClientIdle => {
                (StatusCode::REQUEST_TIMEOUT, "The rest of the request did not arrive in time.")
            }
        };
        Problem::new(status, detail)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response<Body> {
        self.problem().into_response()
    }
}

/// For the log.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.problem();
        write!(f, "{} {}", problem.status, problem.title)?;
        match self {
            Self::Unreachable(error) | Self::NotReachedInTime(error) | Self::Broken(error) => {
                causes(error).try_for_each(|cause| write!(f, ": {cause}"))
            }
            Self::Late => f.write_str(": the answer has not begun in time"),
            Self::SwitchedUnasked => f.write_str(": it switched protocols without a request to do so"),
            Self::NoHost | Self::Tunnel | Self::ClientIdle => write!(f, ": {}", problem.detail),
        }
    }
}

/// An error, and its sources.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
