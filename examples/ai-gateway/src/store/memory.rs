//! One copy's own memory, which does not grow with what clients send.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{Key, LIFETIME, Window};
use crate::client::Client;

/// How many clients have their own count in a window; the others share one.
const MOST_CLIENTS: usize = 10_000;

/// Initial room, in answers.
const EXPECTED_ANSWERS: usize = 1000;

/// The most bytes of all answers.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

pub(super) struct Memory {
    counts: Mutex<Counts>,
    answers: Cache<Key, Answer, Bytewise>,
}

#[derive(Default)]
struct Counts {
    window: u64,
    /// `None`: all clients without room for their own count.
    clients: HashMap<Option<Client>, u32>,
}

#[derive(Clone)]
struct Answer {
    text: Bytes,
    since: Instant,
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<Key, Answer> for Bytewise {
    fn weight(&self, _key: &Key, answer: &Answer) -> u64 {
        (size_of::<Key>() + size_of::<Answer>() + answer.text.len()) as u64
    }
}

impl Default for Memory {
    fn default() -> Self {
        let answers = Cache::with_weighter(EXPECTED_ANSWERS, MOST_BYTES, Bytewise);
        Self { counts: Mutex::default(), answers }
    }
}

impl Memory {
    pub(super) fn count(&self, client: Client, window: Window) -> u32 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.window != window.number {
            *counts = Counts { window: window.number, clients: HashMap::new() };
        }
        let has_room = counts.clients.len() < MOST_CLIENTS || counts.clients.contains_key(&Some(client));
        let count = counts.clients.entry(has_room.then_some(client)).or_default();
        *count = count.saturating_add(1);
        *count
    }

    pub(super) fn answer(&self, key: Key) -> Option<Bytes> {
        let answer = self.answers.get(&key)?;
        if answer.since.elapsed() >= LIFETIME {
            self.answers.remove(&key);
            return None;
        }
        Some(answer.text)
    }

    pub(super) fn keep(&self, key: Key, text: Bytes) {
        self.answers.insert(key, Answer { text, since: Instant::now() });
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::super::LONGEST_ANSWER;
    use super::*;

    fn client(number: usize) -> Client {
        Client::at(Ipv4Addr::from(u32::try_from(number).expect("few")).into())
    }

    #[test]
    fn clients_are_told_apart_to_the_limit_and_not_one_past_it() {
        let memory = Memory::default();
        let window = Window { number: 1, rest: Duration::from_secs(1) };
        for number in 0..MOST_CLIENTS {
            assert_eq!(memory.count(client(number), window), 1);
        }
        assert_eq!(memory.count(client(MOST_CLIENTS), window), 1);
        assert_eq!(memory.count(client(MOST_CLIENTS + 1), window), 2, "they share one count");
        assert_eq!(memory.count(client(0), window), 2, "those before them still have their own");
        let next = Window { number: 2, ..window };
        assert_eq!(memory.count(client(0), next), 1, "the others are forgotten");
    }

    #[test]
    fn answers_beyond_the_room_push_others_out() {
        let memory = Memory::default();
        let text = Bytes::from(vec![b'a'; LONGEST_ANSWER]);
        let keys: Vec<_> = (0..=255_u8).map(|number| Key::of(&[&[number]])).collect();
        for key in &keys {
            memory.keep(*key, text.clone());
        }
        let kept = keys.iter().filter(|key| memory.answer(**key).is_some()).count();
        assert!(kept > 0 && kept * LONGEST_ANSWER <= 32 * 1024 * 1024, "{kept}");
    }
}
