//! The facts that a text does not show, though the browser knew them.

use serde_json::Value;
use url::Url;

use crate::scenario::Scenario;

/// The page's origin, if the text has no origin or a different one.
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
    let (is_har, is_curl) = (extension(file) == "har", extension(file) == "txt");
    if file == "include.txt" {
        hide("request", true);
    } else if file != "console.txt" {
        let headers = headers(file, text, scenario);
        let shows_credentials = if file.starts_with("fetch") && file != "fetch-node.js" {
            value(&headers, "credentials") == Some("include")
        } else {
            value(&headers, "cookie").is_some()
        };
        // A page sends them to its own origin by default, and no policy decides about that.
        let is_cross_origin = scenario.origin() != scenario.api;
        hide("credentials", is_cross_origin && shows_credentials != (request.credentials == "include"));
        let shown = |(name, _): &(String, String)| value(&headers, &name.to_ascii_lowercase()).is_some();
        hide("headers", !request.headers.iter().all(shown));
        hide("mode", request.mode != "cors");
        hide("upload", request.via == "xhr-upload" && !is_har);
        let has_response = is_har || is_curl && !is_granted(text);
        hide("in-front", scenario.in_front.is_some() && !has_response);
        hide("redirect", scenario.service.redirect.is_some() && !is_har && !is_curl);
    }
    hides
}

/// The name says what kind of text a file has.
pub(crate) fn extension(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

type Headers = Vec<(String, String)>;

fn value<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// The headers of the page's request that a text shows, in lower case; for a copied fetch, also its options.
fn headers(file: &str, text: &str, scenario: &Scenario) -> Headers {
    let url = scenario.sent_url().unwrap_or_default();
    match extension(file) {
        "har" => of_har(text, &url, &scenario.method),
        "js" => of_fetch(text, &url, &scenario.method),
        "txt" => of_verbose_curl(text),
        _ => of_curl(text),
    }
}

/// The request itself, and the parts that only its preflight shows.
fn of_har(text: &str, url: &str, method: &str) -> Headers {
    let har: Value = serde_json::from_str(text).unwrap_or_default();
    let entries = har["log"]["entries"].as_array().into_iter().flatten();
    let asks = entries
        .map(|entry| &entry["request"])
        .filter(|ask| ask["url"].as_str().is_some_and(|other| other.split('#').next() == Some(url)));
    let (itself, others): (Vec<_>, Vec<_>) =
        asks.partition(|ask| ask["method"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(method)));
    let all =
        itself.into_iter().chain(others).flat_map(|ask| ask["headers"].as_array().into_iter().flatten());
    let pair = |line: &Value| {
        Some((line["name"].as_str()?.to_ascii_lowercase(), line["value"].as_str()?.to_owned()))
    };
    with_requested(all.filter_map(pair).collect())
}

/// A preflight shows the names of the request's headers.
fn with_requested(mut headers: Headers) -> Headers {
    let requested = value(&headers, "access-control-request-headers").unwrap_or_default().to_owned();
    headers.extend(requested.split(',').map(|name| (name.trim().to_owned(), String::new())));
    headers
}

/// `"name": "value"` lines, of the call that is for the request: its preflight may be before it.
fn of_fetch(text: &str, url: &str, method: &str) -> Headers {
    let url = format!("fetch(\"{url}");
    let method = format!("\"method\": \"{method}\"").to_ascii_lowercase();
    let is_call = |call: &&str| call.contains(&url) && call.to_ascii_lowercase().contains(&method);
    // A call ends with a line of its own; the lines of a body are escaped.
    let call = text.split("\n});").find(is_call).unwrap_or_default();
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
        let unquoted =
            |rest: &str| rest.trim_start_matches(['^', '$']).trim_matches(['\'', '"', '^']).to_owned();
        if let Some(cookie) = line.strip_prefix("-b ") {
            return Some(("cookie".to_owned(), unquoted(cookie)));
        }
        let header = unquoted(line.strip_prefix("-H ")?);
        let (name, value) = header.split_once(": ").or_else(|| Some((header.strip_suffix(';')?, "")))?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

/// Whether the page could read curl's response, if it had got this one.
fn is_granted(text: &str) -> bool {
    let is_line = |line: &&str| line.to_ascii_lowercase().starts_with("< access-control-allow-origin: ");
    text.lines().filter(is_line).count() == 1
}

/// `> name: value`.
fn of_verbose_curl(text: &str) -> Headers {
    let pair = |line: &str| {
        let (name, value) = line.strip_prefix("> ")?.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.trim_end().to_owned()))
    };
    with_requested(text.lines().filter_map(pair).collect())
}
