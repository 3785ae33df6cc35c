//! The model of a browser against the layer: a page is blocked if and only if the layer tells of a denial, and what the explanation
//! of the denial advises lets the page through.

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tower::{Layer, service_fn};
use tower_cors::browser::{self, Blocked, Browser, Credentials, Reason};
use tower_cors::{CorsLayer, CorsPolicy, Denial, Explanation, Outcome, Remedy};

use crate::explain::mending::{MOST_ROUNDS, deciding};

/// Rules that the pages below meet, and nearly meet. The first is in every policy, so that there is a page to go to.
const RULES: [&str; 8] = [
    "https://app.example.com",
    "https://*.example.com",
    "http://localhost:*",
    "http://api.example.com",
    "capacitor://localhost",
    "capacitor://MyApp",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "*",
];

const PAGES: [&str; 16] = [
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://x.example.com",
    "https://api.example.com",
    "http://api.example.com",
    "https://stranger.example",
    "https://appexample.com",
    "http://localhost",
    "http://localhost:4000",
    "http://127.0.0.1:4000",
    "capacitor://localhost",
    "capacitor://MyApp",
    "capacitor://myapp",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "null",
];

const SERVERS: [&str; 5] = [
    "https://api.example.com",
    "http://api.example.com",
    "http://localhost",
    "http://localhost:4000",
    "https://app.example.com:8443",
];

/// What a script does.
#[derive(Clone, Debug)]
struct Page {
    at: String,
    server: &'static str,
    method: Method,
    headers: Vec<String>,
    credentials: Credentials,
}

/// What comes of it: whether the browser blocks it, and what the layer denies.
struct Outcomes {
    blocked: Option<Blocked>,
    denied: Vec<(Denial, Request<()>)>,
}

impl Page {
    /// What browsers do not send at all: Mixed Content, section 4.4.
    fn is_mixed_content(&self) -> bool {
        self.at.starts_with("https:")
            && self.server.starts_with("http:")
            && !self.server.contains("localhost")
    }

    #[tokio::main(flavor = "current_thread")]
    async fn fetch(&self, policies: &[CorsPolicy]) -> Outcomes {
        let denied = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&denied);
        let layer = match policies {
            [policy] => CorsLayer::new(policy),
            _ => CorsLayer::first_match(policies.iter().cloned()),
        };
        let layer = layer.on_denial(move |denial, head| {
            let mut request =
                Request::builder().method(head.method()).uri(head.uri()).body(()).expect("a request");
            *request.headers_mut() = head.headers().clone();
            told.lock().expect("no panic").push((*denial, request));
        });
        let mut app =
            layer.layer(service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(())))));
        let mut request = browser::Request::new(self.method.clone(), "/items").credentials(self.credentials);
        for name in &self.headers {
            request = request.header(name.as_str(), "1");
        }
        let result = Browser::at(&self.at).server(self.server).fetch(&mut app, request).await;
        let blocked = result.err().map(|error| error.blocked().expect("a request of a page").clone());
        drop(app);
        Outcomes { blocked, denied: std::mem::take(&mut *denied.lock().expect("no panic")) }
    }

    /// Does what a remedy says: to the page, or to the policy that decides.
    fn apply(&mut self, remedy: &Remedy, policy: &CorsPolicy) -> CorsPolicy {
        let mut changed = policy.to_builder();
        match remedy {
            Remedy::ServePageAt(origin) => self.at.clone_from(origin),
            Remedy::UseAllowedOrigin | Remedy::GiveOrigin => RULES[0].clone_into(&mut self.at),
            Remedy::AllowOrigin(origin) => changed = changed.allow_origin(origin),
            Remedy::ServeAndAllow(origin) => {
                self.at.clone_from(origin);
                changed = changed.allow_origin(origin);
            }
            Remedy::AllowMethod(method) => changed = changed.allow_methods([method]),
            Remedy::RespellMethod(method) => self.method = method.parse().expect("a method"),
            Remedy::UseAnotherMethod => self.method = Method::POST,
            Remedy::AllowHeader(name) => changed = changed.allow_headers([name]),
            Remedy::RespellHeader { name, listed, .. } => {
                self.headers
                    .iter_mut()
                    .filter(|header| *header == name)
                    .for_each(|header| header.clone_from(listed));
            }
            Remedy::LeaveOutHeader(name) => self.headers.retain(|header| header != name),
            other => panic!("no browser needs to be told: {other}"),
        }
        changed.build().expect("a policy as before, but for one entry")
    }
}

