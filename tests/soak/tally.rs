//! How often each kind of event happened.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    OrdinaryOverHttp1,
    OrdinaryOverHttp2,
    HostileOverHttp1,
    HostileOverHttp2,
    ServiceFails,
    ServicePanics,
    ServiceHangs,
    LookUpHangs,
    BodyBreaks,
    BodyIsAbandoned,
    SocketOverHttp1,
    SocketOverHttp2,
    SocketRefused,
    Bytes,
    CutConnection,
    DenialHeard,
}

impl Kind {
    const ALL: [(Self, &str); 16] = [
        (Self::OrdinaryOverHttp1, "ordinary requests over HTTP/1.1"),
        (Self::OrdinaryOverHttp2, "ordinary requests over HTTP/2"),
        (Self::HostileOverHttp1, "hostile requests over HTTP/1.1"),
        (Self::HostileOverHttp2, "hostile requests over HTTP/2"),
        (Self::ServiceFails, "errors of the service"),
        (Self::ServicePanics, "panics of the service"),
        (Self::ServiceHangs, "requests given up while the service hangs"),
        (Self::LookUpHangs, "requests given up while the look-up hangs"),
        (Self::BodyBreaks, "bodies that break"),
        (Self::BodyIsAbandoned, "bodies that the client gives up"),
        (Self::SocketOverHttp1, "WebSockets over HTTP/1.1"),
        (Self::SocketOverHttp2, "WebSockets over HTTP/2"),
        (Self::SocketRefused, "WebSockets refused"),
        (Self::Bytes, "connections of any bytes"),
        (Self::CutConnection, "connections cut at a byte"),
        (Self::DenialHeard, "denials that the hook heard"),
    ];
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(Arc<[AtomicU64; Kind::ALL.len()]>);

impl Tally {
    pub(crate) fn add(&self, kind: Kind) {
        self.0[kind as usize].fetch_add(1, Relaxed);
    }

    fn count(&self, kind: Kind) -> u64 {
        self.0[kind as usize].load(Relaxed)
    }

    /// The kinds that never happened.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let missing = Kind::ALL.into_iter().filter(|(kind, _)| self.count(*kind) == 0);
        missing.map(|(_, name)| name).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, name) in Kind::ALL {
            writeln!(f, "{:>12} {name}", self.count(kind))?;
        }
        Ok(())
    }
}
