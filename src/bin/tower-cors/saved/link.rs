//! What belongs together: a request and its preflight, a request and what the console says of it. What CORS has no part in is left out.

use std::collections::HashMap;

use super::console::Complaint;
use super::page::page_request;
use super::written::{Kind, MAX_HEADERS, Written, origin_of};
use super::{Asked, Recorded, Saved};
use crate::answer::Failure;

/// Whose request it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A page's, and it can be a CORS request.
    Page,
    /// An element's, which can have asked without CORS: the text does not show it.
    Element,
    Preflight,
    /// `OPTIONS` without what a preflight asks, as a copied fetch leaves that out: the browser's or the page's.
    BareOptions,
    LeftOut(LeftOut),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeftOut {
    Navigation,
    NoCors,
    NotHttp,
}

/// The requests of a text. `unit` is what they are counted by: `line` or `entry`.
pub(super) fn link(written: &[Written], complaints: &[Complaint], unit: &str) -> Result<Vec<Saved>, Failure> {
    let mut roles: Vec<Role> = written.iter().map(role).collect();
    // Without a sure one, an image counts.
    if roles.contains(&Role::Page) {
        roles
            .iter_mut()
            .filter(|role| **role == Role::Element)
            .for_each(|role| *role = Role::LeftOut(LeftOut::NoCors));
    }
    let preflights = preflights(written, &roles);
    let linked: Vec<usize> = preflights.iter().flatten().copied().collect();
    let mut is_linked = vec![false; written.len()];
    linked.into_iter().for_each(|index| is_linked[index] = true);
    let (of_request, alone) = of_requests(written, &roles, complaints);

    let mut found: Vec<(usize, Saved)> = Vec::new();
    for (index, one) in written.iter().enumerate() {
        if let Some(method) = one.method.as_deref().filter(|_| one.http_method().is_none()) {
            return Err(Failure::new(format!("{unit} {}: {method:.100?} is not a valid method", one.number)));
        }
        if one.headers.len() > MAX_HEADERS {
            return Err(Failure::new(format!(
                "{unit} {}: the request has more than {MAX_HEADERS} headers",
                one.number
            )));
        }
        let saved = match roles[index] {
            Role::LeftOut(_) => continue,
            Role::Preflight | Role::BareOptions if is_linked[index] => continue,
            Role::Preflight => preflight(one),
            Role::Page | Role::Element | Role::BareOptions => {
                let mut saved = page(
                    one,
                    preflights[index].map(|index| &written[index]),
                    of_request[index],
                    roles[index],
                );
                if let Some(first) = index.checked_sub(1).map(|index| &written[index]) {
                    follow(&mut saved, first);
                }
                saved
            }
        };
        found.push((one.number, saved));
    }
    // Beside anything else, a file that is not there has nothing to do with CORS.
    let is_all = found.is_empty() && alone.iter().all(|complaint| complaint.is_status_alone());
    let alone = alone.into_iter().filter(|complaint| is_all || !complaint.is_status_alone());
    found.extend(alone.map(|complaint| (complaint.number, complained(complaint))));
    found.sort_by_key(|(number, _)| *number);
    if found.is_empty() {
        return Err(Failure::new(nothing(&roles)));
    }
    let is_only_one = found.len() == 1;
    let place = |number| if is_only_one { String::new() } else { format!("{unit} {number}") };
    Ok(found.into_iter().map(|(number, saved)| Saved { place: place(number), ..saved }).collect())
}

