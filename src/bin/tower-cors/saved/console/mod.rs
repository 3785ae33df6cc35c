//! The browser's console: the lines in which Chromium, Firefox and `WebKit` say why they refuse.
//!
//! Each engine has its own words, stable for years. A time, a level or the script may come before them, a link after them. A
//! second line often has what the first leaves out: Chromium's has the method, that of `WebKit` the URL.

mod chromium;
mod firefox;
mod webkit;

use http::StatusCode;
use tower_cors::browser::Credentials;

use super::lines::Lines;
use super::written::{Written, origin_of};
use super::{Blocked, NOT_SHOWN, PageRequest, Reason, Stage};

/// What a line, or several lines that belong together, say about a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Complaint {
    pub(super) number: usize,
    /// As far as the line shows it: the credentials are those that it names.
    pub(super) request: PageRequest,
    /// `None` if the line has only a status.
    pub(super) blocked: Option<Blocked>,
    caveat: Option<String>,
}

/// Reads a line, or Firefox's lines of a request, if they report a failure.
pub(super) fn read(lines: &mut Lines<'_>) -> Option<Complaint> {
    let number = lines.number();
    let line = lines.peek()?;
    let found = chromium::refusal(line)
        .or_else(|| firefox::refusal(line))
        .or_else(|| chromium::network_error(line))
        .or_else(|| webkit::refusal(line))
        .inspect(|_| {
            lines.next();
        })
        .or_else(|| firefox::request(lines))?;
    Some(Complaint { number, ..found })
}

/// Whether a line is certainly a refusal.
pub(super) fn is_refusal(line: &str) -> bool {
    line.contains("has been blocked by CORS policy: ") || line.contains("Cross-Origin Request Blocked: ")
}

impl Complaint {
    fn new(words: &str, reason: Reason) -> Self {
        let mut request = PageRequest::default();
        match &reason {
            Reason::MethodNotAllowed(method) => request.method.clone_from(method),
            Reason::HeaderNotAllowed(Some(name)) => {
                request.headers.push((name.clone(), NOT_SHOWN.to_owned()));
            }
            Reason::AllowOriginWildcard | Reason::AllowCredentials => {
                request.credentials = Some(Credentials::Include);
            }
            _ => {}
        }
        let stage = stage(words, &reason);
        request.preflighted = stage == Some(Stage::Preflight);
        let blocked = Blocked { words: words.trim().to_owned(), stage, status: status(words), reason };
        Self { number: 0, request, blocked: Some(blocked), caveat: None }
    }

    /// Adds another line about the same request. `false`: it is about another one.
    pub(super) fn absorb(&mut self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        let (one, two) = (&self.request, &other.request);
        let is_one_url = one.url.is_some() || two.url.is_some();
        let is_one_request = is_one_url
            && agree(one.url.as_ref(), two.url.as_ref())
            && agree(one.page.as_ref(), two.page.as_ref())
            && agree(one.method.as_ref(), two.method.as_ref())
            // Two different reasons are two refusals.
            && agree(self.reason(), other.reason());
        if !is_one_request {
            return false;
        }
        let (mut first, second) = if self.reason().is_none() && other.reason().is_some() {
            (Self { number: self.number, ..other.clone() }, self.clone())
        } else {
            (self.clone(), other.clone())
        };
        first.request.url = first.request.url.or(second.request.url);
        first.request.page = first.request.page.or(second.request.page);
        first.request.method = first.request.method.or(second.request.method);
        first.request.preflighted |= second.request.preflighted;
        first.blocked = match (first.blocked, second.blocked) {
            (Some(first), Some(second)) => Some(first.and(&second)),
            (first, second) => first.or(second),
        };
        first.request.preflighted |=
            first.blocked.as_ref().is_some_and(|blocked| blocked.stage == Some(Stage::Preflight));
        *self = first;
        true
    }

    /// Fetch, "HTTP-redirect fetch": from one foreign origin to another, the request's origin is opaque from there on. Chromium
    /// still names the page's.
    fn redirected_from(&mut self, asked: &str, url: &str) {
        let (page, asked_of, origin) = (self.request.page.clone(), origin_of(asked), origin_of(url));
        if page != asked_of && asked_of != origin {
            self.request.page = Some("null".to_owned());
        }
        self.caveat = Some(format!(
            "the page asked for {asked:.200?}, which was redirected: this is the request that followed, for which a browser sends \
             `Origin: {}`",
            self.request.page.as_deref().unwrap_or("null")
        ));
    }

    /// The reason, if the lines have it.
    fn reason(&self) -> Option<&Reason> {
        self.blocked.as_ref().map(|blocked| &blocked.reason).filter(|reason| **reason != Reason::NoResponse)
    }

    /// The line only says that a request was answered with an error.
    pub(super) fn is_status_alone(&self) -> bool {
        self.blocked.is_none() && self.request.headers.is_empty()
    }

    /// Whether it can be about a request.
    pub(super) fn is_of(&self, written: &Written) -> bool {
        let method = self.request.method.as_ref().map(http::Method::as_str);
        method.is_none_or(|method| written.has_method(method))
    }

    /// The page's request, if there is only the console.
    pub(super) fn page_request(&self) -> (PageRequest, Vec<String>) {
        let mut request = self.request.clone();
        let mut caveats: Vec<_> = self.caveat.iter().cloned().collect();
        if request.credentials.is_none() {
            request.credentials = Some(Credentials::SameOrigin);
            caveats.push(
                "the console does not say whether the page asked with credentials: `same-origin` is assumed. If the page uses \
                 `include`, add `--credentials include`"
                    .to_owned(),
            );
        }
        if request.method.is_none() {
            caveats.push("the console does not name the method: give it with `--method`".to_owned());
        }
        if request.preflighted && request.headers.is_empty() {
            caveats.push(
                "the console does not name the headers that the page set: give each with `--header`"
                    .to_owned(),
            );
        }
        (request, caveats)
    }
}

impl Blocked {
    /// Together with a second line.
    fn and(self, second: &Self) -> Self {
        let status = self.status.or(second.status);
        // Firefox has a second line where a preflight or a redirect was refused, and none for the response to the request.
        let is_twice =
            second.words.contains("CORS request did not succeed") && self.reason != Reason::NoResponse;
        let is_redirect = status.is_some_and(|status| status.is_redirection());
        let implied = (is_twice && !is_redirect).then_some(Stage::Preflight);
        Self { stage: self.stage.or(second.stage).or(implied), status, ..self }
    }
}

fn stage(words: &str, reason: &Reason) -> Option<Stage> {
    let is_preflight = ["preflight request", "preflight response", "preflight channel", "Preflight response"]
        .iter()
        .any(|part| words.contains(part))
        || matches!(
            reason,
            Reason::MethodNotAllowed(_)
                | Reason::HeaderNotAllowed(_)
                | Reason::MalformedList
                | Reason::PreflightStatus
        );
    match reason {
        _ if is_preflight => Some(Stage::Preflight),
        // For a refused origin, only Chromium distinguishes the preflight from the request.
        _ if words.contains("has been blocked by CORS policy") => Some(Stage::Request),
        _ => None,
    }
}

/// `Status code: 403`.
fn status(words: &str) -> Option<StatusCode> {
    words.split_once("Status code: ")?.1.get(..3)?.parse().ok()
}

/// A header's name.
fn name(found: Option<&str>) -> Option<String> {
    found.filter(|name| name.parse::<http::HeaderName>().is_ok()).map(str::to_ascii_lowercase)
}

fn between<'a>(words: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = words.split_once(before)?;
    rest.split_once(behind).map(|(found, _)| found)
}
