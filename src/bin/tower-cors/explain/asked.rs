//! The requests to explain: from flags, from a saved text, or from a text with flags for what it does not show.

use clap::{Args, ValueEnum};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN};
use http::{HeaderName, Request};
use tower_cors::browser::Credentials;

use crate::answer::Failure;
use crate::input;
use crate::question::{self, Question};
use crate::saved::{self, NOT_SHOWN, PageRequest, Recorded, Saved};

/// The most requests of a text that are explained: each one takes several requests' work.
const MAX_REQUESTS: usize = 10_000;

/// A page's request, in flags. With a saved text, each flag supplies what the text does not show, or replaces what it shows.
#[derive(Args)]
pub(crate) struct Flags {
    /// The page's origin, such as `https://app.example.com`; `null` for a sandboxed frame
    #[arg(long)]
    origin: Option<String>,
    /// The method that the page uses [default: GET]
    #[arg(long)]
    method: Option<String>,
    /// A header that the page sets: its name, or its name and value. Repeat it for more
    #[arg(long = "header", value_name = "NAME[: VALUE]")]
    headers: Vec<String>,
    /// The credentials mode of the request; `include` if no mode is given [default: same-origin]
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_missing_value = "include")]
    credentials: Option<Mode>,
    /// The URL of the page's request [default: on a server of another site]
    #[arg(long)]
    url: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Include,
    Omit,
    SameOrigin,
}

impl From<Mode> for Credentials {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Include => Self::Include,
            Mode::Omit => Self::Omit,
            Mode::SameOrigin => Self::SameOrigin,
        }
    }
}

/// One request to explain.
pub(crate) struct Case {
    /// Its place in the text. Empty if there is only one.
    pub(crate) place: String,
    pub(crate) asked: Asked,
    pub(crate) recorded: Recorded,
    pub(crate) caveats: Vec<String>,
}

pub(crate) enum Asked {
    Page(Page),
    /// A CORS-preflight request itself.
    Preflight(Request<()>),
}

/// A page's request, as far as it is known.
#[derive(Clone)]
pub(crate) struct Page {
    /// `None` if neither the text nor a flag names it.
    pub(crate) origin: Option<String>,
    /// `None` if either is possible.
    pub(crate) credentials: Option<Credentials>,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether a preflight was seen, for any reason.
    pub(crate) preflighted: bool,
    /// Whether the page used `no-cors`, and so cannot read the response.
    pub(crate) no_cors: bool,
}

impl Page {
    /// The request, for a page and a credentials mode.
    pub(crate) fn question(&self, page: &str, credentials: Credentials) -> Question {
        Question {
            page: page.to_owned(),
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            credentials,
            preflighted: self.preflighted,
        }
    }
}

impl Flags {
    /// Whether they describe no request.
    pub(crate) fn are_empty(&self) -> bool {
        let Self { origin, method, headers, credentials, url } = self;
        origin.is_none() && method.is_none() && headers.is_empty() && credentials.is_none() && url.is_none()
    }

    /// The requests of a text, or the one that the flags describe.
    pub(crate) fn cases(&self, text: Option<&str>) -> Result<Vec<Case>, Failure> {
        match text {
            Some(name) => self.with_text(name),
            None => Ok(vec![self.alone()?]),
        }
    }

    fn with_text(&self, name: &str) -> Result<Vec<Case>, Failure> {
        let text = input::read_saved(name)?;
        let requests = saved::parse(&text).and_then(bounded).map_err(|failure| failure.about(name))?;
        Ok(requests.into_iter().map(|saved| self.supply(saved)).collect())
    }

    fn alone(&self) -> Result<Case, Failure> {
        if self.origin.is_none() {
            return Err(Failure::new(
                "the page's origin is missing: give it with `--origin`, or a saved request with `--request`",
            ));
        }
        let nothing = PageRequest { credentials: Some(Credentials::SameOrigin), ..PageRequest::default() };
        Ok(self.supply(Saved {
            place: String::new(),
            asked: saved::Asked::Page(nothing),
            recorded: Recorded::default(),
            caveats: Vec::new(),
        }))
    }

