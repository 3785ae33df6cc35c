//! A request that a browser's developer tools have copied as fetch: `fetch("https://...", { ... })`.

use serde::Deserialize;
use serde_json::{Deserializer, Map, Value};

use super::Error;
use super::page::Request;

const CALL: &str = "fetch(";

/// What the tools list although no page has set it: the browser has, and it asks nobody for it.
const OF_THE_BROWSER: [&str; 5] =
    ["cache-control", "pragma", "priority", "upgrade-insecure-requests", "user-agent"];

/// The second argument, as far as CORS is concerned. Both tools write it as JSON.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    headers: Map<String, Value>,
    referrer: Option<String>,
    method: Option<String>,
    credentials: Option<String>,
}

/// Whether a text is such a call.
pub(crate) fn is_call(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix("await ").unwrap_or(text).starts_with(CALL)
}

pub(crate) fn parse(text: &str) -> Result<Request, Error> {
    let (_, arguments) = text.split_once(CALL).ok_or("there is no `fetch(`")?;
    let mut url = Deserializer::from_str(arguments).into_iter::<String>();
    let first =
        url.next().ok_or("`fetch(` has no URL")?.map_err(|error| format!("the URL of `fetch(`: {error}"))?;
    let rest = arguments.get(url.byte_offset()..).unwrap_or_default().trim_start();
    let options = match rest.strip_prefix(',') {
        None => Options::default(),
        Some(options) => {
            let mut options = Deserializer::from_str(options).into_iter::<Options>();
            let options = options.next().ok_or("`fetch(` has no second argument behind its comma")?;
            options.map_err(|error| format!("the second argument of `fetch(`: {error}"))?
        }
    };
    let headers = options.headers.into_iter().filter_map(|(name, value)| {
        let is_of_page = !OF_THE_BROWSER.iter().any(|other| other.eq_ignore_ascii_case(&name));
        Some((name, value.as_str()?.to_owned())).filter(|_| is_of_page)
    });
    Ok(Request {
        // A page that hides where it is has an origin all the same.
        origin: options
            .referrer
            .ok_or("there is no `referrer` that names the page: give its origin with --origin")?,
        method: options.method.unwrap_or_else(|| "GET".to_owned()),
        url: first,
        headers: headers.collect(),
        credentials: options.credentials.as_deref() == Some("include"),
    })
}
