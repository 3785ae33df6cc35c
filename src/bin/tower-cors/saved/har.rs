//! A HAR, the log of the network panel: entries with their requests and responses, in JSON.
//!
//! Chromium writes the kind of a request and its failure into its own fields (`_resourceType`, `_initiator`, `_error`), has a preflight
//! after its request, and leaves out `Cookie` and `Authorization` by default. Firefox includes them, and also puts the preflight after the
//! request. If a request was never sent, its status is 0.

use std::collections::HashMap;

use http::{Response, StatusCode};
use serde::Deserialize;

use super::wire;
use super::written::{Kind, Written, origin_of};
use super::{Blocked, Reason};

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    pages: Option<Vec<Page>>,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Page {
    id: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Option<Answer>,
    pageref: Option<String>,
    #[serde(rename = "_resourceType")]
    resource_type: Option<String>,
    #[serde(rename = "_initiator")]
    initiator: Option<Initiator>,
    #[serde(rename = "_fromCache")]
    from_cache: Option<String>,
}

#[derive(Deserialize)]
struct Initiator {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    cookies: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct Answer {
    status: Option<f64>,
    #[serde(default)]
    headers: Option<Vec<Header>>,
    #[serde(rename = "_error")]
    error: Option<String>,
    #[serde(rename = "_fetchedViaServiceWorker", default)]
    by_service_worker: Option<bool>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    #[serde(default)]
    value: Option<String>,
}

/// Chromium's error for a request that was ended by the browser.
const ENDED: &str = "net::ERR_ABORTED";

/// Reads the entries, all of them.
pub(super) fn read(text: &str) -> Result<Vec<Written>, String> {
    let har: Har = serde_json::from_str(text).map_err(|error| format!("the HAR cannot be read: {error}"))?;
    let mut documents: HashMap<String, String> = HashMap::new();
    for page in har.log.pages.into_iter().flatten() {
        if let (Some(id), Some(title)) = (page.id, page.title) {
            documents.insert(id, title);
        }
    }
    let entries = har.log.entries.into_iter().enumerate();
    Ok(entries.map(|(index, entry)| written(entry, index + 1, &documents)).collect())
}

fn written(entry: Entry, number: usize, documents: &HashMap<String, String>) -> Written {
    let Entry { request, response, pageref, resource_type, initiator, from_cache } = entry;
    let is_preflight = initiator.and_then(|initiator| initiator.kind).as_deref() == Some("preflight");
    let kind = match resource_type.as_deref() {
        Some("preflight") => Kind::Preflight,
        _ if is_preflight => Kind::Preflight,
        Some("document") => Kind::Navigation,
        Some("fetch" | "xhr" | "eventsource") => Kind::Script,
        Some(_) => Kind::Subresource,
        None => Kind::NotSaid,
    };
    let has_cookies = request.cookies.is_some_and(|cookies| !cookies.is_empty());
    let headers = request.headers.into_iter().map(|header| (header.name, header.value.unwrap_or_default()));
    let mut written = Written {
        number,
        method: Some(request.method),
        url: Some(request.url),
        headers: headers.collect(),
        has_cookies,
        kind,
        // Chromium's title is the URL.
        document: pageref
            .and_then(|id| documents.get(&id))
            .filter(|title| title.starts_with("http"))
            .cloned(),
        ..Written::default()
    };
    // Firefox does not name the kind, and the mode only for https. Its cross-origin requests with CORS have an `Origin`.
    let is_sent = response.as_ref().is_some_and(|answer| answer.status.is_some_and(|status| status > 0.0));
    let shows_mode = ["origin", "sec-fetch-mode"].iter().any(|name| written.header(name).is_some());
    if written.kind == Kind::NotSaid && is_sent && !shows_mode && is_from_elsewhere(&written) {
        written.kind = Kind::Subresource;
    }
    if from_cache.is_some() {
        written.caveats.push("the response came from the browser's cache, not from the server".to_owned());
    }
    if let Some(answer) = response {
        if answer.by_service_worker == Some(true) {
            written.caveats.push(
                "a service worker of the page answered: CORS applies to its own requests, if it sends any"
                    .to_owned(),
            );
        }
        let error = answer.error.clone().filter(|error| !error.is_empty());
        written.response = response_of(answer);
        // This is how a script ends its event source or stream, after it could read the response; for an element, it is a failure.
        let is_ended =
            written.kind == Kind::Script && error.as_deref() == Some(ENDED) && written.response.is_some();
        if is_ended {
            written.caveats.push(
                "the page stopped the response while it arrived, so the HAR calls it an error".to_owned(),
            );
        }
        let error = error.filter(|_| !is_ended);
        let words = error.or_else(|| written.response.is_none().then(|| "no response".to_owned()));
        written.blocked =
            words.map(|words| Blocked { words, reason: Reason::NoResponse, stage: None, status: None });
    }
    written
}

fn is_from_elsewhere(written: &Written) -> bool {
    let page = written.header("referer").and_then(origin_of);
    page.is_some() && page != written.url.as_deref().and_then(origin_of)
}

/// A status of 0 means no response.
fn response_of(answer: Answer) -> Option<Response<()>> {
    let status = answer.status.filter(|status| (100.0..=999.0).contains(status))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it has three digits")]
    let mut response = wire::response(StatusCode::from_u16(status as u16).ok()?);
    for header in answer.headers.into_iter().flatten() {
        // Chromium joins the lines of one header with a line end.
        let value = header.value.unwrap_or_default();
        value.split('\n').for_each(|value| wire::add(&mut response, &header.name, value));
    }
    Some(response)
}