fn policy() -> impl Strategy<Value = CorsPolicy> {
    let lists = (
        subsequence(&RULES[1..], 0..4),
        subsequence(vec!["PUT", "PATCH", "Custom", "*"], 0..3),
        subsequence(vec!["authorization", "content-type", "x-request-id", "x-p-*", "*"], 0..4),
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    (lists, switches).prop_filter_map(
        "a policy",
        |((origins, methods, headers), (credentials, null, reject))| {
            CorsPolicy::builder()
                .allow_origin(RULES[0])
                .allow_origins(origins)
                .allow_methods(methods)
                .allow_headers(headers)
                .allow_credentials(credentials)
                .dangerously_allow_null_origin(null)
                .dangerously_allow_insecure_origins(true)
                .reject_disallowed_origins(reject)
                .build()
                .ok()
        },
    )
}

fn page() -> impl Strategy<Value = Page> {
    let methods = select(vec![
        "GET", "POST", "OPTIONS", "PUT", "PATCH", "patch", "PATCHES", "Custom", "CUSTOM", "PROPFIND",
    ]);
    let names =
        vec!["authorization", "content-type", "accept", "x-request-id", "x-requestid", "x-p-1", "x-b"];
    let credentials = select(vec![Credentials::SameOrigin, Credentials::Omit, Credentials::Include]);
    let pages = (select(&PAGES[..]), select(&SERVERS[..]), methods, subsequence(names, 0..4), credentials)
        .prop_map(|(at, server, method, headers, credentials)| Page {
            at: at.to_owned(),
            server,
            method: method.parse().expect("a method"),
            headers: headers.into_iter().map(str::to_owned).collect(),
            credentials,
        });
    pages.prop_filter("not mixed content", |page| !page.is_mixed_content())
}

/// The one thing that no server can know: whether the page asks for credentials.
fn asks_in_vain_for_credentials(blocked: &Blocked) -> bool {
    matches!(blocked.reason(), Reason::AllowOriginWildcard | Reason::AllowCredentials { .. })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_page_is_blocked_exactly_where_there_is_a_denial_and_its_remedy_helps(
        policies in prop_oneof![3 => vec(policy(), 1), 1 => vec(policy(), 2..4)],
        page in page(),
    ) {
        let (mut policies, mut page) = (policies, page);
        for _ in 0..MOST_ROUNDS {
            let Outcomes { blocked, denied } = page.fetch(&policies);
            let in_vain = blocked.as_ref().is_some_and(asks_in_vain_for_credentials);
            prop_assert!(!in_vain || page.credentials == Credentials::Include);
            prop_assert_eq!(blocked.is_some(), in_vain || !denied.is_empty(), "{:?} {:?} {:?}", blocked, denied, page);
            let Some((denial, request)) = denied.first() else { return Ok(()) };
            prop_assert_eq!(denied.len(), 1);

            let explanation = Explanation::by_first_match(&policies, request);
            prop_assert_eq!(explanation.denial(), Some(denial));
            let decides = deciding(&policies, request);
            let failed: Vec<_> = explanation.steps().iter().filter(|step| step.outcome() == Outcome::Failed).collect();
            prop_assert!(!failed.is_empty(), "{}", explanation);
            for step in failed {
                let remedy = step.remedies().first();
                prop_assert!(remedy.is_some(), "{}", explanation);
                policies[decides] = remedy.map(|remedy| page.apply(remedy, &policies[decides])).expect("one");
            }
        }
        prop_assert!(false, "still blocked: {:?} {:?}", page, policies);
    }
}
