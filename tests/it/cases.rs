//! The cases of `tests/data/`, in the model of a browser.

#[path = "../data/mod.rs"]
#[allow(dead_code, reason = "the tests in real browsers use another part of it")]
mod data;
mod mutants;

use std::collections::{BTreeMap, BTreeSet};

use data::Data;
use data::case::{Case, build};
use data::exchange::cors;
use data::model::{Difference, run};
use data::ports::Ports;
use http::{HeaderName, HeaderValue, Request};
use tower::ServiceExt as _;

use self::mutants::Mutant;

fn load() -> Data {
    data::load(Ports::MODEL)
}

/// What is not as the case says. Nothing of it waits, so that a future is a detail.
#[tokio::main(flavor = "current_thread")]
async fn differences(case: &Case, mutant: Option<Mutant>) -> Vec<Difference> {
    let outcome = run(case, |app| match mutant {
        Some(mutant) => mutant.around(app),
        None => app,
    });
    outcome.await.err().unwrap_or_default()
}

#[test]
fn every_case_is_so_in_the_model() {
    let cases = load().cases;
    let failed: Vec<String> = cases
        .iter()
        .map(|case| (case, differences(case, None)))
        .filter(|(_, differences)| !differences.is_empty())
        .map(|(case, differences)| {
            let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
            format!("{} ({})\n    {}", case.name, case.id, lines.join("\n    "))
        })
        .collect();
    let in_browsers = cases.iter().filter(|case| case.runs_in_browsers).count();
    println!("{} cases in the model, {in_browsers} of them for real browsers too", cases.len());
    assert!(failed.is_empty(), "{} of {} cases:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

#[test]
fn there_are_cases_enough_and_each_has_its_name() {
    let data = load();
    assert!(data.cases.len() >= 200, "{} cases", data.cases.len());
    let in_browsers = data.cases.iter().filter(|case| case.runs_in_browsers).count();
    assert!(in_browsers >= 150, "{in_browsers} cases for real browsers");
    let names = data.cases.iter().map(|case| &case.name);
    let names = names.chain(data.raw.iter().map(|case| &case.name));
    let names = names.chain(data.refused.iter().map(|case| &case.name));
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = names.filter(|name| !seen.insert(*name)).collect();
    assert!(twice.is_empty(), "names that are used twice: {twice:?}");
}

#[test]
fn each_way_to_break_the_layer_fails_some_case() {
    let cases = load().cases;
    for mutant in Mutant::ALL {
        let all: Vec<_> = cases.iter().map(|case| (case, differences(case, Some(mutant)))).collect();
        let failing = all.iter().filter(|(_, differences)| !differences.is_empty()).count();
        let is_told = |difference: &Difference| matches!(difference, Difference::Outcome { .. });
        let told = all.iter().filter(|(_, differences)| differences.iter().any(is_told));
        let told: Vec<&str> = told.map(|(case, _)| case.name.as_str()).collect();
        println!("{mutant:?}: {failing} cases fail, {} of them for the page: {:?}", told.len(), told.first());
        // What goes over the wire may differ and mean the same: what the page gets has to differ.
        assert!(!told.is_empty(), "no page notices {mutant:?}");
    }
}

/// A mutant that changes nothing is noticed by nothing: the wrapper itself fails no case.
#[test]
fn the_wrapper_of_the_mutants_breaks_nothing_by_itself() {
    for case in load().cases {
        assert_eq!(differences(&case, Some(Mutant::Nothing)), Vec::new(), "{}", case.name);
    }
}

#[tokio::test]
async fn requests_that_no_browser_sends_are_answered_as_the_cases_say() {
    for case in load().raw {
        let policy = build(&case.rules).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let request = raw_request(&case.request);
        let denial = policy.decide(&request).denial().map(|denial| denial.kind().to_owned());
        let inner = tower::service_fn(|_: Request<String>| async {
            Ok::<_, http::Error>(http::Response::new(String::new()))
        });
        let app = tower::Layer::layer(&tower_cors::CorsLayer::from(policy), inner);
        let response = app.oneshot(request).await.expect("a response");
        assert_eq!(denial, case.denial, "{}", case.name);
        assert_eq!(response.status().as_u16(), case.status, "{}", case.name);
        assert_eq!(cors(response.headers()), case.answer, "{}", case.name);
    }
}

/// The first line is `METHOD target`, the others are headers, whose values can be any bytes: `{3*ab}` is `ababab`.
fn raw_request(lines: &[String]) -> Request<String> {
    let (method, target) = lines[0].split_once(' ').expect("a method and a target");
    let mut request = Request::builder().method(method).uri(target).body(String::new()).expect("a request");
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').expect("a name and a value");
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_bytes(repeated(value.trim_start()).as_bytes()).expect("a header value");
        request.headers_mut().append(name, value);
    }
    request
}

fn repeated(value: &str) -> String {
    let parts = value.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (times, after))) = parts else { return value.to_owned() };
    let (count, text) = times.split_once('*').expect("how often, and what");
    format!("{before}{}{after}", text.repeat(count.parse().expect("a number")))
}

#[test]
fn policies_that_are_mistakes_are_refused_with_what_the_cases_say() {
    let has_list = cfg!(feature = "public-suffix");
    for case in load().refused.into_iter().filter(|case| has_list || !case.needs_public_suffixes) {
        match build(&case.policy) {
            Ok(policy) => panic!("{}: {policy:?}", case.name),
            Err(error) => {
                let missing = case.says.lines().into_iter().find(|part| !error.contains(part));
                assert_eq!(missing, None, "{}: {error}", case.name);
            }
        }
    }
}

#[test]
fn a_case_whose_page_no_browser_can_be_at_runs_in_the_model_alone() {
    let by_page: BTreeMap<String, bool> =
        load().cases.into_iter().map(|case| (case.page, case.runs_in_browsers)).collect();
    for (page, expected) in
        [("null", true), ("http://app.localhost:3000", true), ("https://app.example.com", false)]
    {
        assert_eq!(by_page.get(page), Some(&expected), "{page}");
    }
    assert!(by_page.iter().all(|(page, runs)| !runs || page == "null" || page.starts_with("http://")));
}
