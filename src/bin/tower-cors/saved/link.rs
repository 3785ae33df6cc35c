//! Combines what belongs together: a request and its preflight, a request and the console's message about it. Leaves out what does not concern CORS.

use std::collections::HashMap;

use super::console::Complaint;
use super::page::page_request;
use super::role::{self, Role};
use super::written::{MAX_REQUESTS, Written, origin_of};
use super::{Asked, Recorded, Saved};
use crate::answer::Failure;

/// The requests of a text. `unit` is what they are counted by: `line` or `entry`.
pub(super) fn link(written: &[Written], complaints: &[Complaint], unit: &str) -> Result<Vec<Saved>, Failure> {
    if written.len() + complaints.len() > MAX_REQUESTS {
        return Err(Failure::new(format!(
            "the text has more than {MAX_REQUESTS} requests: save fewer of them"
        )));
    }
    let roles = role::of_each(written);
    let preflights = preflights(written, &roles);
    let mut is_linked = vec![false; written.len()];
    for preflight in preflights.iter().flatten() {
        is_linked[*preflight] = true;
    }
    let (of_request, alone) = of_requests(written, &roles, complaints);

    let mut found: Vec<(usize, Saved)> = Vec::new();
    for (index, one) in written.iter().enumerate() {
        one.check().map_err(|problem| Failure::new(format!("{unit} {}: {problem}", one.number)))?;
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
                saved.caveats.extend(leads_elsewhere(one).filter(|_| written.len() == 1));
                saved
            }
        };
        found.push((one.number, saved));
    }
    // If there is anything else, a missing file does not concern CORS.
    let is_all = found.is_empty() && alone.iter().all(|complaint| complaint.is_status_alone());
    let alone = alone.into_iter().filter(|complaint| is_all || !complaint.is_status_alone());
    found.extend(alone.map(|complaint| (complaint.number, complained(complaint))));
    found.sort_by_key(|(number, _)| *number);
    if found.is_empty() {
        return Err(Failure::new(role::nothing_to_explain(&roles)));
    }
    let is_only_one = found.len() == 1;
    let place = |number| if is_only_one { String::new() } else { format!("{unit} {number}") };
    Ok(found.into_iter().map(|(number, saved)| Saved { place: place(number), ..saved }).collect())
}

/// The preflight of each request, if the text has it: after its request or before it, depending on the developer tools.
fn preflights(written: &[Written], roles: &[Role]) -> Vec<Option<usize>> {
    let mut preflights = vec![None; written.len()];
    // By URL and method; and only by URL, for an `OPTIONS` that does not show its request headers.
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
                    Some(request) => {
                        preflights[request] = Some(index);
                        // Then it is the page's own request.
                        if early_by_url.get(url) == Some(&request) {
                            early_by_url.remove(url);
                        }
                    }
                    None => early.entry(key).or_default().push(index),
                }
            }
            Role::BareOptions => {
                // If a page uses `OPTIONS`, there are two of them.
                let request =
                    requests_by_url.get_mut(url).and_then(Vec::pop).or_else(|| early_by_url.remove(url));
                if let Some(request) = request {
                    preflights[request] = Some(index);
                } else {
                    early_by_url.insert(url, index);
                    requests.entry((url, "OPTIONS".to_owned())).or_default().push(index);
                }
            }
            Role::Page => {
                let key = (url, one.method.as_deref().unwrap_or("GET").to_ascii_uppercase());
                let preflight = match early.get_mut(&key).and_then(Vec::pop) {
                    None if role::may_need_preflight(one) => early_by_url.remove(url),
                    found => found,
                };
                preflights[index] = preflight;
                if preflight.is_none() {
                    if role::may_need_preflight(one) {
                        requests_by_url.entry(url).or_default().push(index);
                    }
                    requests.entry(key).or_default().push(index);
                }
            }
        }
    }
    preflights
}

/// The console's message about each request, and its messages about others.
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
            // WebKit's line without a URL can only be about the only request.
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

/// The indexes are in reverse. Only a few of them are checked, so many requests of one URL cost no more.
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
    // A console reports only requests with CORS.
    if role == Role::Element && complaint.is_none() {
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

/// A browser follows a redirect, but curl without `--location` does not.
fn leads_elsewhere(written: &Written) -> Option<String> {
    const FOLLOWED: [u16; 5] = [301, 302, 303, 307, 308];
    let response = written.response.as_ref()?;
    let location = response.headers().get(http::header::LOCATION)?.to_str().ok()?;
    FOLLOWED.contains(&response.status().as_u16()).then(|| {
        format!("the response redirects to {location:.100?}: the page reads what a browser gets there, which the text does not show")
    })
}

/// A line of the console without its request.
fn complained(complaint: &Complaint) -> Saved {
    let (request, caveats) = complaint.page_request();
    let recorded = Recorded { blocked: complaint.blocked.clone(), ..Recorded::default() };
    Saved { place: String::new(), asked: Asked::Page(request), recorded, caveats }
}
