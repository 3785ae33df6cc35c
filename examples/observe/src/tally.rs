//! Counts of names, of which clients can send any number.

use std::collections::HashMap;

/// Keeps a bounded number of names. When it is full, it removes the names that came once, from time to time: random names do not
/// push out names in use.
pub(crate) struct Tally {
    counts: HashMap<String, u64>,
    most: usize,
    left_out: u64,
}

impl Tally {
    pub(crate) fn new(most: usize) -> Self {
        Self { counts: HashMap::new(), most, left_out: 0 }
    }

    /// How often the name was counted; 0 if there is no room for it.
    pub(crate) fn add(&mut self, name: &str) -> u64 {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
            return *count;
        }
        if self.counts.len() >= self.most {
            self.left_out += 1;
            // Not each time: that would visit all names for each request.
            if self.left_out % (self.most as u64) != 0 {
                return 0;
            }
            let before = self.counts.len();
            self.counts.retain(|_, count| *count > 1);
            self.left_out += (before - self.counts.len()) as u64;
            if self.counts.len() >= self.most {
                return 0;
            }
            self.left_out -= 1;
        }
        self.counts.insert(name.to_owned(), 1);
        1
    }

    /// Most frequent first.
    pub(crate) fn sorted(&self) -> Vec<(&str, u64)> {
        let mut sorted: Vec<_> = self.counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        sorted.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
        sorted
    }

    /// How many were not counted by name.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_names_are_kept_as_there_is_room_for_and_none_is_lost_without_a_count() {
        let mut tally = Tally::new(10);
        for _ in 0..5 {
            tally.add("used");
        }
        for index in 0..1000 {
            tally.add(&format!("random {index}"));
            assert!(tally.counts.len() <= 10);
        }
        assert_eq!(tally.add("used"), 6);
        assert_eq!(tally.sorted()[0], ("used", 6));
        let kept: u64 = tally.sorted().iter().map(|(_, count)| count).sum();
        assert_eq!(kept + tally.left_out(), 1006);
    }

    #[test]
    fn what_is_used_gets_in_behind_what_is_random() {
        let mut tally = Tally::new(10);
        for index in 0..200 {
            tally.add(&format!("random {index}"));
            tally.add("used");
        }
        assert_eq!(tally.sorted()[0].0, "used");
    }
}
