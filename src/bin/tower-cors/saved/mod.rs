//! Requests that were saved as text: by a browser's developer tools, or by curl.

use http::{HeaderMap, Method, Request, StatusCode};
use tower_cors::browser::Credentials;

use super::answer::Failure;

/// One request of a text, as far as the text shows it.
#[derive(Debug)]
pub(crate) struct Saved {
    /// Where it stands in the text, for people: `line 12`, `entry 3`. Empty where the text is one request.
    pub(crate) place: String,
    pub(crate) asked: Asked,
    /// What came back, where the text has it.
    pub(crate) recorded: Option<Recorded>,
    /// What a browser knew and the text does not show, or shows as a guess: a sentence each.
    pub(crate) caveats: Vec<String>,
}

#[derive(Debug)]
pub(crate) enum Asked {
    /// By a page. A browser puts a preflight in front of it, where one is needed.
    Page(PageRequest),
    /// A CORS-preflight request itself, as it went over the wire.
    Preflight(Request<()>),
}

/// What a page asked for, as far as the text shows it.
#[derive(Debug)]
pub(crate) struct PageRequest {
    /// The page's origin, or a URL on it, where the text shows it.
    pub(crate) page: Option<String>,
    pub(crate) method: Method,
    pub(crate) url: String,
    /// Those that the page set, not the browser or curl.
    pub(crate) headers: Vec<(String, String)>,
    /// `None` where either is possible and the text cannot tell.
    pub(crate) credentials: Option<Credentials>,
}

/// What a browser or curl got.
#[derive(Debug)]
pub(crate) enum Recorded {
    Response {
        status: StatusCode,
        headers: HeaderMap,
    },
    /// No response that the page could see, and what the browser called it.
    Blocked(String),
}

/// Reads whatever it is: the form is recognised by its text.
pub(crate) fn parse(text: &str) -> Result<Vec<Saved>, Failure> {
    let _ = text;
    Err(Failure::new("this form of a saved request is not known"))
}
