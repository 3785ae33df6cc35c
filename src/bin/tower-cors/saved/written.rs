//! A request as in the text, before the page's headers are separated from those of the browser or curl.

use http::header::HeaderValue;
use http::{HeaderMap, HeaderName, Method, Request, Response, Uri};
use url::Url;

use super::Blocked;

/// The most headers that a request or a response can have: more than any server accepts.
pub(super) const MAX_HEADERS: usize = 1000;

/// The most requests and lines of a console in a text: more than people read.
pub(super) const MAX_REQUESTS: usize = 50_000;

/// Each form is read into these, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The line, or the entry of a HAR, from 1.
    pub(super) number: usize,
    pub(super) method: Option<String>,
    pub(super) url: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    /// The `credentials` option of `fetch`.
    pub(super) credentials: Option<String>,
    /// The `mode` option of `fetch`. Developer tools always write one.
    pub(super) mode: Option<String>,
    /// Cookies are shown separately from the headers.
    pub(super) has_cookies: bool,
    pub(super) kind: Kind,
    /// The URL of the document, if it is shown separately from the request.
    pub(super) document: Option<String>,
    pub(super) response: Option<Response<()>>,
    pub(super) blocked: Option<Blocked>,
    pub(super) caveats: Vec<String>,
}

/// The kind of the request in the text, apart from its headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    NotSaid,
    Preflight,
    Navigation,
    /// By a script: `fetch`, `XMLHttpRequest`, `EventSource`.
    Script,
    /// By an element, a style sheet, a beacon. It can have the mode `cors` or `no-cors`.
    Subresource,
}

impl Written {
    /// The first header with a name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    pub(super) fn has_method(&self, method: &str) -> bool {
        self.method.as_deref().unwrap_or("GET").eq_ignore_ascii_case(method)
    }

    pub(super) fn http_method(&self) -> Option<Method> {
        self.method.as_deref()?.parse().ok()
    }

    /// Why it is not a valid request, if it is not.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.method {
            Some(method) if self.http_method().is_none() => {
                Err(format!("{method:.100?} is not a valid method"))
            }
            _ if self.headers.len() > MAX_HEADERS => {
                Err(format!("the request has more than {MAX_HEADERS} headers"))
            }
            _ => Ok(()),
        }
    }

    /// As it goes over the wire.
    pub(super) fn to_request(&self) -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = self.http_method().unwrap_or_default();
        *request.uri_mut() = self.url.as_deref().and_then(uri).unwrap_or_default();
        *request.headers_mut() = header_map(&self.headers);
        request
    }
}

/// The serialized origin of an `http:` or `https:` URL.
pub(super) fn origin_of(url: &str) -> Option<String> {
    let origin = Url::parse(url.trim()).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Headers that cannot be sent are left out.
pub(super) fn header_map(headers: &[(String, String)]) -> HeaderMap {
    headers.iter().filter_map(|(name, value)| valid(name, value)).collect()
}

/// A valid HTTP header. White space around the value is left out.
pub(super) fn valid(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?))
}

/// A URL as it is sent: without fragment, in ASCII.
fn uri(url: &str) -> Option<Uri> {
    match Url::parse(url) {
        Ok(mut url) => {
            url.set_fragment(None);
            url.as_str().parse().ok()
        }
        Err(_) => url.parse().ok(),
    }
}
