//! What Chromium, Firefox and curl wrote, against what the pages asked.

use std::fs;

use tower_cors::browser::Credentials;
use url::Url;

use super::texts::{Request, Scenario, Text, scenarios};
use crate::saved::written::origin_of;
use crate::saved::{Asked, NOT_SHOWN, PageRequest, Saved, parse};

#[test]
fn recorded_texts_are_read_as_what_the_pages_asked() {
    let mut mistakes = Vec::new();
    let mut count = 0;
    for scenario in scenarios() {
        for text in &scenario.texts {
            count += 1;
            let name = format!("{}/{}", scenario.name, text.file);
            mistakes
                .extend(differences(&scenario, text).into_iter().map(|mistake| format!("{name}: {mistake}")));
        }
    }
    assert!(count > 1000, "{count}");
    assert!(mistakes.is_empty(), "{} in {count} texts:\n{}", mistakes.len(), mistakes.join("\n"));
}

fn differences(scenario: &Scenario, text: &Text) -> Vec<String> {
    let content = fs::read_to_string(scenario.path(&text.file)).unwrap();
    let saved = match parse(&content) {
        Ok(saved) => saved,
        Err(failure) => return vec![failure.to_string()],
    };
    let is_hidden = |what: &str| text.hides.iter().any(|hidden| hidden == what);
    if is_hidden("request") {
        return alone(&saved);
    }
    if text.file == "preflight.txt" {
        return preflight(scenario, &saved);
    }
    let found: Vec<_> = saved.iter().filter_map(page).collect();
    let is_whole = ["default.har", "sensitive.har", "all.har", "fetch-all.js"].contains(&text.file.as_str());
    let is_console = text.file == "console.txt";
    if !is_whole && !is_console && saved.len() != 1 {
        return vec![format!("{} requests", saved.len())];
    }
    // A console has those that failed.
    let mut expected = vec![(&scenario.request, !is_console || !scenario.read)];
    if is_whole || is_console {
        expected.extend(scenario.also.iter().map(|also| (&also.request, !is_console || !also.read)));
    }
    let mut differences = Vec::new();
    for (request, must_be_there) in expected {
        // Of a page that asks twice for the same, and of what a redirect makes of a URL, the first counts.
        let shown = found.iter().find(|found| {
            let url = found.url.as_deref().unwrap_or_default();
            same_url(url, &request.url)
                || (is_console && same_url(url.trim_end_matches("/next"), &request.url))
        });
        match shown {
            Some(shown) if is_console => differences.extend(of_console(scenario, request, shown)),
            Some(shown) => differences.extend(of_request(scenario, text, request, shown)),
            None if must_be_there && !redirects_elsewhere(request) => {
                differences.push(format!("{} is missing", request.url));
            }
            None => {}
        }
    }
    differences
}

/// `curl -i` has a response and nothing else.
fn alone(saved: &[Saved]) -> Vec<String> {
    let is_alone = saved.len() == 1
        && saved[0].recorded.response.is_some()
        && page(&saved[0]).is_some_and(|request| request.url.is_none() && request.method.is_none());
    if is_alone { Vec::new() } else { vec![format!("{saved:?}")] }
}

fn preflight(scenario: &Scenario, saved: &[Saved]) -> Vec<String> {
    let [Saved { asked: Asked::Preflight(request), recorded, .. }] = saved else {
        return vec![format!("{saved:?}")];
    };
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
    let is_right = header("origin") == Some(&scenario.page)
        && header("access-control-request-method") == Some(&scenario.request.method)
        && same_url(&request.uri().to_string(), &scenario.request.url)
        && recorded.response.is_some();
    if is_right { Vec::new() } else { vec![format!("{request:?}")] }
}

fn of_request(scenario: &Scenario, text: &Text, asked: &Request, shown: &PageRequest) -> Vec<String> {
    let is_hidden = |what: &str| text.hides.iter().any(|hidden| hidden == what);
    let mut differences = Vec::new();
    let mut differ = |what: &str, shown: &dyn std::fmt::Debug, asked: &dyn std::fmt::Debug| {
        differences.push(format!("{what} {shown:?}, not {asked:?}"));
    };
    let page = shown.page.as_deref().map(|page| origin_of(page).unwrap_or_else(|| page.to_owned()));
    let page_asked = if text.origin.is_some() { None } else { Some(scenario.page.clone()) };
    if page != page_asked {
        differ("page", &page, &page_asked);
    }
    let method = shown.method.as_ref().map(http::Method::as_str);
    if !method.is_some_and(|method| method.eq_ignore_ascii_case(&asked.method)) {
        differ("method", &method, &asked.method);
    }
    let names = |headers: &[(String, String)]| {
        let names = headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        // A list of languages that a page sets looks like the browser's, and needs no permission either.
        let mut names: Vec<_> = names.filter(|name| name != "accept-language").collect();
        names.sort();
        names
    };
    let (mut names_shown, mut names_asked) = (names(&shown.headers), names(&asked.headers));
    // Out of the body, and what scripts set as well as `EventSource`.
    let is_implied = |name: &str| match name {
        "content-type" => asked.body.is_some(),
        "accept" => asked.via == "eventsource",
        _ => false,
    };
    names_shown.retain(|name| names_asked.contains(name) || !is_implied(name));
    // Of what Chromium sent, these can be its own: they were allowed, or need no permission.
    let can_be_its_own = |name: &str| {
        ["cache-control", "device-memory", "dpr", "if-none-match", "pragma"].contains(&name)
            && scenario.engine() == "chromium"
            && scenario.read
    };
    names_asked.retain(|name| names_shown.contains(name) || !can_be_its_own(name));
    if names_shown != names_asked && !is_hidden("headers") {
        differ("headers", &names_shown, &names_asked);
    }
    for (name, value) in &shown.headers {
        let asked = asked.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        if let Some((_, asked)) = asked.filter(|(_, asked)| asked.trim() != value && value != NOT_SHOWN) {
            differ(name, value, asked);
        }
    }
    let is_same_origin = origin_of(&asked.url).as_ref() == Some(&scenario.page);
    let has_token = names_shown.iter().any(|name| name == "authorization");
    match shown.credentials {
        _ if is_same_origin || is_hidden("credentials") => {}
        // What a text hides is noted for the first of a page's requests alone.
        _ if !std::ptr::eq(asked, &raw const scenario.request) => {}
        None if has_token => {}
        shown if (shown == Some(Credentials::Include)) == (asked.credentials == "include") => {}
        shown => differ("credentials", &shown, &asked.credentials),
    }
    // Where `Sec-Fetch-Mode` is in the text, it is not overlooked.
    if shown.no_cors && asked.mode != "no-cors" {
        differ("mode", &"no-cors", &asked.mode);
    }
    differences
}

