//! The requests that the questions need: who sends them, and how.

use std::future::ready;
use std::hash::{BuildHasher as _, RandomState};

use http::header::HeaderMap;
use http::{HeaderName, HeaderValue, Method, Request, Response};
use tower::service_fn;
use tower_cors::browser::{self, Browser, Credentials, FetchError, Redirect};
use url::Url;

use super::client::{Client, Exchange};
use super::look_alike::{LookAlike, STRANGER, look_alikes};
use super::target::Target;
use crate::generous::{allow, is_preflight};

/// Who sends a request, or its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The page.
    Page,
    /// An origin that the server cannot know.
    Stranger,
    /// The origin that a sandboxed frame of any page has.
    Null,
    /// A page of the server's own origin: a request without `Origin`.
    SameOrigin,
    LookAlike(LookAlike),
    /// The page, for a path that the server does not have.
    MissingPath,
    /// The page, by an `OPTIONS` request that is not a preflight.
    PlainOptions,
    /// The page, without the given headers and cookies.
    Bare,
}

/// Which of a browser's two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Request,
    Preflight,
}

/// One request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) who: Who,
    pub(super) way: Way,
    /// `None`: the page's, or a stranger's, once it is known which of them the server allows.
    pub(super) origin: Option<String>,
}

/// All requests of the questions. Some are left out once the answers before them make them moot.
pub(super) fn plan(target: &Target) -> Vec<Ask> {
    let ask = |who, way, origin: &str| Ask { who, way, origin: Some(origin.to_owned()) };
    let later = |who| Ask { who, way: Way::Request, origin: None };
    let mut plan = Vec::new();
    if let Some(page) = &target.page {
        plan.extend([ask(Who::Page, Way::Request, page), ask(Who::Page, Way::Preflight, page)]);
    }
    for (who, origin) in [(Who::Stranger, stranger().as_str()), (Who::Null, "null")] {
        plan.extend([ask(who, Way::Request, origin), ask(who, Way::Preflight, origin)]);
    }
    plan.push(ask(Who::SameOrigin, Way::Request, &target.url));
    let page = target.page.as_deref().unwrap_or_default();
    plan.extend(
        look_alikes(page).iter().map(|(kind, origin)| ask(Who::LookAlike(*kind), Way::Request, origin)),
    );
    plan.extend([later(Who::MissingPath), later(Who::PlainOptions)]);
    if !(target.headers.is_empty() && target.cookies.is_empty()) {
        plan.push(later(Who::Bare));
    }
    plan
}

/// The origin of the stranger.
pub(super) fn stranger() -> String {
    format!("https://{STRANGER}")
}

/// Sends one request, and nothing else: no preflight before it, no request after it, no redirect followed.
pub(super) fn send(
    client: &mut Client,
    target: &Target,
    ask: &Ask,
    origin: &str,
) -> Result<Exchange, String> {
    let (method, url) = match (ask.who, ask.way) {
        (Who::MissingPath, _) => (target.safe_method(), missing_path(&target.url)),
        (Who::PlainOptions, _) => (Method::OPTIONS, target.url.clone()),
        (_, Way::Request) => (target.safe_method(), target.url.clone()),
        (_, Way::Preflight) => (target.method.clone(), target.url.clone()),
    };
    let request = if ask.who == Who::Bare {
        browser::Request::new(method, url.as_str()).credentials(Credentials::Omit)
    } else {
        target.request(&method, &url)
    };
    let request = request.redirect(Redirect::Manual).use_cors_preflight(ask.way == Way::Preflight);
    let before = client.exchanges.len();
    let mut network = service_fn(|mut request: Request<String>| {
        ready(match (is_preflight(&request), ask.way) {
            (true, Way::Preflight) => {
                if ask.who == Who::Stranger {
                    request.headers_mut().insert(PRIVATE_NETWORK, HeaderValue::from_static("true"));
                }
                client.send(request).map_err(Stop::Unanswered)
            }
            (true, Way::Request) => Ok(allow(&request)),
            (false, Way::Request) => client.send(request).map_err(Stop::Unanswered),
            (false, Way::Preflight) => Err(Stop::Enough),
        })
    });
    let mut browser = target.browser(origin);
    if let Err(FetchError::Service(Stop::Unanswered(error))) =
        pollster::block_on(browser.fetch(&mut network, request))
    {
        return Err(error);
    }
    client.exchanges.get(before).cloned().ok_or_else(|| "could not be asked".to_owned())
}

