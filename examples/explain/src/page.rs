//! A request in the words of a page: sent as a browser sends it, through the layer, and each exchange explained.

use std::convert::Infallible;
use std::io::Write;

use http::{Response, Uri};
use tower::{Layer, service_fn};
use tower_cors::browser::{Browser, Credentials, Exchange, FetchError};
use tower_cors::{CorsPolicy, Explanation};

use super::{Error, policies};

/// What a page gives to `fetch`.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) origin: String,
    pub(crate) method: String,
    /// Absolute, or a path on the server.
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) credentials: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            origin: String::new(),
            method: "GET".to_owned(),
            url: "/".to_owned(),
            headers: Vec::new(),
            credentials: false,
        }
    }
}

/// Says whether the page may read the response.
pub(crate) async fn explain(
    policies: &[CorsPolicy],
    request: &Request,
    output: &mut impl Write,
) -> Result<bool, Error> {
    let mut service = policies::layer(policies)
        .layer(service_fn(|_: http::Request<String>| async { Ok::<_, Infallible>(Response::new(())) }));
    let server = request
        .url
        .parse::<Uri>()
        .ok()
        .and_then(|url| Some(format!("{}://{}", url.scheme_str()?, url.authority()?)));
    let mut browser = Browser::at(&request.origin);
    if let Some(server) = server {
        browser = browser.server(server);
    }
    let fetched = browser.fetch(&mut service, to_fetch(request)).await;

    for exchange in browser.log() {
        explain_exchange(policies, exchange, output)?;
    }
    match fetched {
        Ok(_) => {
            writeln!(output, "the browser lets the page read the response")?;
            Ok(true)
        }
        Err(FetchError::Blocked(blocked)) => {
            writeln!(output, "the browser: {blocked}")?;
            Ok(false)
        }
        Err(error) => Err(error.to_string().into()),
    }
}

fn to_fetch(request: &Request) -> tower_cors::browser::Request {
    let mut fetched = tower_cors::browser::Request::new(request.method.as_str(), request.url.as_str());
    for (name, value) in &request.headers {
        fetched = fetched.header(name.as_str(), value.as_str());
    }
    fetched.credentials(if request.credentials { Credentials::Include } else { Credentials::SameOrigin })
}

fn explain_exchange(
    policies: &[CorsPolicy],
    exchange: &Exchange,
    output: &mut impl Write,
) -> Result<(), Error> {
    let mut request = http::Request::builder().method(exchange.method()).uri(exchange.url()).body(())?;
    *request.headers_mut() = exchange.request_headers().clone();
    writeln!(output, "{} {}", exchange.method(), exchange.url())?;
    writeln!(output, "{}", Explanation::by_first_match(policies, &request))?;
    Ok(())
}
