//! Requests saved as text, by a browser's developer tools or by curl.

mod cmd;
mod console;
mod curl;
mod fetch;
mod har;
mod js;
mod lines;
mod link;
mod page;
mod raw;
mod role;
mod shell;
#[cfg(test)]
mod tests;
mod text;
mod verbose;
mod wire;
mod written;

use std::borrow::Cow;

use http::{Method, Request, Response, StatusCode};
use tower_cors::browser::Credentials;

use self::link::link;
use super::answer::Failure;

/// One request of a text, as far as the text shows it.
#[derive(Debug)]
pub(crate) struct Saved {
    /// Its place in the text, for people: `line 12`, `entry 3`. Empty if the text is one request.
    pub(crate) place: String,
    pub(crate) asked: Asked,
    /// What happened to it, if the text shows it.
    pub(crate) recorded: Recorded,
    /// What a browser knew but the text does not show, or only suggests: a sentence each.
    pub(crate) caveats: Vec<String>,
}

#[derive(Debug)]
pub(crate) enum Asked {
    /// A page's request. A browser sends a preflight before it, if one is needed.
    Page(PageRequest),
    /// A CORS-preflight request itself, as it went over the wire. Its URI is absolute if the text shows the host.
    Preflight(Request<()>),
}

/// A page's request, as far as the text shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PageRequest {
    /// The page's origin, or a URL on it, or `null`, if the text shows it.
    pub(crate) page: Option<String>,
    /// Unknown for a line of the console that does not name it, and for only a response.
    pub(crate) method: Option<Method>,
    /// Absolute, or the target if the text does not show the host. Unknown for only a response.
    pub(crate) url: Option<String>,
    /// The headers that the page set, not the browser or curl. Names and values are valid; a value can have characters that
    /// are not ASCII, and is [`NOT_SHOWN`] if only the preflight's list names the header.
    pub(crate) headers: Vec<(String, String)>,
    /// `None` if either is possible and the text does not show which.
    pub(crate) credentials: Option<Credentials>,
    /// The text shows that the browser sent a preflight, even if neither method nor headers require one.
    pub(crate) preflighted: bool,
    /// The text shows that the page asked with the mode `no-cors`: it can read nothing, whatever the server answers.
    pub(crate) no_cors: bool,
}

/// The value of a header that the text names but does not show. It is not CORS-safelisted, whatever the header.
pub(crate) const NOT_SHOWN: &str = "(not shown)";

/// What happened to a request, as far as the text shows it.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// The response to the preflight of a page's request.
    pub(crate) preflight: Option<Response<()>>,
    /// The response to the request.
    pub(crate) response: Option<Response<()>>,
    /// How the browser refused it.
    pub(crate) blocked: Option<Blocked>,
}

/// A browser's reason why a page did not get a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blocked {
    /// The browser's words: its console's line without noise, or the error of a HAR.
    pub(crate) words: String,
    pub(crate) reason: Reason,
    /// Which of the two was refused, if the words say it.
    pub(crate) stage: Option<Stage>,
    /// The status of the response, if the words have it.
    pub(crate) status: Option<StatusCode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Preflight,
    Request,
}

/// The meaning of a browser's words. Each has a section in `troubleshooting`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Also for a preflight that Firefox refused for its status.
    AllowOriginMissing,
    /// Another origin, or a value that is not an origin, if the words have it.
    AllowOriginMismatch(Option<String>),
    /// `WebKit` does not say whether the header is missing or differs.
    AllowOriginMissingOrMismatch,
    AllowOriginTwice,
    AllowOriginWildcard,
    AllowCredentials,
    PreflightStatus,
    PreflightRedirected,
    MethodNotAllowed(Option<Method>),
    HeaderNotAllowed(Option<String>),
    MalformedList,
    Redirected,
    NotHttp,
    /// No response came, or the browser does not report one: the words do not name CORS.
    NoResponse,
    /// The refusal does not concern CORS: Content Security Policy, mixed content and the like.
    NotCors,
    /// It is about CORS, in unknown words.
    Unknown,
}

/// Reads text in any form: the form is recognised by its text.
pub(crate) fn parse(text: &str) -> Result<Vec<Saved>, Failure> {
    if text.trim_start().starts_with('{') {
        return link(&har::read(text).map_err(Failure::new)?, &[], "entry");
    }
    let found = text::read(&without_styles(text)).map_err(Failure::new)?;
    if found.requests.is_empty() && found.complaints.is_empty() {
        let known = NOT_READ.iter().find(|(sign, _)| text.contains(sign));
        let why = || known.map_or(NOT_UNDERSTOOD, |(_, why)| why).to_owned();
        return Err(Failure::new(found.mistake.unwrap_or_else(why)));
    }
    link(&found.requests, &found.complaints, "line")
}

/// Without terminal colours, as `script` records them: `ESC [ 1 m`.
fn without_styles(text: &str) -> Cow<'_, str> {
    const START: &str = "\u{1b}[";
    let mut parts = text.split(START);
    let mut plain = Cow::Borrowed(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.trim_start_matches(|char: char| char.is_ascii_digit() || char == ';');
        plain.to_mut().push_str(end.strip_prefix('m').unwrap_or(part));
    }
    plain
}

const NOT_UNDERSTOOD: &str = "the saved request is not understood: copy it as fetch or as cURL, or save a HAR, what `curl -v` prints, \
                              raw HTTP, or the console's line";

/// Forms that are recognised but not supported, and what to do instead.
const NOT_READ: [(&str, &str); 7] = [
    ("Invoke-WebRequest", "a request copied for PowerShell is not supported: copy it as fetch or as cURL"),
    ("== Info: ", "the output of `curl --trace` is not supported: save the output of `curl -v`"),
    ("curl: (", NO_REQUEST),
    ("* Closing connection", NO_REQUEST),
    ("Cross-Origin", OTHER_WORDS),
    ("CORS", OTHER_WORDS),
    ("Access-Control-", OTHER_WORDS),
];

const NO_REQUEST: &str =
    "curl ended before it sent a request: its output says why, such as a certificate that it does not trust";

const OTHER_WORDS: &str = "the text speaks of CORS in words that are not understood, such as a console's in another language than \
                           English: copy the request as fetch or as cURL, or save a HAR";
