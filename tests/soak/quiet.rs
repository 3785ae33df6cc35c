//! The expected answers of each layer.
//!
//! A layer under load must answer like a quiet one: a layer without other requests, with a fixed policy, and with look-ups that neither
//! wait nor panic. The other tests check the quiet layer.

use std::convert::Infallible;
use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::header::VARY;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use tower::{Layer, Service, service_fn};
use tower_cors::CorsLayer;

use super::sources::{
    ID, Source, TENANT, VERSIONS, built, fixed, list, of_tenant, own_headers, tenant, version,
};

/// The relevant parts of a response: its status, all headers of the policy and the service, and whether the body is the service's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    is_served: bool,
}

/// Without the headers that hyper and axum write.
fn without_transport(headers: &HeaderMap) -> HeaderMap {
    let ours = |name: &HeaderName| {
        name.as_str().starts_with("access-control-") || name.as_str().starts_with("x-") || *name == VARY
    };
    let ours = headers.iter().filter(|(name, _)| ours(name));
    let mut kept = HeaderMap::new();
    for (name, value) in ours {
        kept.append(name, value.clone());
    }
    kept
}

/// The quiet layers.
#[derive(Debug)]
pub(crate) struct Quiet {
    fixed: CorsLayer,
    first_match: CorsLayer,
    versions: Vec<CorsLayer>,
    of_tenant: CorsLayer,
    of_nobody: CorsLayer,
}

impl Quiet {
    pub(crate) fn new() -> Self {
        let policy = of_tenant();
        let selected = |layer: CorsLayer| layer.vary_by([TENANT]).expect("a name");
        Self {
            fixed: CorsLayer::from(fixed()),
            first_match: CorsLayer::first_match(list()),
            versions: (0..VERSIONS).map(|number| CorsLayer::from(built(version(number)))).collect(),
            of_tenant: selected(CorsLayer::per_request(move |_| Some(policy.clone()))),
            of_nobody: selected(CorsLayer::per_request(|_| None)),
        }
    }

    /// The allowed answers to a request: one, or one for each policy if a policy was stored meanwhile. `stores`: the last store that
    /// ended before the request was sent, and the last one that began before the response came.
    pub(crate) fn answers(
        &self,
        source: Source,
        request: &Request<()>,
        stores: (usize, usize),
    ) -> Vec<Answer> {
        let layers: Vec<&CorsLayer> = match source {
            Source::Fixed | Source::InRouter => vec![&self.fixed],
            Source::FirstMatch => vec![&self.first_match],
            Source::Reloadable => {
                let (first, last) = stores;
                (first..=last).take(VERSIONS).map(|number| &self.versions[number % VERSIONS]).collect()
            }
            Source::PerRequest | Source::PerRequestAsync => {
                let is_found = ["found", "found later", "slow"].contains(&tenant(request.into()));
                vec![if is_found { &self.of_tenant } else { &self.of_nobody }]
            }
        };
        layers.into_iter().map(|layer| answer(layer, request)).collect()
    }
}

/// The answer of a quiet layer to a request.
fn answer(layer: &CorsLayer, request: &Request<()>) -> Answer {
    let id = request.headers().get(ID).cloned().unwrap_or_else(|| HeaderValue::from_static(""));
    let mut service = layer.layer(service_fn(move |_: Request<()>| {
        let mut response = Response::new(true);
        *response.headers_mut() = own_headers(&id);
        ready(Ok::<_, Infallible>(response))
    }));
    let mut response = pin!(service.call(request.clone()));
    let Poll::Ready(Ok(response)) = response.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        unreachable!("nothing waits")
    };
    let (parts, is_served) = response.into_parts();
    Answer { status: parts.status, headers: without_transport(&parts.headers), is_served }
}

/// Whether the body is the service's; `None` if the head is not one of these answers, or is a mixture of them.
pub(crate) fn judge(
    answers: &[Answer],
    served: StatusCode,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<bool> {
    let headers = without_transport(headers);
    let by = answers.iter().find(|answer| {
        let expected = if answer.is_served { served } else { answer.status };
        (status, &headers) == (expected, &answer.headers)
    });
    by.map(|answer| answer.is_served)
}

/// Checks the check itself, which could otherwise accept everything.
pub(crate) mod judging {
    use http::Method;
    use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
    use libtest_mimic::Failed;

    use super::{HeaderMap, Quiet, Request, Source, StatusCode, VERSIONS, judge};
    use crate::soak::sources::PAGES;

    type Trial = Result<(), Failed>;

    fn ensure(holds: bool, what: impl Into<String>) -> Trial {
        if holds { Ok(()) } else { Err(what.into().into()) }
    }

    fn from_page() -> Request<()> {
        let mut request = Request::new(());
        request.headers_mut().insert(ORIGIN, PAGES[0].parse().expect("a value"));
        request
    }

    pub(crate) fn tells_versions_apart() -> Trial {
        let quiet = Quiet::new();
        let mut preflight = from_page();
        *preflight.method_mut() = Method::OPTIONS;
        preflight.headers_mut().insert("access-control-request-method", "V1".parse().expect("a value"));
        for request in [from_page(), preflight] {
            let answers = quiet.answers(Source::Reloadable, &request, (0, VERSIONS - 1));
            for (index, answer) in answers.iter().enumerate() {
                ensure(answer.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).is_some(), "nothing is granted")?;
                ensure(
                    !answers[..index].contains(answer),
                    format!("{index} answers as one before it: {answer:?}"),
                )?;
            }
        }
        Ok(())
    }

    pub(crate) fn sees_what_is_torn() -> Trial {
        let (quiet, request) = (Quiet::new(), from_page());
        let answers = quiet.answers(Source::Reloadable, &request, (2, 3));
        let judged = |status, headers: &HeaderMap| judge(&answers, StatusCode::OK, status, headers);
        let [two, three] = [&answers[0].headers, &answers[1].headers];
        ensure(judged(StatusCode::OK, two) == Some(true), "what is right")?;
        ensure(judged(StatusCode::OK, three) == Some(true), "what is right by the next policy")?;
        ensure(judged(StatusCode::FORBIDDEN, two).is_none(), "another status")?;
        let [four] = &quiet.answers(Source::Reloadable, &request, (4, 4))[..] else {
            return Err("one answer".into());
        };
        ensure(judged(StatusCode::OK, &four.headers).is_none(), "a policy that came later")?;
        for name in two.keys() {
            let mut less = two.clone();
            less.remove(name);
            ensure(judged(StatusCode::OK, &less).is_none(), format!("without {name}"))?;
            let mut twice = two.clone();
            twice.append(name, two[name].clone());
            ensure(judged(StatusCode::OK, &twice).is_none(), format!("twice {name}"))?;
            let mut mixed = two.clone();
            mixed.insert(name, three[name].clone());
            let is_mixed = mixed != *two;
            ensure(
                judged(StatusCode::OK, &mixed).is_none() == is_mixed,
                format!("{name} of the next policy"),
            )?;
        }
        Ok(())
    }
}
