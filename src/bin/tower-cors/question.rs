//! What a page asks of a server, in the words of `fetch`.

use http::Uri;
use tower_cors::browser::{Credentials, Request};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// The page's origin, or a URL on it, or `null`.
    pub(crate) page: String,
    pub(crate) method: String,
    /// Absolute, or a path on a server that is another site than the page's.
    pub(crate) url: String,
    /// Those that the page set. What the browser sets by itself asks for no permission.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) credentials: Credentials,
}

impl Question {
    pub(crate) fn request(&self) -> Request {
        let request = Request::new(self.method.as_str(), self.url.as_str()).credentials(self.credentials);
        self.headers
            .iter()
            .fold(request, |request, (name, value)| request.header(name.as_str(), value.as_str()))
    }

    /// The origin of the server, where the URL names it.
    pub(crate) fn server(&self) -> Option<String> {
        let url: Uri = self.url.parse().ok()?;
        Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
    }
}
