//! What is asked: in flags, in a saved text, or in a text with flags that supply what it does not show.

use clap::{Args, ValueEnum};
use http::Request;
use tower_cors::browser::Credentials;

use crate::answer::Failure;
use crate::input;
use crate::question::Question;
use crate::saved::{self, PageRequest, Recorded, Saved};

/// The most requests of a text that are explained: each takes the work of several.
const MAX_REQUESTS: usize = 10_000;

/// A page's request in flags. Beside a saved text, each supplies what the text does not show, or replaces what it shows.
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
    /// The credentials mode of the request; `include` where no mode is given [default: same-origin]
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_missing_value = "include")]
    credentials: Option<Mode>,
    /// The URL that the page asks. Without it, a server of another site than the page's
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
    /// Where it stands in the text. Empty where there is only one.
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

/// What a page asks, as far as it is known.
#[derive(Clone)]
pub(crate) struct Page {
    /// `None` where neither the text nor a flag names it.
    pub(crate) origin: Option<String>,
    /// `None` where either is possible.
    pub(crate) credentials: Option<Credentials>,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether a preflight was seen, whatever asks for it.
    pub(crate) preflighted: bool,
    /// Whether the page asked for a response that it cannot read.
    pub(crate) no_cors: bool,
}

impl Page {
    /// What is asked, for a page and a credentials mode.
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
    /// Whether no request is in them.
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
        let text = input::read(name)?;
        let requests = saved::parse(&text).and_then(bounded).map_err(|failure| failure.about(name))?;
        Ok(requests.into_iter().map(|saved| self.supply(saved)).collect())
    }

    fn alone(&self) -> Result<Case, Failure> {
        let Some(origin) = self.origin.clone() else {
            return Err(Failure::new(
                "the page's origin is missing: give it with `--origin`, or a saved request with `--request`",
            ));
        };
        let page = Page {
            origin: Some(origin),
            credentials: Some(self.credentials.map_or(Credentials::SameOrigin, Credentials::from)),
            method: self.method.clone().unwrap_or_else(|| "GET".to_owned()),
            url: self.url.clone().unwrap_or_else(|| "/".to_owned()),
            headers: self.headers(),
            preflighted: false,
            no_cors: false,
        };
        Ok(Case {
            place: String::new(),
            asked: Asked::Page(page),
            recorded: Recorded::default(),
            caveats: Vec::new(),
        })
    }

    fn supply(&self, saved: Saved) -> Case {
        let Saved { place, asked, recorded, caveats } = saved;
        let asked = match asked {
            saved::Asked::Preflight(request) => Asked::Preflight(request),
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

    fn headers(&self) -> Vec<(String, String)> {
        let split = |header: &String| {
            let (name, value) = header.split_once(':').unwrap_or((header, "value"));
            (name.trim().to_owned(), value.trim().to_owned())
        };
        self.headers.iter().map(split).collect()
    }
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
