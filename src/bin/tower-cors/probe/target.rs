//! The target of a probe: a page's request, checked before anything is sent.

use std::convert::Infallible;
use std::future::ready;

use clap::ValueEnum;
use http::header::ORIGIN;
use http::{Method, Request};
use tower::service_fn;
use tower_cors::browser::{self, Browser, Credentials, Redirect};
use url::Url;

use crate::answer::Failure;
use crate::generous::allow;
use crate::question::{Question, byte_string, with_headers};
use crate::shown::shown;

/// When the page's request has cookies: the credentials mode of `fetch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    Include,
    Omit,
}

impl From<Mode> for Credentials {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Include => Self::Include,
            Mode::Omit => Self::Omit,
        }
    }
}

/// A URL, and the page that requests it.
pub(super) struct Target {
    /// Absolute, as browsers write it.
    pub(super) url: String,
    /// The page's origin as its requests send it. `None` if it was not given, or is the server's own.
    pub(super) page: Option<String>,
    pub(super) method: Method,
    pub(super) headers: Vec<(String, String)>,
    pub(super) cookies: Vec<String>,
    pub(super) credentials: Credentials,
    /// Whether the page's request has a preflight.
    pub(super) has_preflight: bool,
    /// Whether the page's origin is the server's own.
    pub(super) is_own_page: bool,
}

impl Target {
    /// Lets the model of a browser send the request nowhere, to see whether a browser would send it, and how.
    pub(super) fn new(question: Question, cookies: Vec<String>, has_page: bool) -> Result<Self, Failure> {
        let invalid = |url: &str, what: &str| Failure::new(format!("the URL `{}`: {what}", shown(url)));
        let mut url = Url::parse(&question.url).map_err(|error| {
            let hint =
                if question.url.contains("://") { "" } else { ". Begin it with `https://` or `http://`" };
            invalid(&question.url, &format!("{error}{hint}"))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(&question.url, "only `http:` and `https:` URLs can be probed"));
        }
        url.set_fragment(None);
        let mut nobody = service_fn(|request: Request<String>| ready(Ok::<_, Infallible>(allow(&request))));
        let browser = Browser::at(question.page.as_str()).server(url.as_str());
        let mut browser = cookies.iter().fold(browser, Browser::cookie);
        let request = question.request().redirect(Redirect::Manual);
        if let Err(error) = pollster::block_on(browser.fetch(&mut nobody, request)) {
            return Err(Failure::new(error.to_string()));
        }
        let sent = browser.log().last().expect("a fetch that succeeds has sent its request");
        let is_sent = |name: &str, value: &str| {
            let value = byte_string(value);
            sent.request_headers().get_all(name).iter().any(|sent| Some(sent) == value.as_ref())
        };
        if let Some((name, _)) = question.headers.iter().find(|(name, value)| !is_sent(name, value)) {
            let cookie = if name.eq_ignore_ascii_case("cookie") { ". Use `--cookie`" } else { "" };
            return Err(Failure::new(format!("`--header`: a page cannot set `{}`{cookie}", shown(name))));
        }
        let is_own_page = Url::parse(&question.page).is_ok_and(|page| page.origin() == url.origin());
        Ok(Self {
            page: (has_page && !is_own_page).then(|| origin(&question.page)).flatten(),
            method: sent.method().clone(),
            url: url.to_string(),
            headers: question.headers,
            cookies,
            credentials: question.credentials,
            has_preflight: browser.log().len() > 1,
            is_own_page,
        })
    }

    /// A browser with an open page, for requests over the network.
    pub(super) fn browser(&self, page: &str) -> Browser {
        let browser = Browser::at(page).server(self.url.as_str()).absolute_form(true);
        self.cookies.iter().fold(browser, Browser::cookie)
    }

    /// The page's request, with another method or URL.
    pub(super) fn request(&self, method: &Method, url: &str) -> browser::Request {
        let request = browser::Request::new(method.clone(), url).credentials(self.credentials);
        with_headers(request, &self.headers)
    }

    /// The method of the questions, which is safe.
    pub(super) fn safe_method(&self) -> Method {
        if self.method == Method::HEAD { Method::HEAD } else { Method::GET }
    }
}

/// The origin of a page, as its requests send it.
fn origin(page: &str) -> Option<String> {
    let mut nobody = service_fn(|request: Request<String>| ready(Ok::<_, Infallible>(allow(&request))));
    let mut browser = Browser::at(page);
    pollster::block_on(browser.fetch(&mut nobody, browser::Request::get("/"))).ok()?;
    let origin = browser.log().first()?.request_headers().get(ORIGIN)?.to_str().ok()?;
    Some(origin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `fetch` sends it.
    #[test]
    fn a_headers_value_has_a_byte_for_each_character() {
        let page = "https://app.example.com";
        let question = Question {
            page: page.to_owned(),
            method: "GET".to_owned(),
            url: "https://api.example.com/".to_owned(),
            headers: vec![("x-name".to_owned(), "ü".to_owned())],
            ..Question::default()
        };
        let target = Target::new(question, Vec::new(), true).unwrap_or_else(|error| panic!("{error}"));
        let mut browser = target.browser(page);
        let mut network = service_fn(|request: Request<String>| ready(Ok::<_, Infallible>(allow(&request))));
        let request = target.request(&target.method, &target.url);
        pollster::block_on(browser.fetch(&mut network, request)).expect("allowed");
        let sent = browser.log().last().expect("sent").request_headers();
        assert_eq!(sent.get("x-name").expect("the page's header").as_bytes(), b"\xfc");
    }
}
