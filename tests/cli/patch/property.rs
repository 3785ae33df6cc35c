//! Properties of every patch, for random policies in random styles and random requests.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::ready;

use http::{Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Deserialize;
use toml::{Table, Value};
use tower::{Layer as _, service_fn};
use tower_cors::browser::{self, Browser, Credentials};
use tower_cors::{CorsLayer, CorsPolicy};

use super::Folder;
use super::applied::applied;
use super::styles::{Container, Written, written};

/// A page's request.
#[derive(Clone, Debug)]
struct Ask {
    page: &'static str,
    server: &'static str,
    method: &'static str,
    headers: Vec<&'static str>,
    with_credentials: bool,
}

/// Pages that a policy may list, then unknown ones, then those that must not get in.
const PAGES: [&str; 10] = [
    "https://app.example.com",
    "https://shop.example.org",
    "https://next.preview.example.com",
    "http://localhost:3000",
    "https://new.test",
    "https://app.example.co",
    "https://shop.example.org:8443",
    "http://app.example.com",
    "https://evilpreview.example.com",
    "null",
];
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "put", "DELETE", "PATCH", "patch", "*"];
const HEADERS: [&str; 8] = [
    "content-type",
    "x-request-id",
    "x-stainless-os",
    "authorization",
    "x-tenant",
    "x-requst-id",
    "x-*",
    "mcp-session-id",
];
const SERVERS: [&str; 2] = ["https://api.example.com", "https://other.example.net"];

fn asks() -> impl Strategy<Value = Ask> {
    let few_headers = subsequence(&HEADERS[..], 0..=3);
    let server = prop_oneof![4 => Just(SERVERS[0]), 1 => Just(SERVERS[1])];
    (select(&PAGES[..]), server, select(&METHODS[..]), few_headers, prop::bool::weighted(0.3)).prop_map(
        |(page, server, method, headers, with_credentials)| Ask {
            page,
            server,
            method,
            headers,
            with_credentials,
        },
    )
}

proptest! {
    #![proptest_config(Config::with_cases(200))]

    #[test]
    fn a_patch_makes_the_request_pass_and_lets_in_nothing_that_it_does_not_name(
        policy in written(),
        ask in asks(),
        others in vec(asks(), 40),
    ) {
        outcome("random", &policy, &ask, &others);
    }
}

#[test]
fn every_style_is_patched_and_every_outcome_happens() {
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let containers = [
        Container::Document,
        Container::Table,
        Container::Dotted,
        Container::Inline,
        Container::InlineLines,
        Container::Tables,
        Container::ListOfInline,
    ];
    let outcomes = [Outcome::Passes, Outcome::Patched, Outcome::Refused];
    let mut missing: BTreeSet<_> =
        containers.into_iter().flat_map(|container| outcomes.map(|outcome| (container, outcome))).collect();
    for _ in 0..2000 {
        let policy = written().new_tree(&mut runner).expect("a policy").current();
        let ask = asks().new_tree(&mut runner).expect("a request").current();
        if let Some(outcome) = outcome("every", &policy, &ask, &[]) {
            missing.remove(&(policy.container, outcome));
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("not seen: {missing:?}");
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passes,
    Patched,
    Refused,
}

/// Requests the patch, and checks all properties. `None` if the policy is not valid.
fn outcome(folder: &str, policy: &Written, ask: &Ask, others: &[Ask]) -> Option<Outcome> {
    let old = policy.text();
    let Ok(old_policies) = policies(&tables(&old)) else { return None };
    let folder = Folder::new(folder).with_policy(&old);
    let ran = folder.explain(&[ask.flags(), vec!["--patch", "--write"]].concat());
    let new = folder.policy();
    let about = format!("{ask:?}\n{old}\n{}\n{}", ran.output, ran.errors);
    if passes(&old_policies, ask) {
        assert_eq!((ran.status, &new), (0, &old), "{about}");
        assert!(ran.output.starts_with("Nothing to change"), "{about}");
        return Some(Outcome::Passes);
    }
    if ran.status == 1 {
        assert_eq!(new, old, "{about}");
        assert!(ran.output.starts_with("No patch: "), "{about}");
        assert!(!ask.is_fair(), "this could have been patched: {about}");
        return Some(Outcome::Refused);
    }
    assert_eq!(ran.status, 0, "{about}");
    assert_eq!(folder.explain(&ask.flags()).status, 0, "{about}");
    assert_eq!(applied(&ran.output, &old).as_ref(), Some(&new), "{about}");
    assert!(is_subsequence(&old, &new), "something was taken away: {about}");
    for word in ["dangerously_", "allow_credentials", "*"] {
        assert_eq!(new.matches(word).count(), old.matches(word).count(), "{word}: {about}");
    }

    let (before, after) = (tables(&old), tables(&new));
    let added = added(&before, &after);
    assert!(!added.is_empty(), "{about}");
    for (_, field, value) in &added {
        assert!(ask.names(field, value), "{field} and {value}: {about}");
    }
    let changed = added_lines(&ran.output);
    assert!(
        changed.iter().all(|line| added.iter().any(|(_, _, value)| line.contains(value.as_str()))
            || changed_for_a_comma(line, &ran.output)),
        "a line names nothing that was added: {about}"
    );

    let new_policies = policies(&after).expect("the program has read them");
    assert!(passes(&new_policies, ask), "{about}");
    for one in &added {
        let without = policies(&without(&after, one));
        assert!(
            without.is_err() || without.is_ok_and(|less| !passes(&less, ask)),
            "{one:?} is too much: {about}"
        );
    }
    for other in others {
        let is_new = !passes(&old_policies, other) && passes(&new_policies, other);
        let is_named = added.iter().any(|(_, field, value)| other.names(field, value));
        assert!(!is_new || is_named, "{other:?} passes too: {about}");
    }
    Some(Outcome::Patched)
}

impl Ask {
    fn flags(&self) -> Vec<&'static str> {
        let mut flags = vec!["--origin", self.page, "--url", self.server, "--method", self.method];
        flags.extend(self.headers.iter().flat_map(|header| ["--header", header]));
        flags.extend(self.with_credentials.then_some("--credentials"));
        flags
    }

    /// Whether the request has this value in the part that a list of the policy is for.
    fn names(&self, field: &str, value: &str) -> bool {
        match field {
            "allow_origins" => self.page == value,
            "allow_methods" => self.method == value || self.method == "put" && value == "PUT",
            "allow_headers" => self.headers.contains(&value),
            "served_at" => self.server == value,
            _ => false,
        }
    }

    /// Whether the request is only new: no look-alike, no typo, no credentials.
    fn is_fair(&self) -> bool {
        PAGES[..5].contains(&self.page)
            && self.server == SERVERS[0]
            && !["patch", "*"].contains(&self.method)
            && !["x-requst-id", "x-*"].iter().any(|header| self.headers.contains(header))
            && !self.with_credentials
    }
}

/// The outcome in the browser model, with a layer with these policies.
fn passes(policies: &[CorsPolicy], ask: &Ask) -> bool {
    let layer = match policies {
        [policy] => CorsLayer::from(policy),
        policies => CorsLayer::first_match(policies.iter().cloned()),
    };
    let mut app = layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(())))));
    let credentials = if ask.with_credentials { Credentials::Include } else { Credentials::SameOrigin };
    let request = browser::Request::new(ask.method, ask.server).credentials(credentials);
    let request = ask.headers.iter().fold(request, |request, name| request.header(*name, "value"));
    pollster::block_on(Browser::at(ask.page).server(ask.server).fetch(&mut app, request)).is_ok()
}

