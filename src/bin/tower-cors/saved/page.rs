//! A page's request, derived from the text: which headers the page set, its origin, and its credentials mode.

use std::collections::BTreeSet;

use tower_cors::browser::Credentials;

use super::console::Complaint;
use super::written::{MAX_HEADERS, Written, origin_of, valid};
use super::{NOT_SHOWN, PageRequest};

/// Set by the browser or by curl, never by a script.
///
/// Most are forbidden to scripts (Fetch, "forbidden request-header"). The others are the browser's in practice: client hints,
/// `Priority`, `Alt-Used` of Firefox, `X-Client-Data` of Chrome.
const OF_THE_BROWSER: [&str; 37] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "alt-used",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "device-memory",
    "dnt",
    "downlink",
    "dpr",
    "ect",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "origin",
    "priority",
    "purpose",
    "referer",
    "rtt",
    "save-data",
    "service-worker-navigation-preload",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "viewport-width",
    "width",
    "x-client-data",
];

/// Those that a script may set too, and that a browser adds when it sends the request.
const ADDED_WHEN_SENT: [&str; 9] = [
    "authorization",
    "cache-control",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "priority",
    "purpose",
    "upgrade-insecure-requests",
    "x-client-data",
];

/// Chromium adds these, and needs no permission if a script sets them. In Firefox, they are headers like any other.
const CLIENT_HINTS: [&str; 8] =
    ["device-memory", "downlink", "dpr", "ect", "rtt", "save-data", "viewport-width", "width"];

/// The start of `Accept` in a request of an element or a style sheet. It ends with `*/*`, and all of it is CORS-safelisted.
const OF_ELEMENTS: [&str; 3] = ["application/font", "image/", "text/css"];

/// Headers that a page may set with a CORS-safelisted value. A preflight names these only if the value is not safelisted.
const CAN_BE_SAFELISTED: [&str; 5] =
    ["accept", "accept-language", "content-language", "content-type", "range"];

/// A page's request, and what the text does not show of it. `preflight` is the preflight in the text, `complaint` the console's
/// message.
pub(super) fn page_request(
    written: &Written,
    preflight: Option<&Written>,
    complaint: Option<&Complaint>,
) -> (PageRequest, Vec<String>) {
    let mut caveats = written.caveats.clone();
    let told = complaint.map(|complaint| complaint.request.clone()).unwrap_or_default();
    let mut headers = headers(written, preflight, &mut caveats);
    for (name, value) in told.headers {
        if !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            headers.push((name, value));
        }
    }
    let shown = page(written, preflight, &mut caveats);
    if let (Some(shown), Some(told)) = (&shown, &told.page) {
        let is_one = shown == told || origin_of(shown).as_ref() == Some(told);
        if !is_one {
            caveats.push(format!("the page is {told:.100?} in the console, but {shown:.100?} in the request: the request counts"));
        }
    }
    let page = shown.or(told.page);
    let credentials = match told.credentials {
        Some(credentials) => Some(credentials),
        None => credentials(written, page.as_deref(), &mut caveats),
    };
    let request = PageRequest {
        page,
        method: written.http_method(),
        url: written.url.clone(),
        headers,
        credentials,
        preflighted: preflight.is_some() || told.preflighted,
        no_cors: written.mode.as_deref() == Some("no-cors")
            || written.header("sec-fetch-mode") == Some("no-cors"),
    };
    (request, caveats)
}

/// Whether the browser or curl itself adds such a header.
pub(super) fn is_of_browser(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "accept" => {
            let value = value.trim();
            value.is_empty() || value == "*/*" || is_of_element(value)
        }
        "accept-language" => is_of_languages(value),
        // HTTP authentication by the browser or by a script: `Basic` can be either.
        "authorization" => {
            ["digest ", "negotiate ", "ntlm "].iter().any(|scheme| starts_with_ignoring_case(value, scheme))
        }
        _ => {
            OF_THE_BROWSER.binary_search(&name.as_str()).is_ok()
                || ["sec-", "proxy-", ":"].iter().any(|prefix| name.starts_with(prefix))
        }
    }
}

/// Whether a browser sends such an `Accept` for the loads of an element or a style sheet.
pub(super) fn is_of_element(accept: &str) -> bool {
    OF_ELEMENTS.iter().any(|start| accept.starts_with(start)) && accept.contains("*/*")
}

