//! The state that all clients share: the servers, the expected answers, and the failures.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{HeaderMap, Request, StatusCode};

use super::attacks::Attacks;
use super::live::Live;
use super::quiet::{Quiet, judge};
use super::sources::{Source, Stores};
use super::tally::Tally;

/// The test ends after this many failures.
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
    pub(crate) fn new(servers: Vec<(Source, SocketAddr)>, live: Live, tally: Tally) -> Self {
        Self {
            servers,
            quiet: Quiet::new(),
            attacks: Attacks::load(),
            stores: Stores::default(),
            live,
            tally,
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

    /// Checks the head of a response against those that the request may get. Returns whether its body is the service's, or the
    /// failure.
    ///
    /// `first` is the last store before the request was sent. `served` is the status of the service itself.
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
        judge(&answers, served, status, headers)
            .filter(|_| grants <= 1)
            .ok_or_else(|| format!("{request:?} got {status} {headers:?}, and not one of {answers:?}"))
    }
}