fn role(written: &Written) -> Role {
    let header = |name| written.header(name).map(str::trim).unwrap_or_default();
    let starts = |name, start: &str| {
        header(name).get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    let url = written.url.as_deref().unwrap_or("/");
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_http = scheme.is_none_or(|scheme| {
        matches!(scheme.as_str(), "http" | "https")
            || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if !is_http || written.has_method("CONNECT") {
        return Role::LeftOut(LeftOut::NotHttp);
    }
    if written.kind == Kind::Preflight
        || (written.has_method("OPTIONS") && !header("access-control-request-method").is_empty())
    {
        return Role::Preflight;
    }
    let is_for_html = starts("accept", "text/html") && !header("upgrade-insecure-requests").is_empty();
    if written.kind == Kind::Navigation || is_for_html || header("sec-fetch-mode") == "navigate" {
        return Role::LeftOut(LeftOut::Navigation);
    }
    match header("sec-fetch-mode") {
        // Of a script. An element's is left out: nobody reads its response.
        "no-cors" if header("sec-fetch-dest") == "empty" && written.kind != Kind::Subresource => {
            return Role::Page;
        }
        "no-cors" => return Role::LeftOut(LeftOut::NoCors),
        "websocket" => return Role::LeftOut(LeftOut::NotHttp),
        "cors" | "same-origin" => return options_or(written, Role::Page),
        _ => {}
    }
    let is_of_element =
        written.kind == Kind::Subresource || starts("accept", "image/") || starts("accept", "text/css");
    if is_of_element && header("origin").is_empty() { Role::Element } else { options_or(written, Role::Page) }
}

fn options_or(written: &Written, other: Role) -> Role {
    if written.has_method("OPTIONS") { Role::BareOptions } else { other }
}

/// The preflight of each request, where the text has it: behind its request or in front of it, developer tools have both.
fn preflights(written: &[Written], roles: &[Role]) -> Vec<Option<usize>> {
    let mut preflights = vec![None; written.len()];
    // By URL and method; and by URL alone, for an `OPTIONS` that does not say what it asks.
    let mut requests: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    let mut early: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    let mut requests_by_url: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut early_by_url: HashMap<&str, usize> = HashMap::new();
    for (index, one) in written.iter().enumerate() {
        let url = one.url.as_deref().unwrap_or("/");
        match roles[index] {
            Role::LeftOut(_) | Role::Element => {}
            Role::Preflight => {
                let method = one.header("access-control-request-method").unwrap_or_default();
                let key = (url, method.to_ascii_uppercase());
                match requests.get_mut(&key).and_then(Vec::pop) {
                    Some(request) => preflights[request] = Some(index),
                    None => early.entry(key).or_default().push(index),
                }
            }
            Role::BareOptions => {
                // Where a page asks with `OPTIONS`, there are two of them.
                let request =
                    requests_by_url.get_mut(url).and_then(Vec::pop).or_else(|| early_by_url.remove(url));
                match request {
                    Some(request) => preflights[request] = Some(index),
                    None => drop(early_by_url.insert(url, index)),
                }
                requests.entry((url, "OPTIONS".to_owned())).or_default().push(index);
            }
            Role::Page => {
                let key = (url, one.method.as_deref().unwrap_or("GET").to_ascii_uppercase());
                let preflight = match early.get_mut(&key).and_then(Vec::pop) {
                    None if may_need_preflight(one) => early_by_url.remove(url),
                    found => found,
                };
                match preflight {
                    Some(_) => preflights[index] = preflight,
                    None => {
                        if may_need_preflight(one) {
                            requests_by_url.entry(url).or_default().push(index);
                        }
                        requests.entry(key).or_default().push(index);
                    }
                }
            }
        }
    }
    preflights
}

/// Whether a bare `OPTIONS` behind it can be its preflight. `POST` can have one whatever it sends, for a listener to its upload.
fn may_need_preflight(written: &Written) -> bool {
    let is_safelisted = |name: &str| ["accept", "accept-language", "content-language"].contains(&name);
    !["GET", "HEAD"].iter().any(|method| written.has_method(method))
        || written.headers.iter().any(|(name, value)| {
            !super::page::is_of_browser(name, value)
                && (!is_safelisted(&name.to_ascii_lowercase())
                    || value.len() > 128
                    || value.contains(['"', '(', ')', ':', '<', '>', '?', '@', '[', '\\', ']', '{', '}']))
        })
}

/// What the console says of each request, and what it says of others.
fn of_requests<'a>(
    written: &[Written],
    roles: &[Role],
    complaints: &'a [Complaint],
) -> (Vec<Option<&'a Complaint>>, Vec<&'a Complaint>) {
    let mut of_request = vec![None; written.len()];
    let mut by_url: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, one) in
        written.iter().enumerate().rev().filter(|(index, _)| !matches!(roles[*index], Role::LeftOut(_)))
    {
        by_url.entry(without_fragment(one.url.as_deref().unwrap_or_default())).or_default().push(index);
    }
    let mut alone = Vec::new();
    for complaint in complaints {
        let url = complaint.request.url.as_deref().map(without_fragment);
        let index = match url {
            Some(url) => by_url
                .get_mut(url)
                .and_then(|indexes| take_first(indexes, |index| complaint.is_of(&written[index]))),
            // WebKit's line without URL can only be of the one request that there is.
            None if written.len() == 1 && complaints.len() == 1 => Some(0),
            None => None,
        };
        match index {
            Some(index) => of_request[index] = Some(complaint),
            None => alone.push(complaint),
        }
    }
    (of_request, alone)
}

/// The indexes are in reverse. Few of them are looked at, so that many of one URL cost no more.
fn take_first(indexes: &mut Vec<usize>, fits: impl Fn(usize) -> bool) -> Option<usize> {
    const MAX_LOOKED_AT: usize = 8;
    let end = indexes.len();
    let position =
        (end.saturating_sub(MAX_LOOKED_AT)..end).rev().find(|position| fits(indexes[*position]))?;
    Some(indexes.remove(position))
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

fn page(written: &Written, preflight: Option<&Written>, complaint: Option<&Complaint>, role: Role) -> Saved {
    let (request, mut caveats) = page_request(written, preflight, complaint);
    if role == Role::Element {
        caveats.push(
            "the text does not show whether the element asked with CORS: without the attribute `crossorigin`, it did not, and \
             CORS does not apply"
                .to_owned(),
        );
    }
    if role != Role::Element && preflight.is_none() && written.has_method("OPTIONS") && written.mode.is_some()
    {
        caveats.push(
            "a copied fetch does not show whether `OPTIONS` was asked by the page or is the browser's preflight: if the page \
             asked something else, copy that request"
                .to_owned(),
        );
    }
    let recorded = Recorded {
        preflight: preflight.and_then(|preflight| preflight.response.clone()),
        response: written.response.clone(),
        blocked: complaint
            .and_then(|complaint| complaint.blocked.clone())
            .or_else(|| written.blocked.clone()),
    };
    Saved { place: String::new(), asked: Asked::Page(request), recorded, caveats }
}

fn preflight(written: &Written) -> Saved {
    let recorded =
        Recorded { preflight: None, response: written.response.clone(), blocked: written.blocked.clone() };
    Saved {
        place: String::new(),
        asked: Asked::Preflight(written.to_request()),
        recorded,
        caveats: written.caveats.clone(),
    }
}

/// Fetch, "HTTP-redirect fetch": from one foreign origin to another, the request's origin is opaque from there on. curl sends the same
/// `Origin` again.
fn follow(saved: &mut Saved, first: &Written) {
    let Asked::Page(request) = &mut saved.asked else { return };
    let (Some(asked), Some(url), Some(page)) = (&first.url, &request.url, &request.page) else { return };
    let Some(response) = first.response.as_ref().filter(|response| response.status().is_redirection()) else {
        return;
    };
    let location = response.headers().get(http::header::LOCATION).and_then(|location| location.to_str().ok());
    let target = location.and_then(|location| url::Url::parse(asked).ok()?.join(location).ok());
    let is_followed = target.is_some_and(|target| url::Url::parse(url).is_ok_and(|url| url == target));
    let is_foreign = origin_of(page) != origin_of(asked) && origin_of(asked) != origin_of(url);
    if is_followed && is_foreign && page != "null" {
        request.page = Some("null".to_owned());
        saved.caveats.push(
            "the request follows a redirect from one foreign origin to another, for which a browser sends `Origin: null`"
                .to_owned(),
        );
    }
}

/// A line of the console without its request.
fn complained(complaint: &Complaint) -> Saved {
    let (request, caveats) = complaint.page_request();
    let recorded = Recorded { blocked: complaint.blocked.clone(), ..Recorded::default() };
    Saved { place: String::new(), asked: Asked::Page(request), recorded, caveats }
}

/// Why there is nothing to explain.
fn nothing(roles: &[Role]) -> String {
    let count = |what| roles.iter().filter(|role| **role == Role::LeftOut(what)).count();
    let (navigations, no_cors, not_http) =
        (count(LeftOut::Navigation), count(LeftOut::NoCors), count(LeftOut::NotHttp));
    let counts = [
        (navigations, "navigations"),
        (no_cors, "loads without CORS, such as images"),
        (not_http, "that are not HTTP requests"),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if counts.is_empty() {
        "the text has no request".to_owned()
    } else {
        format!("CORS does not apply to what the text has: {}", counts.join(", "))
    }
}
