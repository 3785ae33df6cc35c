//! How many requests each client may send, in memory that does not grow with what clients send.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many requests a client may send in a [`WINDOW`].
pub(crate) const MOST_REQUESTS: u32 = 3;

pub(crate) const WINDOW: Duration = Duration::from_secs(10);

/// How many clients are told apart in a window; those beyond it share one count.
pub(crate) const MOST_CLIENTS: usize = 10_000;

/// Who sends a request: its address, not what it says about itself. Otherwise each guess of a token would be a new client.
///
/// Behind a proxy, every request has the proxy's address: take the client's from the header that your proxy sets, and only
/// from that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    At(IpAddr),
    /// All for whom there was no room.
    AnyOther,
}

impl Client {
    /// Of an IPv6 address the first 64 bits: a subscriber may choose the rest.
    pub(crate) fn at(address: IpAddr) -> Self {
        Self::At(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

#[derive(Default)]
pub(crate) struct Limit(Mutex<Window>);

#[derive(Default)]
struct Window {
    start: Option<Instant>,
    counts: HashMap<Client, u32>,
}

impl Limit {
    /// Counts a request of a client; says how long to wait if it is one too many.
    pub(crate) fn count(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut passed = now.duration_since(*window.start.get_or_insert(now));
        if passed >= WINDOW {
            *window = Window { start: Some(now), counts: HashMap::new() };
            passed = Duration::ZERO;
        }
        let has_room = window.counts.len() < MOST_CLIENTS || window.counts.contains_key(&client);
        let count = window.counts.entry(if has_room { client } else { Client::AnyOther }).or_default();
        *count = count.saturating_add(1);
        if *count > MOST_REQUESTS { Err(WINDOW.saturating_sub(passed)) } else { Ok(()) }
    }

    #[cfg(test)]
    pub(crate) fn clients(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).counts.len()
    }
}
