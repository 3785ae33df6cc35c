//! How many requests each client may send, in bounded memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many requests a client may send in a [`WINDOW`].
pub(crate) const MOST_REQUESTS: u32 = 3;

pub(crate) const WINDOW: Duration = Duration::from_secs(10);

/// How many clients have their own count in a window; the others share one.
pub(crate) const MOST_CLIENTS: usize = 10_000;

/// The sender of a request: its address, not what it says about itself. Otherwise each guess of a token would be a new client.
///
/// Behind a proxy, every request has the proxy's address: take the client's from the header that your proxy sets, and only
/// from that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    At(IpAddr),
    /// All clients without room for their own count.
    AnyOther,
}

impl Client {
    /// The first 64 bits of an IPv6 address: a subscriber can choose the rest.
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
