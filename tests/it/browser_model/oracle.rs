//! Compares the model of a browser with the layer. Shared with the fuzz targets.

// Public for the fuzz targets.
#![allow(unreachable_pub)]

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use tower::{Layer, service_fn};
use tower_cors::browser::{self, Blocked, Browser, Credentials, FetchError, InvalidRequest, Reason};
use tower_cors::{CorsLayer, CorsPolicy, Denial, Explanation, Outcome, Remedy};

/// An origin that every policy must allow, so a page always has an origin to move to.
pub const HOME: &str = "https://app.example.com";

/// How many failures are fixed in turn: a respelled origin may still be disallowed, and then its method.
pub const MOST_ROUNDS: usize = 8;

/// A script's request, and the service's response.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its origin.
    pub at: String,
    /// The service's origin.
    pub server: String,
    pub method: Method,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub credentials: Credentials,
    pub response: HeaderMap,
}

/// The outcome: whether the browser blocks it, and the layer's denial.
struct Outcomes {
    blocked: Option<Blocked>,
    denied: Vec<(Denial, Request<()>)>,
}

/// Checks that a page is blocked if and only if the layer reports a denial, and that the remedies of its explanation let the
/// page through.
///
/// # Errors
///
/// No browser makes this request.
pub async fn assert_blocked_where_denied(
    mut policies: Vec<CorsPolicy>,
    mut page: Page,
) -> Result<(), InvalidRequest> {
    for round in 0..MOST_ROUNDS {
        let Outcomes { blocked, denied } = match page.fetch(&policies).await {
            Ok(outcomes) => outcomes,
            Err(invalid) if round == 0 => return Err(invalid),
            Err(invalid) => panic!("the advice is no request: {invalid}: {page:?}"),
        };
        let in_vain = blocked.as_ref().is_some_and(asks_in_vain_for_credentials);
        assert!(!in_vain || page.credentials == Credentials::Include, "{blocked:?} {page:?}");
        // A same-origin page can read the rejection of a request to a foreign host.
        let is_misdirected = denied.first().is_some_and(|(denial, _)| *denial == Denial::ForeignHost);
        let is_stopped = blocked.is_some() || is_misdirected;
        assert_eq!(is_stopped, in_vain || !denied.is_empty(), "{blocked:?} {denied:?} {page:?}");
        let Some((denial, request)) = denied.first() else { return Ok(()) };
        assert_eq!(denied.len(), 1, "{denied:?}");

        let explanation = Explanation::by_first_match(&policies, request);
        assert_eq!(explanation.denial(), Some(denial));
        let decides = deciding(&policies, request);
        let failed: Vec<_> =
            explanation.steps().iter().filter(|step| step.outcome() == Outcome::Failed).collect();
        assert!(!failed.is_empty(), "{explanation}");
        for step in failed {
            let remedy = step.remedies().first();
            assert!(remedy.is_some(), "{explanation}");
            if is_misdirected {
                // Neither the page nor the policy can change the server that is called.
                return Ok(());
            }
            policies[decides] = remedy.map(|remedy| page.apply(remedy, &policies[decides])).expect("one");
        }
    }
    panic!("still blocked: {page:?} {policies:?}");
}

/// The only fact that no server can know: whether the page's credentials mode is "include".
fn asks_in_vain_for_credentials(blocked: &Blocked) -> bool {
    matches!(blocked.reason(), Reason::AllowOriginWildcard | Reason::AllowCredentials { .. })
}

/// The policy that a remedy changes: the first that rejects the host or allows the origin, else the last one.
pub fn deciding(policies: &[CorsPolicy], request: &Request<()>) -> usize {
    let rejects_host = |policy: &CorsPolicy| policy.decide(request).denial() == Some(&Denial::ForeignHost);
    if let Some(rejecting) = policies.iter().position(rejects_host) {
        return rejecting;
    }
    let allows = |policy: &CorsPolicy| {
        let explanation = policy.explain(request);
        let mut steps = explanation.steps().iter();
        steps.any(|step| step.kind() == "allowed-origin" && step.outcome() == Outcome::Passed)
    };
    policies.iter().position(allows).unwrap_or(policies.len().saturating_sub(1))
}

impl Page {
    /// Requests that browsers never send: Mixed Content, section 4.4.
    pub fn is_mixed_content(&self) -> bool {
        let Some(authority) = self.server.strip_prefix("http://") else { return false };
        let is_here = matches!(authority.split(':').next(), Some("localhost" | "127.0.0.1"));
        self.at.starts_with("https:") && !is_here
    }

    async fn fetch(&self, policies: &[CorsPolicy]) -> Result<Outcomes, InvalidRequest> {
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
        let mut app = layer.layer(service_fn(|_: Request<String>| {
            let mut response = Response::new(());
            response.headers_mut().clone_from(&self.response);
            ready(Ok::<_, Infallible>(response))
        }));
        let mut request = browser::Request::new(self.method.clone(), "/items").credentials(self.credentials);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let blocked = match Browser::at(&self.at).server(&self.server).fetch(&mut app, request).await {
            Ok(_) => None,
            Err(FetchError::Blocked(blocked)) => Some(blocked),
            Err(FetchError::Invalid(invalid)) => return Err(invalid),
            Err(other) => panic!("no service fails here: {other:?}"),
        };
        drop(app);
        Ok(Outcomes { blocked, denied: std::mem::take(&mut *denied.lock().expect("no panic")) })
    }

    /// Applies a remedy to the page, or to the policy that decides.
    fn apply(&mut self, remedy: &Remedy, policy: &CorsPolicy) -> CorsPolicy {
        let mut changed = policy.to_builder();
        match remedy {
            Remedy::ServePageAt(origin) => self.at.clone_from(origin),
            Remedy::UseAllowedOrigin | Remedy::GiveOrigin => HOME.clone_into(&mut self.at),
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
                let listed: HeaderName = listed.parse().expect("a name");
                let meant = self.headers.iter_mut().filter(|(header, _)| header == name.as_str());
                meant.for_each(|(header, _)| header.clone_from(&listed));
            }
            Remedy::LeaveOutHeader(name) => self.headers.retain(|(header, _)| header != name.as_str()),
            Remedy::SendFewerHeaders { names, bytes, .. } => {
                let (mut left, mut room) = (*names, *bytes);
                self.headers.retain(|(header, _)| {
                    let size = header.as_str().len() + ", ".len();
                    let fits = left > 0 && size <= room;
                    if fits {
                        (left, room) = (left - 1, room - size);
                    }
                    fits
                });
            }
            other => panic!("no browser needs to be told: {other}"),
        }
        changed.build().expect("a policy as before, but for one entry")
    }
}