/// What a console names is right. Firefox's names little.
fn of_console(scenario: &Scenario, asked: &Request, shown: &PageRequest) -> Vec<String> {
    let mut differences = Vec::new();
    // The origin of a request that was redirected is another.
    let is_redirected = !same_url(shown.url.as_deref().unwrap_or_default(), &asked.url);
    let page = shown.page.as_ref().filter(|page| **page != scenario.page && !is_redirected);
    differences.extend(page.map(|page| format!("page {page}, not {}", scenario.page)));
    if scenario.engine() == "chromium" {
        // A line that is no refusal does not name it.
        let is_missing = shown.page.is_none() && !scenario.read;
        differences.extend(is_missing.then(|| "no page".to_owned()));
        differences.extend(shown.method.is_none().then(|| "no method".to_owned()));
    }
    let method = shown.method.as_ref().filter(|method| !method.as_str().eq_ignore_ascii_case(&asked.method));
    differences.extend(method.map(|method| format!("method {method}, not {}", asked.method)));
    let headers = shown
        .headers
        .iter()
        .filter(|(name, _)| !asked.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
    differences.extend(headers.map(|(name, _)| format!("header {name}")));
    let is_more = shown.credentials == Some(Credentials::Include) && asked.credentials != "include";
    differences.extend(is_more.then(|| "include".to_owned()));
    differences
}

/// Where a console can name the second URL alone.
fn redirects_elsewhere(request: &Request) -> bool {
    request.url.contains("/redirect-")
}

fn page(saved: &Saved) -> Option<&PageRequest> {
    match &saved.asked {
        Asked::Page(request) => Some(request),
        Asked::Preflight(_) => None,
    }
}

/// The browsers escape a quote in a query, the standard does not.
fn same_url(one: &str, other: &str) -> bool {
    let sent = |url: &str| {
        let mut url = Url::parse(url).ok()?;
        url.set_fragment(None);
        Some(url.as_str().replace("%27", "'"))
    };
    sent(one).is_some() && sent(one) == sent(other)
}

/// Each refusal in a console is there, with its reason.
#[test]
fn recorded_refusals_have_a_reason() {
    let mut count = 0;
    for scenario in scenarios() {
        for text in scenario.texts.iter().filter(|text| text.file == "console.txt") {
            let saved = parse(&fs::read_to_string(scenario.path(&text.file)).unwrap()).unwrap();
            let refused = scenario
                .console
                .iter()
                .filter(|line| line.contains("blocked by CORS") || line.contains("Request Blocked"));
            if refused.count() == 0 {
                continue;
            }
            count += 1;
            let reasons: Vec<_> = saved
                .iter()
                .filter_map(|saved| saved.recorded.blocked.as_ref())
                .map(|blocked| &blocked.reason)
                .collect();
            let is_known = reasons.iter().any(|reason| !matches!(reason, crate::saved::Reason::NoResponse));
            let are_known = !reasons.iter().any(|reason| matches!(reason, crate::saved::Reason::Unknown));
            assert!(is_known && are_known, "{}: {reasons:?}", scenario.name);
        }
    }
    assert!(count > 100, "{count}");
}

/// A line of the console and the request below it are one request.
#[test]
fn a_console_and_a_copied_request_are_one() {
    let mut count = 0;
    for scenario in scenarios().into_iter().filter(|scenario| scenario.also.is_empty() && !scenario.read) {
        let text = |file: &str| fs::read_to_string(scenario.path(file)).ok();
        let (Some(console), Some(fetch)) = (text("console.txt"), text("fetch.js")) else { continue };
        if redirects_elsewhere(&scenario.request) {
            continue;
        }
        let alone = parse(&console).unwrap();
        let saved = parse(&format!("{console}\n{fetch}\n")).unwrap();
        let request =
            &saved.iter().find(|saved| page(saved).is_some_and(|page| page.method.is_some())).unwrap();
        assert_eq!(saved.len(), alone.len(), "{}: {saved:?}", scenario.name);
        assert!(request.recorded.blocked.is_some(), "{}", scenario.name);
        count += 1;
    }
    assert!(count > 50, "{count}");
}