/// A request header of older browsers, which asked servers in a private network for permission. Current browsers ignore the answer.
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");

/// Why a fetch stops.
#[derive(Debug)]
enum Stop {
    Unanswered(String),
    /// The preflight was allowed. Nothing comes after it.
    Enough,
}

/// A path next to the URL's that the server almost certainly does not have.
fn missing_path(url: &str) -> String {
    let name = format!("tower-cors-probe-{:08x}", RandomState::new().hash_one(url) >> 32);
    Url::parse(url).and_then(|url| url.join(&name)).map_or_else(|_| url.to_owned(), String::from)
}

/// What a response allows a page to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grant {
    Nothing,
    /// Any page may read it, without its visitors' cookies: `*`.
    Public,
    /// This origin may read it, without its visitors' cookies.
    Named,
    WithCredentials,
}

impl Grant {
    /// A browser's judgement of a response, for a page at an origin. A preflight's response must pass the same check.
    pub(super) fn of(answered: &Response<()>, origin: &str) -> Self {
        let reads = |credentials| {
            let mut replay = service_fn(|_: Request<String>| ready(Ok::<_, Stop>(answered.clone())));
            // The server's origin differs from all others, or nothing would be checked.
            let mut browser = Browser::at(origin);
            let request = browser::Request::get("/").redirect(Redirect::Manual).credentials(credentials);
            pollster::block_on(browser.fetch(&mut replay, request)).is_ok()
        };
        if reads(Credentials::Include) {
            Self::WithCredentials
        } else if !reads(Credentials::Omit) {
            Self::Nothing
        } else if is_public(answered.headers()) {
            Self::Public
        } else {
            Self::Named
        }
    }
}

fn is_public(headers: &HeaderMap) -> bool {
    headers.get(http::header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|value| value == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_what_the_browser_makes_of_it() {
        for (headers, grant) in [
            (&[][..], Grant::Nothing),
            (&[("access-control-allow-origin", "*")], Grant::Public),
            (
                &[("access-control-allow-origin", "*"), ("access-control-allow-credentials", "true")],
                Grant::Public,
            ),
            (&[("access-control-allow-origin", "https://a.example")], Grant::Named),
            (
                &[
                    ("access-control-allow-origin", "https://a.example"),
                    ("access-control-allow-credentials", "true"),
                ],
                Grant::WithCredentials,
            ),
            (
                &[
                    ("access-control-allow-origin", "https://a.example"),
                    ("access-control-allow-credentials", "True"),
                ],
                Grant::Named,
            ),
            (&[("access-control-allow-origin", "https://b.example")], Grant::Nothing),
            (
                &[("access-control-allow-origin", "https://a.example"), ("access-control-allow-origin", "*")],
                Grant::Nothing,
            ),
        ] {
            let mut response = Response::new(());
            for (name, value) in headers {
                response.headers_mut().append(*name, HeaderValue::from_static(value));
            }
            assert_eq!(Grant::of(&response, "https://a.example"), grant, "{headers:?}");
        }
    }

    #[test]
    fn a_missing_path_is_beside_the_urls() {
        let path = missing_path("https://api.example.com/v1/items?page=2");
        assert!(path.starts_with("https://api.example.com/v1/tower-cors-probe-"), "{path}");
        assert_ne!(path, missing_path("https://api.example.com/v1/items?page=2"));
    }
}