/// The policies of a text, according to another parser.
fn tables(text: &str) -> Vec<Table> {
    let mut document: Table = text.parse().expect("TOML");
    match document.remove("cors") {
        None => vec![document],
        Some(Value::Table(one)) => vec![one],
        Some(list) => list.try_into().expect("tables"),
    }
}

fn policies(tables: &[Table]) -> Result<Vec<CorsPolicy>, toml::de::Error> {
    tables.iter().map(|table| CorsPolicy::deserialize(table.clone())).collect()
}

/// A policy's place, a list of it, and a value.
type Added = (usize, String, String);

/// The entries that were appended to lists. Nothing else may differ.
fn added(before: &[Table], after: &[Table]) -> Vec<Added> {
    assert_eq!(before.len(), after.len());
    let mut added = Vec::new();
    for (place, (before, after)) in before.iter().zip(after).enumerate() {
        assert!(before.keys().all(|key| after.contains_key(key)));
        for (key, value) in after {
            let old = before.get(key);
            if old == Some(value) {
                continue;
            }
            let (old, new) = (old.map(elements).unwrap_or_default(), elements(value));
            let more = new.strip_prefix(old.as_slice()).expect("the old values come first");
            added.extend(more.iter().map(|value| (place, key.clone(), value.clone())));
        }
    }
    added
}

fn without(tables: &[Table], (place, field, value): &Added) -> Vec<Table> {
    let mut tables = tables.to_vec();
    let list = tables[*place].get_mut(field).expect("a list");
    let left = elements(list).into_iter().filter(|element| element != value).map(Value::String).collect();
    *list = Value::Array(left);
    tables
}

fn elements(list: &Value) -> Vec<String> {
    match list {
        Value::Array(elements) => {
            elements.iter().map(|element| element.as_str().expect("text").to_owned()).collect()
        }
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => text.split(',').map(|element| element.trim().to_owned()).collect(),
        other => panic!("{other} is not a list"),
    }
}

fn is_subsequence(old: &str, new: &str) -> bool {
    let mut new = new.chars();
    old.chars().all(|char| new.any(|candidate| candidate == char))
}

/// The lines that a diff adds.
fn added_lines(diff: &str) -> Vec<&str> {
    diff.lines().skip(2).filter_map(|line| line.strip_prefix('+')).collect()
}

/// Whether a line existed before, and only got a comma, or a line break at the end of the text.
fn changed_for_a_comma(line: &str, diff: &str) -> bool {
    let removed = diff.lines().skip(2).filter_map(|line| line.strip_prefix('-'));
    let without_comma = |text: &str| text.trim_end().replace(',', "");
    removed.map(without_comma).any(|removed| removed == without_comma(line))
}
