//! This crate beside tower-http's `CorsLayer`: the same policies, in front of the same service, for the same requests.
//!
//! Every difference between their answers is intended: [`INTENDED`] rewrites tower-http's answer to ours, and
//! `src/docs/migrating.md` describes it. None of the three can change alone.

mod built;
mod exchanges;
mod intended;
mod policies;

use std::fmt::Debug;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tower::Layer;
use tower_cors::CorsPolicy;
use tower_cors::browser::{Browser, Credentials, FetchError, Request};
use tower_http::cors::{AllowCredentials, AllowOrigin, Any, CorsLayer as TowerHttp, MaxAge};

use self::built::{NOT_BUILT, Theirs};
use self::exchanges::{Answer, App, Exchange, cases, send};
use self::intended::{Difference, INTENDED};
use self::policies::{OTHER, Origins, policies};
use crate::support::{APP, PREFLIGHT_VARY, STRANGER, allow_app, request};

const DOCUMENT: &str = include_str!("../../src/docs/migrating.md");

/// An exchange, and the answers of tower-http and of this crate.
type Compared = (Exchange, Answer, Answer);

async fn compare_all() -> Vec<Compared> {
    let mut compared = Vec::new();
    for policy in policies() {
        for case in cases() {
            let theirs = send(|app| policy.theirs.layer(app), case.request()).await;
            let ours = send(|app| policy.ours.layer(app), case.request()).await;
            let to_get = send(|app| policy.theirs.layer(app), case.as_get()).await;
            compared.push((Exchange { policy: policy.clone(), case, to_get }, theirs, ours));
        }
    }
    compared
}

/// tower-http's answer with these differences applied.
fn rewritten<'a>(
    exchange: &Exchange,
    theirs: &Answer,
    differences: impl IntoIterator<Item = &'a Difference>,
) -> Answer {
    differences.into_iter().fold(theirs.clone(), |mut answer, difference| {
        (difference.rewrite)(exchange, &mut answer);
        answer
    })
}

#[tokio::test]
async fn every_difference_from_tower_http_is_intended() {
    let compared = compare_all().await;
    for (exchange, theirs, ours) in &compared {
        let expected = rewritten(exchange, theirs, &INTENDED);
        assert_eq!(*ours, expected, "{}: {}\ntower-http: {theirs:#?}", exchange.policy.name, exchange.case);
    }
    let equal = compared.iter().filter(|(_, theirs, ours)| theirs == ours).count();
    assert!(equal > 0 && equal < compared.len(), "{equal} of {} answers are equal", compared.len());
}

#[tokio::test]
async fn every_intended_difference_occurs() {
    let compared = compare_all().await;
    for left_out in &INTENDED {
        let others = || INTENDED.iter().filter(|difference| difference.sentence != left_out.sentence);
        let occurs =
            compared.iter().any(|(exchange, theirs, ours)| rewritten(exchange, theirs, others()) != *ours);
        assert!(occurs, "no answer differs in this any more: {}", left_out.sentence);
    }
}

#[test]
fn the_document_lists_the_intended_differences() {
    assert_eq!(leads("What differs"), INTENDED.map(|difference| difference.sentence));
}

#[test]
fn the_document_lists_what_is_not_built() {
    assert_eq!(leads("What does not build any more"), NOT_BUILT.map(|refusal| refusal.sentence));
}

/// The bold sentences at the start of a section's items, without line breaks.
fn leads(section: &str) -> Vec<String> {
    let (_, section) = DOCUMENT.split_once(&format!("\n# {section}\n")).expect("the section");
    let (section, _) = section.split_once("\n# ").unwrap_or((section, ""));
    let items = section.split("\n- ").skip(1);
    items
        .map(|item| {
            let lead = item.strip_prefix("**").and_then(|item| item.split_once("**")).expect("a bold lead").0;
            lead.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn what_is_not_built_is_what_tower_http_takes_or_panics_at() {
    for refusal in &NOT_BUILT {
        assert_eq!(outcome(refusal.theirs), refusal.outcome, "{}", refusal.sentence);

        let error = (refusal.ours)().build().expect_err(refusal.sentence);
        let issues: Vec<_> = error.issues().map(ToString::to_string).collect();
        assert_eq!(issues, refusal.issues, "{}", refusal.sentence);
    }
}

/// The result of making a layer of tower-http and putting it around a service.
fn outcome(layer: impl FnOnce() -> TowerHttp) -> Theirs {
    let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _service = layer().layer(App::default());
    }));
    if built.is_ok() { Theirs::Builds } else { Theirs::Panics }
}

#[test]
fn any_method_header_and_exposed_header_go_with_credentials_where_tower_http_panics() {
    let theirs: [fn(TowerHttp) -> TowerHttp; 3] = [
        |layer| layer.allow_methods(Any),
        |layer| layer.allow_headers(Any),
        |layer| layer.expose_headers(Any),
    ];
    for set_any in theirs {
        let layer = set_any(TowerHttp::new().allow_credentials(true));
        assert_eq!(outcome(|| layer), Theirs::Panics);
    }
    let ours = allow_app().allow_credentials(true).allow_any_method().allow_any_header().expose_all_headers();
    assert!(ours.build().is_ok());
}

#[test]
fn a_star_in_a_list_of_origins_is_any_where_tower_http_panics() {
    let list =
        || TowerHttp::new().allow_origin([HeaderValue::from_static("*"), HeaderValue::from_static(APP)]);
    assert_eq!(outcome(list), Theirs::Panics);
    let ours = |origins: &[&str]| CorsPolicy::builder().allow_origins(origins).build().expect("a policy");
    let request = request("GET", &[("origin", STRANGER)]);
    assert!(ours(&["*", APP]).decide(&request).denial().is_none());
    assert!(ours(&[APP]).decide(&request).denial().is_some());
}

