//! Refusals, as data.

use http::{HeaderName, Method, StatusCode};

use super::stage::{Preflight, Stage};

/// A refusal: the browser did not send the request, or kept its response from the page.
///
/// Its message says what a browser's console says, and what to change:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use http::{Request as HttpRequest, Response};
/// use tower_cors::browser::{Browser, Preflight, Request, Stage};
///
/// let mut app = tower::service_fn(|_: HttpRequest<String>| async {
///     Response::builder().header("access-control-allow-origin", "*").body(())
/// });
///
/// let mut page = Browser::at("https://app.example.com");
/// let error = page.fetch(&mut app, Request::put("/v1/items/1")).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "PUT https://server.test/v1/items/1, from a page at `https://app.example.com`, was blocked: the preflight \
///      response does not allow the method `PUT`. If the page means `PUT`, add it to the methods that the server \
///      allows (`Access-Control-Allow-Methods`)."
/// );
///
/// let blocked = error.blocked().unwrap();
/// assert_eq!((blocked.stage(), blocked.preflight()), (Stage::Preflight, Preflight::Sent));
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked(Box<Refusal>);

/// Everything about a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) method: Method,
    pub(crate) url: String,
    /// The page's origin.
    pub(crate) page: String,
    /// The `Origin` of the request: the page's origin, or `null` after redirects between other origins.
    pub(crate) origin: String,
    pub(crate) credentialed: bool,
    pub(crate) stage: Stage,
    pub(crate) preflight: Preflight,
    pub(crate) status: StatusCode,
    pub(crate) reason: Reason,
}

/// Why a browser refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The response has no `Access-Control-Allow-Origin`.
    AllowOriginMissing,
    /// `Access-Control-Allow-Origin` is another origin, more than one, or not an origin.
    #[non_exhaustive]
    AllowOriginMismatch {
        /// Its value, escaped, with all its lines joined by a comma.
        value: String,
    },
    /// `Access-Control-Allow-Origin` is `*`, which does not count in the credentials mode "include".
    AllowOriginWildcard,
    /// `Access-Control-Allow-Credentials` is not `true`, in the credentials mode "include".
    #[non_exhaustive]
    AllowCredentials {
        /// Its value, escaped. `None` if it is absent.
        value: Option<String>,
    },
    /// The preflight was answered with a status outside 200 to 299: an error, or a redirect.
    #[non_exhaustive]
    PreflightStatus {
        /// The status.
        status: StatusCode,
    },
    /// A list in the response to the preflight cannot be parsed.
    #[non_exhaustive]
    MalformedList {
        /// `Access-Control-Allow-Methods` or `Access-Control-Allow-Headers`.
        name: HeaderName,
        /// Its value, escaped.
        value: String,
    },
    /// The preflight does not allow the method.
    #[non_exhaustive]
    MethodNotAllowed {
        /// The method.
        method: Method,
        /// Whether there is a `*`, which does not count in the credentials mode "include".
        wildcard: bool,
    },
    /// The preflight does not allow a request header.
    #[non_exhaustive]
    HeaderNotAllowed {
        /// The first of the headers that are not allowed, by name.
        name: HeaderName,
        /// Whether there is a `*`, which counts neither in the credentials mode "include" nor for `Authorization`.
        wildcard: bool,
    },
    /// There is a redirect, in the redirect mode "error".
    RedirectMode,
    /// There are more than twenty redirects.
    TooManyRedirects,
    /// `Location` is not a valid URL, or there are two.
    #[non_exhaustive]
    RedirectLocation {
        /// Its value, escaped.
        value: String,
    },
    /// `Location` is a URL that is neither `http:` nor `https:`.
    #[non_exhaustive]
    RedirectScheme {
        /// Its scheme.
        scheme: String,
    },
    /// `Location` is a URL with a user name or a password, where another origin is involved.
    RedirectCredentials,
}

impl Blocked {
    pub(crate) fn new(refusal: Refusal) -> Self {
        Self(Box::new(refusal))
    }

    pub(crate) fn refusal(&self) -> &Refusal {
        &self.0
    }

    /// Why the browser refused.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// Whether it was the preflight that failed, or the request itself.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Whether a preflight was sent, for this fetch with all its redirects.
    #[must_use]
    pub fn preflight(&self) -> Preflight {
        self.0.preflight
    }

    /// The method of the request, normalized.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The URL of the request: after redirects, the one that was blocked.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The `Origin` of the request. After redirects it may be `null`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The status of the response that was refused.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

impl std::error::Error for Blocked {}