/// Those that the page set.
fn headers(
    written: &Written,
    preflight: Option<&Written>,
    caveats: &mut Vec<String>,
) -> Vec<(String, String)> {
    let requested = preflight.and_then(requested_by);
    let has = |name: &str, value: &str| {
        written.header(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    };
    // Browsers send both if the cache is off or bypassed. A page that sets one mostly sets both, too.
    let passes_cache = has("cache-control", "no-cache") && has("pragma", "no-cache");
    // `EventSource` bypasses the cache, and its scripts cannot set headers.
    let is_event_source = has("accept", "text/event-stream");
    let mut of_the_cache = BTreeSet::new();
    let mut headers: Vec<(String, String)> = Vec::new();
    let behind = first_of_browser(written);
    for (index, (name, value)) in written.headers.iter().enumerate() {
        let lower = name.to_ascii_lowercase();
        let is_set_by_script = is_set_by_script(written, &lower, index < behind);
        let is_of_page = if let Some(requested) = &requested {
            let can_be_safelisted = CAN_BE_SAFELISTED.contains(&lower.as_str());
            requested.contains(&lower) || (can_be_safelisted && !is_of_browser(name, value))
        } else {
            let is_of_the_cache = match lower.as_str() {
                _ if is_set_by_script => false,
                "cache-control" | "pragma" if passes_cache => true,
                "cache-control" => value.trim() == "max-age=0",
                "if-none-match" | "if-modified-since" => true,
                _ => false,
            };
            if is_of_the_cache {
                of_the_cache.insert(lower.clone());
            }
            is_set_by_script
                || (!is_of_the_cache && !is_of_browser(name, value) && !is_authority(written, &lower, value))
        };
        if !is_of_page {
            continue;
        }
        if valid(name, value).is_some() {
            headers.push((name.clone(), value.trim().to_owned()));
        } else {
            caveats.push(format!(
                "the header {name:.100?} has a name or a value that cannot be sent, so it is left out"
            ));
        }
    }
    if !of_the_cache.is_empty() && !is_event_source {
        let names: Vec<_> = of_the_cache.into_iter().map(|name| format!("`{name}`")).collect();
        caveats.push(format!(
            "the browser's cache adds {}: if the page sets it, add `--header`",
            names.join(" and ")
        ));
    }
    if requested.is_none()
        && written.header("accept").is_some()
        && written.header("authorization").is_some_and(|value| starts_with_ignoring_case(value, "basic "))
    {
        caveats.push(
            "`Authorization` is assumed to be set by the page: if the browser asked for the password, the page did not set it"
                .to_owned(),
        );
    }
    let mut not_shown = requested.unwrap_or_default();
    for (name, _) in &headers {
        not_shown.remove(&name.to_ascii_lowercase());
    }
    headers.extend(not_shown.into_iter().map(|name| (name, NOT_SHOWN.to_owned())));
    headers
}

/// How many headers come before the first that Firefox adds when it sends a request. They include the page's, and none that concern
/// its cache. Other browsers have no such order.
fn first_of_browser(written: &Written) -> usize {
    let is_firefox = written.header("user-agent").is_some_and(|agent| agent.contains(" Firefox/"));
    let is_added = |(name, _): &(String, String)| name.to_ascii_lowercase().starts_with("sec-fetch-");
    written.headers.iter().position(is_added).filter(|_| is_firefox).unwrap_or(0)
}

/// Whether the page set a header that otherwise counts as the browser's.
fn is_set_by_script(written: &Written, name: &str, is_in_front: bool) -> bool {
    // Without `Accept`, the browser sent nothing, and did not use its cache.
    let is_never_sent = written.header("accept").is_none();
    (ADDED_WHEN_SENT.contains(&name) && (is_never_sent || is_in_front))
        || (CLIENT_HINTS.contains(&name) && is_in_front)
}

/// The pseudo-header of HTTP/2, which Chromium before 120 copied without its colon.
fn is_authority(written: &Written, name: &str, value: &str) -> bool {
    let authority = || written.url.as_deref()?.split_once("://")?.1.split(['/', '?', '#']).next();
    name == "authority" && authority() == Some(value.trim())
}

/// The names in a preflight's list, in lower case. `None`: the text does not show the list, as for a bare `OPTIONS`.
fn requested_by(preflight: &Written) -> Option<BTreeSet<String>> {
    preflight.header("access-control-request-method")?;
    let list = preflight.header("access-control-request-headers").unwrap_or_default();
    let names = list.split(',').map(|name| name.trim().to_ascii_lowercase());
    Some(names.filter(|name| valid(name, NOT_SHOWN).is_some()).take(MAX_HEADERS).collect())
}

/// The page's origin or a URL on it.
fn page(written: &Written, preflight: Option<&Written>, caveats: &mut Vec<String>) -> Option<String> {
    let origin = written.header("origin").or_else(|| preflight?.header("origin")).map(str::trim);
    let referrer = written.header("referer").or_else(|| preflight?.header("referer")).map(str::trim);
    let referrer = referrer.filter(|url| !url.is_empty() && *url != "about:client");
    let server = written.url.as_deref().and_then(origin_of);
    let site = written.header("sec-fetch-site").map(str::trim);
    let of_referrer = referrer.and_then(origin_of);

    if let Some(origin) = origin.filter(|origin| !origin.is_empty()) {
        match &of_referrer {
            Some(other) if origin != "null" && *other != origin && is_by_script(written) => caveats.push(
                format!("`Origin` is {origin:.100?}, but `Referer` is on {other:.100?}: `Origin` counts"),
            ),
            _ => {}
        }
        if site == Some("same-origin") && server.as_deref().is_some_and(|server| server != origin) {
            caveats.push(format!(
                "`Sec-Fetch-Site` is `same-origin`, but `Origin` is {origin:.100?}: `Origin` counts"
            ));
        }
        return Some(origin.to_owned());
    }
    if site == Some("same-origin") {
        match (&of_referrer, &server) {
            (Some(referrer), Some(server)) if referrer != server => caveats.push(format!(
                "`Sec-Fetch-Site` is `same-origin`, but the referrer is on {referrer:.100?}: `Sec-Fetch-Site` counts"
            )),
            _ => {}
        }
        return server;
    }
    if let Some(referrer) = referrer {
        if site == Some("cross-site") && of_referrer.is_some() && of_referrer == server {
            caveats.push(
                "`Sec-Fetch-Site` is `cross-site`, but the referrer is on the origin of the URL: the referrer counts"
                    .to_owned(),
            );
        }
        if !is_by_script(written) {
            caveats.push(
                "the page's origin is taken from the referrer, which can be a style sheet or a script on another origin"
                    .to_owned(),
            );
        }
        return Some(of_referrer.unwrap_or_else(|| referrer.to_owned()));
    }
    let document = written.document.as_deref().and_then(origin_of)?;
    caveats.push(format!(
        "the page's origin is taken from its document, {document:.100?}: a sandboxed frame in it would have the origin `null`"
    ));
    Some(document)
}

/// Not by an element or a style sheet, as far as the text shows.
fn is_by_script(written: &Written) -> bool {
    written.header("sec-fetch-dest").is_none_or(|destination| destination.trim() == "empty")
}

fn credentials(written: &Written, page: Option<&str>, caveats: &mut Vec<String>) -> Option<Credentials> {
    let server = written.url.as_deref().and_then(origin_of);
    let is_same_origin = server.is_some() && page.and_then(origin_of) == server;
    let has_cookie = written.has_cookies || written.header("cookie").is_some();
    let has_authorization = written.header("authorization").is_some();
    match written.credentials.as_deref() {
        _ if is_same_origin => return Some(Credentials::SameOrigin),
        Some("same-origin") => return Some(Credentials::SameOrigin),
        _ if has_cookie || written.header(STORAGE_ACCESS).is_some() => return Some(Credentials::Include),
        _ if would_show_storage_access(written) => return Some(Credentials::SameOrigin),
        // Written by hand: it is the page's own.
        Some("include") if written.mode.is_none() => return Some(Credentials::Include),
        Some("omit") if written.mode.is_none() => return Some(Credentials::Omit),
        Some("include") if has_authorization => {
            caveats.push(
                "the text does not show whether the page asked with credentials: developer tools write `include` for each \
                 request with `Authorization`"
                    .to_owned(),
            );
            return None;
        }
        Some("include") => return Some(Credentials::Include),
        _ => {}
    }
    caveats.push(
        "the text does not show whether the page asked with credentials: it has no cookie, so `same-origin` is assumed. \
         If the page uses `include`, add `--credentials include`"
            .to_owned(),
    );
    Some(Credentials::SameOrigin)
}

/// Storage Access Headers: sent across sites only in the credentials mode "include", with or without a cookie.
const STORAGE_ACCESS: &str = "sec-fetch-storage-access";

/// Whether the browser sends this header, and the request would have it.
fn would_show_storage_access(written: &Written) -> bool {
    /// The first Chromium that does.
    const FIRST: u32 = 133;
    let brands = written.header("sec-ch-ua").unwrap_or_default();
    let version = brands
        .split_once("\"Chromium\";v=\"")
        .and_then(|(_, rest)| rest.split_once('"')?.0.parse::<u32>().ok());
    let is = |name, value| written.header(name).is_some_and(|found| found.trim() == value);
    is("sec-fetch-site", "cross-site")
        && is("sec-fetch-mode", "cors")
        && version.is_some_and(|version| version >= FIRST)
}

/// `Accept-Language` in the form of browsers: `en-GB,en;q=0.9`. curl sends none. A list in this form needs no permission
/// if a page sets it, unless it is longer than 128 bytes.
fn is_of_languages(value: &str) -> bool {
    value.split(',').all(|language| {
        let (tag, quality) = language.trim().split_once(';').unwrap_or((language.trim(), "q=1"));
        let is_tag = tag == "*" || tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let quality = quality.trim().strip_prefix("q=").unwrap_or("none");
        is_tag && !tag.is_empty() && quality.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

fn starts_with_ignoring_case(value: &str, prefix: &str) -> bool {
    value.trim_start().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
