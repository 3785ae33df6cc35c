//! The model provider: its address, the key, which only this file sends, and the ways in which a request can fail there.

use std::fmt;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::ApiError;
use crate::settings;

/// The longest answer that is not a stream.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// The longest explanation of an error that is passed on, in characters.
const LONGEST_MESSAGE: usize = 500;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) struct Provider {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    address: String,
    key: String,
    pub(super) first_token_timeout: Duration,
}

/// Why a model did not answer.
#[derive(Debug)]
pub(super) enum Failure {
    Busy { retry_after: Option<Duration> },
    Broken(StatusCode),
    TooSlow,
    Unreachable(String),
    KeyRefused(StatusCode),
    BadRequest { status: StatusCode, message: String },
}

impl Provider {
    pub(super) fn new(settings: settings::Provider) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            address: format!("{}/chat/completions", settings.base),
            key: settings.key,
            first_token_timeout: settings.first_token_timeout,
        }
    }

    /// The answer's head, if it is a success. Dropping its body also ends the answer at the provider.
    pub(super) async fn send(&self, text: String) -> Result<Response<Incoming>, Failure> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", self.key)).map_err(|_| {
            Failure::Unreachable("the key has characters that are not allowed in a header".to_owned())
        })?;
        authorization.set_sensitive(true);
        let request = Request::post(&self.address)
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(text))
            .map_err(|error| Failure::Unreachable(error.to_string()))?;
        let response =
            self.client.request(request).await.map_err(|error| Failure::Unreachable(error.to_string()))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(Failure::Busy { retry_after: retry_after(response.headers()) })
            }
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Err(Failure::KeyRefused(status)),
            status if status.is_client_error() => {
                Err(Failure::BadRequest { status, message: self.message(response.into_body()).await })
            }
            status => Err(Failure::Broken(status)),
        }
    }

    /// The provider's message about a mistake in the request, without the key: some providers repeat it.
    async fn message(&self, body: Incoming) -> String {
        let unexplained = "the model provider refused the request";
        let Ok(answer) = read(body).await else { return unexplained.to_owned() };
        match answer["error"]["message"].as_str() {
            Some(message) if !message.contains(&self.key) => message.chars().take(LONGEST_MESSAGE).collect(),
            _ => unexplained.to_owned(),
        }
    }
}

/// A whole answer.
pub(super) async fn read(body: Incoming) -> Result<Value, Failure> {
    let whole = Limited::new(body, LONGEST_ANSWER).collect().await;
    let text = whole.map_err(|error| Failure::Unreachable(error.to_string()))?.to_bytes();
    serde_json::from_slice(&text)
        .map_err(|error| Failure::Unreachable(format!("its answer is not JSON: {error}")))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

impl Failure {
    /// Another model may succeed where this one did not.
    pub(super) fn is_of_model(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Broken(_) | Self::TooSlow | Self::Unreachable(_) => true,
            Self::KeyRefused(_) | Self::BadRequest { .. } => false,
        }
    }
}

/// For the log.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { .. } => f.write_str("too many requests (429)"),
            Self::Broken(status) => write!(f, "status {status}"),
            Self::TooSlow => f.write_str("no token in time"),
            Self::Unreachable(error) => f.write_str(error),
            Self::KeyRefused(status) => write!(f, "the provider refuses OPENAI_API_KEY: {status}"),
            Self::BadRequest { status, message } => write!(f, "{status}: {message}"),
        }
    }
}

/// For the page, which learns nothing about the provider.
impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy { retry_after } => {
                let error =
                    Self::new(StatusCode::TOO_MANY_REQUESTS, "every model is busy").with_code("models_busy");
                error.retry_after(retry_after.unwrap_or(Duration::from_secs(5)))
            }
            Failure::TooSlow => Self::new(StatusCode::GATEWAY_TIMEOUT, "no model answered in time"),
            Failure::Broken(_) | Failure::Unreachable(_) => {
                Self::new(StatusCode::BAD_GATEWAY, "no model could answer. Try again in a moment")
            }
            Failure::KeyRefused(_) => {
                Self::new(StatusCode::BAD_GATEWAY, "the gateway is not set up for its model provider")
            }
            Failure::BadRequest { status, message } => Self::new(status, message),
        }
    }
}
