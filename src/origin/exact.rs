//! Exact origins: one block of text in memory, and a hash table of offsets into it.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::MAX_ORIGIN_LEN;

/// A set of strings of at most [`MAX_ORIGIN_LEN`] bytes. Each origin takes its bytes, a length and an offset: a third of
/// the memory of a `HashSet<String>`, and a look-up reads one place in memory less.
#[derive(Default)]
pub(super) struct ExactOrigins {
    /// Each origin, after its length in two bytes.
    records: Vec<u8>,
    offsets: HashTable<u32>,
    hasher: RandomState,
}

/// The set holds as much text as its offsets can address.
#[derive(Debug, PartialEq)]
pub(crate) struct SetFull;

impl ExactOrigins {
    pub(super) fn reserve(&mut self, additional: usize) {
        let Self { records, offsets, hasher } = self;
        offsets.reserve(additional, |offset| hasher.hash_one(record(records, *offset)));
    }

    /// Frees the memory that is left over from growing.
    pub(super) fn shrink_to_fit(&mut self) {
        self.records.shrink_to_fit();
    }

    pub(super) fn insert(&mut self, origin: &str) -> Result<(), SetFull> {
        let origin = origin.as_bytes();
        let Self { records, offsets, hasher } = self;
        let hash = hasher.hash_one(origin);
        if offsets.find(hash, |offset| record(records, *offset) == origin).is_some() {
            return Ok(());
        }
        let offset = u32::try_from(records.len()).map_err(|_| SetFull)?;
        let len = u16::try_from(origin.len()).map_err(|_| SetFull)?;
        records.extend_from_slice(&len.to_ne_bytes());
        records.extend_from_slice(origin);
        offsets.insert_unique(hash, offset, |offset| hasher.hash_one(record(records, *offset)));
        Ok(())
    }

    pub(super) fn contains(&self, origin: &[u8]) -> bool {
        // Checked before the bytes are hashed: no longer text is in the set.
        if origin.len() > MAX_ORIGIN_LEN {
            return false;
        }
        if self.offsets.len() <= 1 {
            // The most common policy: comparing is faster than hashing.
            return split_record(&self.records).is_some_and(|(only, _)| only == origin);
        }
        let hash = self.hasher.hash_one(origin);
        self.offsets.find(hash, |offset| record(&self.records, *offset) == origin).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.records.as_slice();
        std::iter::from_fn(move || {
            let (origin, after) = split_record(rest)?;
            rest = after;
            std::str::from_utf8(origin).ok()
        })
    }
}

/// The origin whose record starts at an offset.
fn record(records: &[u8], offset: u32) -> &[u8] {
    let tail = records.get(offset as usize..).unwrap_or_default();
    split_record(tail).map_or(&[], |(origin, _)| origin)
}

fn split_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = records.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_ne_bytes(*len)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_held_once() {
        let mut origins = ExactOrigins::default();
        for origin in ["https://a.com", "https://b.com", "https://a.com"] {
            origins.insert(origin).expect("room");
        }
        assert_eq!(origins.iter().collect::<Vec<_>>(), ["https://a.com", "https://b.com"]);
        assert!(origins.contains(b"https://b.com"));
        assert!(!origins.contains(b"https://c.com"));
        assert!(!origins.contains(b""));
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn text_is_held_up_to_the_last_offset_and_refused_one_past_it() {
        // Zeroed pages take no memory until they are touched.
        let mut records = vec![0; u32::MAX as usize + 64];
        records.truncate(u32::MAX as usize);
        let mut origins = ExactOrigins { records, ..ExactOrigins::default() };
        assert_eq!(origins.insert("https://a.com"), Ok(()));
        assert_eq!(record(&origins.records, u32::MAX), b"https://a.com");
        assert_eq!(origins.insert("https://b.com"), Err(SetFull));
        assert_eq!(origins.len(), 1);
    }
}
