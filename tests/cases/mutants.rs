//! Ways to break the layer. Each is a mistake that a real CORS layer has made.

use std::convert::Infallible;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use tower::Service as _;
use tower::util::BoxCloneSyncService;

use crate::data::service::App;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    Nothing,
    NoVary,
    /// `Origin: http://evilapp.localhost` matches `http://app.localhost`.
    SuffixMatch,
    DoubledAllowOrigin,
    /// `True` for `true`.
    CapitalTrue,
    NoCredentialsOnPreflight,
    UnauthorizedPreflight,
    NoHeadersOnErrors,
    NoMaxAge,
    NoExposedHeaders,
    UpperCaseMethods,
}

impl Mutant {
    pub(crate) const ALL: [Self; 10] = [
        Self::NoVary,
        Self::SuffixMatch,
        Self::DoubledAllowOrigin,
        Self::CapitalTrue,
        Self::NoCredentialsOnPreflight,
        Self::UnauthorizedPreflight,
        Self::NoHeadersOnErrors,
        Self::NoMaxAge,
        Self::NoExposedHeaders,
        Self::UpperCaseMethods,
    ];

    /// The stack with the mistake in it.
    pub(crate) fn around(self, app: App<String>) -> App<String> {
        BoxCloneSyncService::new(tower::service_fn(move |mut request: Request<String>| {
            let mut app = app.clone();
            async move {
                let is_preflight = *request.method() == Method::OPTIONS
                    && request.headers().contains_key("access-control-request-method");
                if self == Self::UnauthorizedPreflight && is_preflight {
                    return Ok(unauthorized());
                }
                let disguised =
                    (self == Self::SuffixMatch).then(|| disguise(request.headers_mut())).flatten();
                let mut response = app.call(request).await?;
                if let (Some(origin), true) =
                    (disguised, response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN))
                {
                    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                }
                self.spoil(is_preflight, response.status(), response.headers_mut());
                Ok::<_, Infallible>(response)
            }
        }))
    }

    fn spoil(self, is_preflight: bool, status: StatusCode, headers: &mut HeaderMap) {
        let is_error = status.is_client_error() || status.is_server_error();
        match self {
            Self::NoVary => remove(headers, &[VARY]),
            Self::DoubledAllowOrigin => {
                if let Some(origin) = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).cloned() {
                    headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                }
            }
            Self::CapitalTrue => {
                if let Some(credentials) = headers.get_mut(ACCESS_CONTROL_ALLOW_CREDENTIALS) {
                    *credentials = HeaderValue::from_static("True");
                }
            }
            Self::NoCredentialsOnPreflight if is_preflight => {
                remove(headers, &[ACCESS_CONTROL_ALLOW_CREDENTIALS]);
            }
            Self::NoHeadersOnErrors if is_error => {
                remove(headers, &[ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS]);
            }
            Self::NoMaxAge => remove(headers, &[ACCESS_CONTROL_MAX_AGE]),
            Self::NoExposedHeaders => remove(headers, &[ACCESS_CONTROL_EXPOSE_HEADERS]),
            Self::UpperCaseMethods => {
                if let Some(methods) = headers.get_mut(ACCESS_CONTROL_ALLOW_METHODS) {
                    let upper = methods.as_bytes().to_ascii_uppercase();
                    *methods = HeaderValue::from_bytes(&upper).expect("a header value");
                }
            }
            // The other mutants do not change this response.
            _ => {}
        }
    }
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

fn unauthorized() -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
}

/// Removes the first letters of the host, like a layer that only checks its end. Returns the original origin.
fn disguise(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?.clone();
    let host = origin.to_str().ok()?.strip_prefix("http://evil")?.to_owned();
    headers.insert(ORIGIN, format!("http://{host}").parse().ok()?);
    Some(origin)
}
