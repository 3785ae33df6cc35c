//! What a text does not show of what the browser knew.

use serde_json::Value;
use url::Url;

use crate::scenario::Scenario;

/// The page's origin, if the text has none or another.
pub(crate) fn missing_origin(file: &str, text: &str, scenario: &Scenario) -> Option<String> {
    if file == "console.txt" {
        return (!text.contains(scenario.origin())).then(|| scenario.origin().to_owned());
    }
    let headers = headers(file, text, scenario);
    let shown = value(&headers, "origin").map(str::to_owned).or_else(|| {
        let referrer = value(&headers, "referer").or_else(|| value(&headers, "referrer"))?;
        Some(Url::parse(referrer).ok()?.origin().ascii_serialization())
    });
    (shown.as_deref() != Some(scenario.origin())).then(|| scenario.origin().to_owned())
}

/// Names what else the text hides: see the README of `tests/cli/saved`.
pub(crate) fn hides(file: &str, text: &str, scenario: &Scenario) -> Vec<String> {
    let request = scenario.request(false);
    let mut hides = Vec::new();
    let mut hide = |name: &str, is_hidden: bool| {
        if is_hidden {
            hides.push(name.to_owned());
        }
    };
    let is_har = file.ends_with(".har");
    let is_console = file == "console.txt";
    if !is_console {
        let headers = headers(file, text, scenario);
        let shows_credentials = if file.starts_with("fetch") && file != "fetch-node.js" {
            value(&headers, "credentials") == Some("include")
        } else {
            value(&headers, "cookie").is_some()
        };
        hide("credentials", shows_credentials != (request.credentials == "include"));
        let shown = |(name, _): &(String, String)| value(&headers, &name.to_ascii_lowercase()).is_some();
        hide("headers", !request.headers.iter().all(shown));
        hide("mode", request.mode != "cors");
        hide("upload", request.via == "xhr-upload" && !is_har);
        hide("in-front", scenario.in_front.is_some() && !is_har && !file.ends_with(".txt"));
        hide("redirect", scenario.service.redirect.is_some() && !is_har && !file.ends_with(".txt"));
    }
    hides
}

type Headers = Vec<(String, String)>;

fn value<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// The headers of the page's request, in lower case, as far as a text shows them; of a copied fetch its options too.
fn headers(file: &str, text: &str, scenario: &Scenario) -> Headers {
    let url = scenario.sent_url().unwrap_or_default();
    match file.rsplit_once('.') {
        Some((_, "har")) => of_har(text, &url, &scenario.method),
        Some((_, "js")) => of_fetch(text, &url),
        Some((_, "txt")) => of_verbose_curl(text),
        _ => of_curl(text),
    }
}

/// The request itself, and what of it only its preflight shows.
fn of_har(text: &str, url: &str, method: &str) -> Headers {
    let har: Value = serde_json::from_str(text).unwrap_or_default();
    let entries = har["log"]["entries"].as_array().into_iter().flatten();
    let asks = entries.map(|entry| &entry["request"]).filter(|ask| ask["url"].as_str().is_some_and(|other| other.split('#').next() == Some(url)));
    let (itself, others): (Vec<_>, Vec<_>) = asks.partition(|ask| {
        ask["method"].as_str().is_some_and(|method| method.eq_ignore_ascii_case(method))
    });
    let all = itself.into_iter().chain(others).flat_map(|ask| ask["headers"].as_array().into_iter().flatten());
    let mut headers: Headers = all
        .filter_map(|line| {
            Some((line["name"].as_str()?.to_ascii_lowercase(), line["value"].as_str()?.to_owned()))
        })
        .collect();
    let names: Vec<String> = value(&headers, "access-control-request-headers")
        .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    headers.extend(names.into_iter().map(|name| (name, String::new())));
    headers
}

/// `"name": "value"` lines, of the call that is for the request's URL.
fn of_fetch(text: &str, url: &str) -> Headers {
    let url = format!("\"{url}");
    let call = text.split("fetch(").find(|call| call.starts_with(&url)).unwrap_or_default();
    let pair = |line: &str| {
        let line = line.trim().trim_end_matches(',');
        let (name, value) = line.split_once(": ")?;
        let value: String = serde_json::from_str(value).ok()?;
        Some((name.trim_matches('"').to_ascii_lowercase(), value))
    };
    call.lines().filter_map(pair).collect()
}

/// `-H 'name: value'`, `-b 'value'`, each on a line of its own.
fn of_curl(text: &str) -> Headers {
    let pair = |line: &str| {
        let line = line.trim().trim_end_matches(['\\', '^', ' ']);
        let unquoted = |rest: &str| rest.trim_start_matches(['^', '$']).trim_matches(['\'', '"', '^']).to_owned();
        if let Some(cookie) = line.strip_prefix("-b ") {
            return Some(("cookie".to_owned(), unquoted(cookie)));
        }
        let header = unquoted(line.strip_prefix("-H ")?);
        let (name, value) = header.split_once(": ").or_else(|| Some((header.strip_suffix(';')?, "")))?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

/// `> name: value`.
fn of_verbose_curl(text: &str) -> Headers {
    let pair = |line: &str| {
        let (name, value) = line.strip_prefix("> ")?.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.trim_end().to_owned()))
    };
    text.lines().filter_map(pair).collect()
}
