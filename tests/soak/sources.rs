//! The layers under load, one for each source of policies.

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::task::yield_now;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, Origin, PolicyHandle, RequestHead};

use super::live::{Live, One};
use super::panics::panic_on_purpose;

/// The pages that all or some of the policies allow.
pub(crate) const PAGES: [&str; 5] = [
    "https://app.example.com",
    "https://admin.example.com",
    "https://pr-17.preview.example.com",
    "http://localhost:3000",
    "https://partner.example",
];

/// How many policies the reloadable layer alternates between.
pub(crate) const VERSIONS: usize = 16;

const BETWEEN_STORES: Duration = Duration::from_millis(1);

/// The id of the request that a response is for.
pub(crate) const ID: HeaderName = HeaderName::from_static("x-id");

/// How the policy of a request is looked up.
pub(crate) const TENANT: HeaderName = HeaderName::from_static("x-tenant");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Fixed,
    /// The same, around each route of axum's router instead of the service.
    InRouter,
    FirstMatch,
    Reloadable,
    PerRequest,
    PerRequestAsync,
}

impl Source {
    pub(crate) const ALL: [Self; 6] = [
        Self::Fixed,
        Self::InRouter,
        Self::FirstMatch,
        Self::Reloadable,
        Self::PerRequest,
        Self::PerRequestAsync,
    ];

    /// The values of [`TENANT`] with a look-up that ends.
    pub(crate) fn tenants(self) -> &'static [&'static str] {
        match self {
            Self::PerRequest => &["found", "none", "panic"],
            Self::PerRequestAsync => {
                &["found", "found later", "slow", "none", "none later", "panic", "panic later"]
            }
            _ => &["found"],
        }
    }
}

/// CORS headers of the service itself, for a request with this id. The policy overrides most of them.
pub(crate) fn own_headers(id: &HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ID, id.clone());
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("https://own.example"));
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-own"));
    headers
}

pub(super) fn built(policy: CorsPolicyBuilder) -> CorsPolicy {
    policy.build().expect("a policy")
}

/// Whether an origin is well-formed, and any of the policies allows it.
pub(crate) fn is_allowed_somewhere(origin: &str) -> bool {
    let covered = origin.ends_with(".preview.example.com") || origin.starts_with("http://localhost");
    Origin::parse(origin).is_ok() && (PAGES.contains(&origin) || covered)
}

/// Rejects strangers and foreign hosts. The test listens on `127.0.0.1`.
pub(super) fn fixed() -> CorsPolicy {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"])
        .allow_credentials(true)
        .allow_methods(["PUT", "DELETE"])
        .allow_headers(["authorization", "x-a", "x-p-*"])
        .expose_headers(["x-id", "x-fixed"])
        .max_age(Duration::from_secs(600))
        .reject_disallowed_origins(true)
        .served_at(["http://127.0.0.1:*"]);
    built(policy)
}

pub(super) fn list() -> [CorsPolicy; 2] {
    let partners = CorsPolicy::builder()
        .allow_origins(["https://partner.example", "https://app.example.com"])
        .allow_credentials(true)
        .allow_methods(["*"])
        .allow_headers(["*"])
        .expose_headers(["x-id"])
        .vary_by(["x-partner"]);
    let public =
        CorsPolicy::builder().allow_any_origin().expose_all_headers().max_age(Duration::from_secs(60));
    [partners, public].map(built)
}

pub(super) fn of_tenant() -> CorsPolicy {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "https://admin.example.com"])
        .allow_credentials(true)
        .allow_methods(["PUT"])
        .allow_headers(["x-a"])
        .expose_headers(["x-tenant"])
        .reject_disallowed_origins(true);
    built(policy)
}

/// No two of them answer an allowed page with the same value in any header except the origin.
pub(super) fn version(number: usize) -> CorsPolicyBuilder {
    let number = number % VERSIONS;
    let name = format!("x-v{number}");
    CorsPolicy::builder()
        .allow_origins([PAGES[0], PAGES[number % PAGES.len()]])
        .allow_credentials(true)
        .allow_methods([format!("V{number}")])
        .allow_headers([&name])
        .expose_headers([&name])
        .vary_by([&name])
        .max_age(Duration::from_secs(number as u64))
        .reject_disallowed_origins(number % 2 == 1)
}

/// The version, counted until it is freed.
fn counted_version(number: usize, live: &Live) -> CorsPolicy {
    let one = live.policies.one();
    let never = move |_: &Origin<'_>, _: RequestHead<'_>| {
        let _: &One = &one;
        false
    };
    built(version(number).allow_origin_if(never))
}

/// Which versions may have decided a request.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    begun: AtomicUsize,
    done: AtomicUsize,
}

impl Stores {
    pub(crate) fn done(&self) -> usize {
        self.done.load(SeqCst)
    }

    pub(crate) fn begun(&self) -> usize {
        self.begun.load(SeqCst)
    }

    /// Stores one policy after another, each compiled anew.
    pub(crate) fn store_until(&self, is_over: &AtomicBool, handle: &PolicyHandle, live: &Live) {
        let mut number = 0;
        while !is_over.load(SeqCst) {
            number += 1;
            let policy = counted_version(number, live);
            self.begun.store(number, SeqCst);
            handle.store(policy);
            self.done.store(number, SeqCst);
            thread::sleep(BETWEEN_STORES);
        }
    }
}

/// The layer of a source; for the reloadable one, also the handle.
pub(crate) fn layer(source: Source, live: &Live) -> (CorsLayer, Option<PolicyHandle>) {
    let layer = match source {
        Source::Fixed | Source::InRouter => CorsLayer::from(fixed()),
        Source::FirstMatch => CorsLayer::first_match(list()),
        Source::Reloadable => {
            let (layer, handle) = CorsLayer::reloadable(counted_version(0, live));
            return (layer, Some(handle));
        }
        Source::PerRequest => {
            let policy = of_tenant();
            let select = move |request: RequestHead<'_>| match tenant(request) {
                "panic" => panic_on_purpose("the function that selects a policy"),
                "found" => Some(policy.clone()),
                _ => None,
            };
            CorsLayer::per_request(select).vary_by([TENANT]).expect("a name")
        }
        Source::PerRequestAsync => look_up(live),
    };
    (layer, None)
}

pub(super) fn tenant(request: RequestHead<'_>) -> &str {
    request.headers().get(TENANT).and_then(|tenant| tenant.to_str().ok()).unwrap_or_default()
}

fn look_up(live: &Live) -> CorsLayer {
    let (policy, look_ups) = (of_tenant(), live.look_ups.clone());
    let look_up = move |request: RequestHead<'_>| {
        let (tenant, policy, one) = (tenant(request).to_owned(), policy.clone(), look_ups.one());
        if tenant == "panic" {
            panic_on_purpose("the function that starts a look-up");
        }
        async move {
            let _one = one;
            match &*tenant {
                "found" => return Some(policy),
                "found later" => yield_now().await,
                "slow" => tokio::time::sleep(Duration::from_millis(3)).await,
                "none" => return None,
                "hang" => pending().await,
                _ => {
                    yield_now().await;
                    if tenant == "panic later" {
                        panic_on_purpose("a look-up");
                    }
                    return None;
                }
            }
            Some(policy)
        }
    };
    CorsLayer::per_request_async(look_up).vary_by([TENANT]).expect("a name")
}