#[tokio::test]
async fn credentials_by_a_predicate_are_neither_checked_nor_in_vary_with_tower_http() {
    let by_origin = AllowCredentials::predicate(|origin, _| origin == APP);
    let theirs = TowerHttp::new().allow_origin(Any).allow_credentials(by_origin);
    let partners = allow_app().allow_credentials(true).build().expect("a policy");
    let public = CorsPolicy::builder().allow_any_origin().build().expect("a policy");
    let ours = tower_cors::CorsLayer::first_match([partners, public]);
    for (origin, credentials, allowed) in [(APP, true, APP), (STRANGER, false, "*")] {
        let request = || request("GET", &[("origin", origin)]);
        let answer = send(|app| theirs.layer(app), request()).await;
        // Browsers do not accept this for the partner.
        assert_eq!(answer.lines("access-control-allow-origin"), ["*"]);
        assert_eq!(answer.lines("access-control-allow-credentials").len(), usize::from(credentials));
        assert_eq!(answer.lines("vary"), [""; 0]);

        let answer = send(|app| ours.layer(app), request()).await;
        assert_eq!(answer.lines("access-control-allow-origin"), [allowed]);
        assert_eq!(answer.lines("access-control-allow-credentials").len(), usize::from(credentials));
        assert_eq!(answer.lines("vary"), ["Origin"]);
    }
}

#[tokio::test]
async fn what_a_dynamic_max_age_depends_on_is_not_in_vary_with_tower_http() {
    let age_of =
        |headers: &HeaderMap| Duration::from_secs(if headers.contains_key("x-beta") { 1 } else { 600 });
    let theirs = TowerHttp::new()
        .allow_origin(AllowOrigin::list([HeaderValue::from_static(APP)]))
        .max_age(MaxAge::dynamic(move |_, parts| age_of(&parts.headers)));
    let policies = [1, 600].map(|seconds| {
        let policy = allow_app().max_age(Duration::from_secs(seconds)).build().expect("a policy");
        (Duration::from_secs(seconds), policy)
    });
    let ours = tower_cors::CorsLayer::per_request(move |request| {
        let age = age_of(request.headers());
        policies.iter().find(|(seconds, _)| *seconds == age).map(|(_, policy)| policy.clone())
    });
    let ours = ours.vary_by(["x-beta"]).expect("a name");
    for (beta, age) in [(&[("x-beta", "1")][..], "1"), (&[], "600")] {
        let headers = [&[("origin", APP), ("access-control-request-method", "PUT")][..], beta].concat();
        let answer = send(|app| theirs.layer(app), request("OPTIONS", &headers)).await;
        assert_eq!(answer.lines("access-control-max-age"), [age]);
        assert_eq!(answer.lines("vary"), ["origin"]);

        let answer = send(|app| ours.layer(app), request("OPTIONS", &headers)).await;
        assert_eq!(answer.lines("access-control-max-age"), [age]);
        assert_eq!(answer.lines("vary"), [PREFLIGHT_VARY.1, "X-Beta"]);
    }
}

/// What a page learns: the status and the service's headers that it can read, or nothing.
type Learnt = Option<(u16, bool, bool)>;

async fn learn<S, E>(page: &str, mut app: S, request: Request) -> Learnt
where
    S: tower::Service<http::Request<String>, Response = http::Response<String>, Error = E>,
    E: Debug,
{
    match Browser::at(page).cookie("session=1").fetch(&mut app, request).await {
        Ok(response) => Some((
            response.status().as_u16(),
            response.header("x-request-id").is_some(),
            response.header("etag").is_some(),
        )),
        Err(FetchError::Blocked(_)) => None,
        Err(error) => panic!("{page}: {error:?}"),
    }
}

/// Requests of scripts, each with its name in a message.
fn fetches() -> Vec<(String, Request)> {
    let mut fetches = Vec::new();
    for method in ["GET", "POST", "PUT", "PATCH"] {
        for path in ["/", "/vary", "/missing", "/broken"] {
            for credentials in [Credentials::Omit, Credentials::Include] {
                let fetch = Request::new(method, path).credentials(credentials);
                let call = format!("{method} {path} {credentials:?}");
                for name in ["x-a", "content-type", "authorization", "x-b"] {
                    fetches.push((format!("{call} {name}"), fetch.clone().header(name, "application/json")));
                }
                fetches.push((call, fetch));
            }
        }
    }
    fetches
}

#[tokio::test]
async fn every_page_but_null_under_a_predicate_learns_as_much_as_with_tower_http() {
    let mut shared = 0;
    let mut taken_from_null = 0;
    for policy in policies() {
        for page in [APP, OTHER, STRANGER, "null"] {
            for (call, fetch) in fetches() {
                let theirs = learn(page, policy.theirs.layer(App::default()), fetch.clone()).await;
                let ours = learn(page, policy.ours.layer(App::default()), fetch).await;
                let is_null = page == "null" && policy.origins == Origins::Some;
                let expected = if is_null { None } else { theirs };
                assert_eq!(ours, expected, "{}: {page} {call}", policy.name);
                shared += usize::from(ours.is_some());
                taken_from_null += usize::from(ours != theirs);
            }
        }
    }
    assert!(
        shared > 0 && taken_from_null > 0,
        "{shared} responses shared, {taken_from_null} taken from null"
    );
}
