//! What all clients share: the servers, what is expected of them, and what was found.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{HeaderMap, Request, StatusCode};

use super::attacks::Attacks;
use super::live::Live;
use super::sources::{Answer, Quiet, Source, Stores, without_transport};
use super::tally::Tally;

/// After so many the test is over.
const MOST_FAILURES: usize = 10;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) servers: Vec<(Source, SocketAddr)>,
    pub(crate) quiet: Quiet,
    pub(crate) attacks: Attacks,
    pub(crate) stores: Stores,
    pub(crate) live: Live,
    pub(crate) tally: Tally,
    pub(crate) is_over: AtomicBool,
    pub(crate) failures: Mutex<Vec<String>>,
}

impl World {
    pub(crate) fn new(servers: Vec<(Source, SocketAddr)>, live: Live) -> Self {
        Self {
            servers,
            quiet: Quiet::new(),
            attacks: Attacks::load(),
            stores: Stores::default(),
            live,
            tally: Tally::default(),
            is_over: AtomicBool::new(false),
            failures: Mutex::default(),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(SeqCst)
    }

    pub(crate) fn fail(&self, failure: String) {
        let mut failures = self.failures.lock().expect("no panic");
        failures.push(failure);
        if failures.len() >= MOST_FAILURES {
            self.is_over.store(true, SeqCst);
        }
    }

    /// Whether a response's head is one that the request may get: whether its body is the service's, or what is wrong.
    ///
    /// `first` is the store that was done when the request was sent. `served` is the status of what the service says by itself.
    pub(crate) fn judge(
        &self,
        source: Source,
        request: &Request<()>,
        first: usize,
        served: StatusCode,
        (status, headers): (StatusCode, &HeaderMap),
    ) -> Result<bool, String> {
        let grants = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter().count();
        let answers = self.quiet.answers(source, request, (first, self.stores.begun()));
        judge(&answers, served, status, headers).filter(|_| grants <= 1).ok_or_else(|| {
            format!("{source:?}: {request:?} got {status} {headers:?}, and not one of {answers:?}")
        })
    }
}

/// Whether the body is the service's; nothing if the head is by none of these answers, or a mixture of them.
fn judge(answers: &[Answer], served: StatusCode, status: StatusCode, headers: &HeaderMap) -> Option<bool> {
    let headers = without_transport(headers);
    let by = answers.iter().find(|answer| {
        let expected = if answer.is_served { served } else { answer.status };
        (status, &headers) == (expected, &answer.headers)
    });
    by.map(|answer| answer.is_served)
}

/// What holds of the judge himself: otherwise it could find everything right.
pub(crate) mod judging {
    use http::Method;
    use http::header::ORIGIN;
    use libtest_mimic::Failed;

    use super::*;
    use crate::soak::sources::{PAGES, VERSIONS};

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
