//! State shared between requests: counts for the limit, and answers. In memory, or in Redis for several copies of the
//! gateway. While Redis is not available, each copy uses its own memory, and the gateway keeps serving.

mod memory;
mod shared;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::settings::Limit;
use memory::Memory;
use shared::Shared;

/// How long an answer is remembered.
const LIFETIME: Duration = Duration::from_secs(600);

/// A longer answer is not remembered.
pub(crate) const LONGEST_ANSWER: usize = 256 * 1024;

pub(crate) struct Store {
    limit: Limit,
    memory: Memory,
    shared: Option<Shared>,
}

/// The key of a stored answer: a hash of everything that it depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// Different lists of parts have different keys, even if their joined text is equal.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// Windows follow the clock, not the first request, so every copy of the gateway has the same ones.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Window {
    number: u64,
    /// The time until it ends.
    rest: Duration,
}

impl Window {
    fn at(now: SystemTime, limit: Limit) -> Self {
        let seconds = u64::from(limit.seconds.get());
        let passed = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self { number: passed / seconds, rest: Duration::from_secs(seconds - passed % seconds) }
    }
}

impl Store {
    pub(crate) fn new(limit: Limit, redis: Option<redis::Client>) -> Self {
        Self { limit, memory: Memory::default(), shared: redis.map(Shared::new) }
    }

    /// Counts a request of a client; says how long to wait if it is one too many.
    pub(crate) async fn count(&self, client: Client) -> Result<(), Duration> {
        let window = Window::at(SystemTime::now(), self.limit);
        let shared = match &self.shared {
            Some(shared) => shared.count(client, window).await,
            None => None,
        };
        let count = shared.unwrap_or_else(|| self.memory.count(client, window));
        if count > self.limit.requests { Err(window.rest) } else { Ok(()) }
    }

    pub(crate) async fn answer(&self, key: Key) -> Option<Bytes> {
        match &self.shared {
            Some(shared) => shared.answer(key).await.unwrap_or_else(|| self.memory.answer(key)),
            None => self.memory.answer(key),
        }
    }

    pub(crate) async fn keep(&self, key: Key, answer: Bytes) {
        if answer.len() > LONGEST_ANSWER {
            return;
        }
        if let Some(shared) = &self.shared {
            if shared.keep(key, &answer).await.is_some() {
                return;
            }
        }
        self.memory.keep(key, answer);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn store(requests: u32) -> Store {
        let seconds = 3600.try_into().expect("it is not zero");
        Store::new(Limit { requests, seconds }, None)
    }

    fn client(number: u32) -> Client {
        Client::at(Ipv4Addr::from_bits(number).into())
    }

    #[tokio::test]
    async fn a_client_waits_for_the_next_window_and_others_do_not() {
        let store = store(2);
        for _ in 0..2 {
            assert_eq!(store.count(client(1)).await, Ok(()));
        }
        let wait = store.count(client(1)).await.expect_err("one too many");
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(3600), "{wait:?}");
        assert_eq!(store.count(client(2)).await, Ok(()));
    }

    #[test]
    fn windows_follow_the_clock() {
        let limit = Limit { requests: 1, seconds: 60.try_into().expect("it is not zero") };
        let at = |seconds| Window::at(UNIX_EPOCH + Duration::from_secs(seconds), limit);
        for (seconds, number, rest) in [(0, 0, 60), (59, 0, 1), (60, 1, 60), (119, 1, 1)] {
            assert!(at(seconds) == Window { number, rest: Duration::from_secs(rest) }, "{seconds}");
        }
    }

    #[tokio::test]
    async fn an_answer_is_kept_to_the_length_limit_and_not_one_past_it() {
        let store = store(1);
        let (fits, too_long) = (Key::of(&[b"fits"]), Key::of(&[b"too long"]));
        store.keep(fits, vec![b'a'; LONGEST_ANSWER].into()).await;
        store.keep(too_long, vec![b'a'; LONGEST_ANSWER + 1].into()).await;
        assert_eq!(store.answer(fits).await.map(|answer| answer.len()), Some(LONGEST_ANSWER));
        assert_eq!(store.answer(too_long).await, None);
    }

    #[test]
    fn parts_that_are_cut_elsewhere_have_another_key() {
        assert!(Key::of(&[b"ada", b"x"]) == Key::of(&[b"ada", b"x"]));
        assert!(Key::of(&[b"ada", b"x"]) != Key::of(&[b"adax", b""]));
        assert!(Key::of(&[b"ada", b"x"]) != Key::of(&[b"a", b"dax"]));
    }
}