    fn supply(&self, saved: Saved) -> Case {
        let Saved { place, asked, mut recorded, caveats } = saved;
        let asked = match asked {
            saved::Asked::Preflight(request) => match self.page_behind(&request) {
                None => Asked::Preflight(request),
                Some(page) => {
                    recorded.preflight = recorded.response.take();
                    Asked::Page(page)
                }
            },
            saved::Asked::Page(PageRequest {
                page,
                method,
                url,
                mut headers,
                credentials,
                preflighted,
                no_cors,
            }) => {
                headers.extend(self.headers());
                let method = method.map(|method| method.to_string());
                Asked::Page(Page {
                    origin: self.origin.clone().or(page),
                    credentials: self.credentials.map(Credentials::from).or(credentials),
                    method: self.method.clone().or(method).unwrap_or_else(|| "GET".to_owned()),
                    url: self.url.clone().or(url).unwrap_or_else(|| "/".to_owned()),
                    headers,
                    preflighted,
                    no_cors,
                })
            }
        };
        Case { place, asked, recorded, caveats }
    }

    /// The page behind a preflight, if flags say more about it than the preflight.
    fn page_behind(&self, preflight: &Request<()>) -> Option<Page> {
        let mut preflight = preflight.clone();
        if let Some(origin) = self.origin.as_ref().and_then(|origin| origin.parse().ok()) {
            preflight.headers_mut().insert(ORIGIN, origin);
        }
        let Question { page, method, url, mut headers, credentials, preflighted } =
            asked_by(&preflight).filter(|_| !self.are_empty())?;
        headers.extend(self.headers());
        Some(Page {
            origin: Some(page),
            credentials: Some(self.credentials.map_or(credentials, Credentials::from)),
            method: self.method.clone().unwrap_or(method),
            url: self.url.clone().unwrap_or(url),
            headers,
            preflighted,
            no_cors: false,
        })
    }

    fn headers(&self) -> Vec<(String, String)> {
        self.headers.iter().map(|flag| question::header(flag)).collect()
    }
}

/// The page's request for which a browser sends this preflight.
pub(super) fn asked_by(preflight: &Request<()>) -> Option<Question> {
    let names = text(preflight, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let url = preflight.uri();
    let url = match (url.authority(), text(preflight, &HOST)) {
        (None, Some(host)) => format!("https://{host}{url}"),
        _ => url.to_string(),
    };
    Some(Question {
        page: text(preflight, &ORIGIN)?,
        method: text(preflight, &ACCESS_CONTROL_REQUEST_METHOD)?,
        url,
        headers: names.map(|name| (name.to_owned(), NOT_SHOWN.to_owned())).collect(),
        credentials: Credentials::SameOrigin,
        preflighted: true,
    })
}

pub(super) fn text(request: &Request<()>, name: &HeaderName) -> Option<String> {
    Some(request.headers().get(name)?.to_str().ok()?.to_owned())
}

fn bounded(requests: Vec<Saved>) -> Result<Vec<Saved>, Failure> {
    if requests.len() > MAX_REQUESTS {
        let count = requests.len();
        return Err(Failure::new(format!(
            "{count} requests, and at most {MAX_REQUESTS} are explained: save fewer"
        )));
    }
    Ok(requests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_explained_up_to_its_limit_of_requests() {
        let requests = |count| {
            let request = || Saved {
                place: String::new(),
                asked: saved::Asked::Page(PageRequest::default()),
                recorded: Recorded::default(),
                caveats: Vec::new(),
            };
            std::iter::repeat_with(request).take(count).collect()
        };
        assert!(bounded(requests(MAX_REQUESTS)).is_ok());
        let failure = bounded(requests(MAX_REQUESTS + 1)).expect_err("one too many");
        assert_eq!(failure.to_string(), "10001 requests, and at most 10000 are explained: save fewer");
    }
}
