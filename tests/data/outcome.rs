//! Outcomes of a request: expected, seen, and how the two are compared.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use tower_cors::browser::Preflight;

/// Whether a preflight was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PreflightWord {
    #[default]
    None,
    Sent,
    /// One was needed, and an earlier one was still cached. On the wire it looks like `None`.
    Cached,
}

impl From<Preflight> for PreflightWord {
    fn from(preflight: Preflight) -> Self {
        match preflight {
            Preflight::NotNeeded => Self::None,
            Preflight::Cached => Self::Cached,
            Preflight::Sent => Self::Sent,
        }
    }
}

/// What a page gets, and the server's denial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) blocked: Option<String>,
    pub(crate) preflight: PreflightWord,
    /// 0 if the page sees no status.
    pub(crate) status: u16,
    pub(crate) response_type: String,
    pub(crate) readable: BTreeSet<String>,
    /// `Denial::kind()`, from the layer's hook.
    pub(crate) denial: Option<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.blocked {
            Some(reason) => write!(f, "blocked ({reason})")?,
            None => write!(f, "{} {} with {:?}", self.status, self.response_type, self.readable)?,
        }
        write!(f, ", preflight {:?}", self.preflight)?;
        match &self.denial {
            Some(denial) => write!(f, ", denied as {denial}"),
            None => f.write_str(", not denied"),
        }
    }
}

/// Whether a runner saw a request blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Blocked {
    No,
    For(String),
    /// Scripts do not get a browser's reasons.
    ForSomeReason,
}

/// The outcome of one request that a runner saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) blocked: Blocked,
    pub(crate) preflight: PreflightWord,
    pub(crate) status: u16,
    pub(crate) response_type: String,
    pub(crate) readable: BTreeSet<String>,
    pub(crate) denial: Option<String>,
}

impl Seen {
    /// Whether it is the expected outcome, as far as the runner can tell.
    pub(crate) fn is(&self, expected: &Outcome) -> bool {
        let blocked = match (&self.blocked, &expected.blocked) {
            (Blocked::No, None) | (Blocked::ForSomeReason, Some(_)) => true,
            (Blocked::For(seen), Some(expected)) => seen == expected,
            _ => false,
        };
        blocked
            && self.preflight == expected.preflight
            && self.status == expected.status
            && self.response_type == expected.response_type
            && self.readable == expected.readable
            && self.denial == expected.denial
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Outcome {
            blocked: match &self.blocked {
                Blocked::No => None,
                Blocked::For(reason) => Some(reason.clone()),
                Blocked::ForSomeReason => Some("for some reason".to_owned()),
            },
            preflight: self.preflight,
            status: self.status,
            response_type: self.response_type.clone(),
            readable: self.readable.clone(),
            denial: self.denial.clone(),
        }
        .fmt(f)
    }
}

/// The headers of a response without those of the transport, which differ between a service in memory and one behind a
/// socket.
pub(crate) fn without_transport<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    const TRANSPORT: [&str; 5] = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];
    names.into_iter().filter(|name| !TRANSPORT.contains(name)).map(str::to_owned).collect()
}
