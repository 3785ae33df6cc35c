//! What a page asks of a server, in the words of `fetch`.

use http::HeaderValue;
use tower_cors::browser::{Credentials, Request};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Question {
    /// The page's origin, or a URL on it, or `null`.
    pub(crate) page: String,
    pub(crate) method: String,
    /// Absolute, or a path on a server that is another site than the page's.
    pub(crate) url: String,
    /// Those that the page set. Headers that the browser sets need no permission.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) credentials: Credentials,
    /// Whether the browser sends a preflight even if neither method nor headers require one, as for the progress of an upload.
    pub(crate) preflighted: bool,
}

impl Question {
    pub(crate) fn request(&self) -> Request {
        let request = Request::new(self.method.as_str(), self.url.as_str())
            .credentials(self.credentials)
            .use_cors_preflight(self.preflighted);
        with_headers(request, &self.headers)
    }
}

/// A request with the headers that its page set.
pub(crate) fn with_headers(request: Request, headers: &[(String, String)]) -> Request {
    headers.iter().fold(request, |request, (name, value)| match byte_string(value) {
        Some(value) => request.header(name.as_str(), value),
        // The request reports the mistake.
        None => request.header(name.as_str(), value.as_str()),
    })
}

/// A header from a flag: `NAME: VALUE`, or only a name, with any value.
pub(crate) fn header(flag: &str) -> (String, String) {
    let (name, value) = flag.split_once(':').unwrap_or((flag, "value"));
    (name.trim().to_owned(), value.trim().to_owned())
}

/// Web IDL, `ByteString`: a character is a byte. Browsers throw for others; here they are sent in UTF-8.
pub(crate) fn byte_string(value: &str) -> Option<HeaderValue> {
    let bytes: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
    HeaderValue::from_bytes(bytes.as_deref().unwrap_or(value.as_bytes())).ok()
}
