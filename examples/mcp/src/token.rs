//! Who may call: a request needs a bearer token. Without one, the answer says where tokens are issued (RFC 9728).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use subtle::ConstantTimeEq;

/// A real server would check the token's signature, audience and expiry.
const TOKEN: &str = "Bearer secret";

/// Of a resource `/mcp`, by RFC 9728, section 3.1.
pub const METADATA_PATH: &str = "/.well-known/oauth-protected-resource/mcp";

/// What a client has to know to get a token: it finds this by the 401, or by the path.
#[derive(Clone, Serialize)]
pub(crate) struct Metadata {
    resource: String,
    authorization_servers: [&'static str; 1],
    bearer_methods_supported: [&'static str; 1],
}

impl Metadata {
    pub(crate) fn new(here: &str) -> Self {
        Self {
            resource: format!("{here}/mcp"),
            authorization_servers: ["https://login.example.com"],
            bearer_methods_supported: ["header"],
        }
    }
}

/// The value of `WWW-Authenticate`. A page can read it only if the policy exposes that header.
pub(crate) fn challenge(here: &str) -> HeaderValue {
    let value = format!("Bearer resource_metadata=\"{here}{METADATA_PATH}\"");
    HeaderValue::try_from(value).expect("an origin is a valid header value")
}

pub(crate) async fn require(State(challenge): State<HeaderValue>, request: Request, next: Next) -> Response {
    if is_known(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], "a token is needed").into_response()
}

/// The time that this takes reveals only the length of the token. Text of another length is not read.
fn is_known(headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    given.is_some_and(|given| given.as_bytes().ct_eq(TOKEN.as_bytes()).into())
}
