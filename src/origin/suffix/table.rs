//! Writes the table from the list.

use std::collections::HashMap;
use std::path::Path;

use super::EXCEPTION;
use super::automaton::{ALPHABET, END, IS_FAR, IS_LAST};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/origin/suffix");

/// The text of the list, and the day of its version.
pub(super) fn list() -> (String, String) {
    let list = std::fs::read_to_string(Path::new(FOLDER).join("public_suffix_list.dat")).expect("the list");
    let version =
        list.lines().find_map(|line| line.strip_prefix("// VERSION: ")).expect("the list's version");
    let (day, _) = version.split_once('_').expect("a day, and a time");
    let day = day.to_owned();
    (list, day)
}

/// The rules of a list, in punycode: `co.uk`, `*.ck`, `!www.ck`.
pub(super) fn rules(list: &str) -> impl Iterator<Item = String> {
    let lines = list.lines().filter(|line| !line.starts_with("//"));
    // "Each line is only read up to the first whitespace."
    lines.filter_map(|line| line.split_whitespace().next()).map(|rule| {
        let name = rule.trim_start_matches(['!', '*', '.']);
        let ascii = idna::domain_to_ascii(name).expect("a domain");
        format!("{}{ascii}", &rule[..rule.len() - name.len()])
    })
}

/// A rule as the automaton reads it: from its end, then its kind.
fn reversed(rule: &str) -> Vec<u8> {
    let exception = rule.strip_prefix('!');
    let bytes = exception.unwrap_or(rule).bytes().rev();
    bytes.chain(exception.map(|_| EXCEPTION)).chain([END]).collect()
}

/// The byte that is read, and the number of the next state; `None` after [`END`].
type Steps = Vec<(u8, Option<usize>)>;

/// The states of the least automaton, by number.
#[derive(Default)]
struct States {
    all: Vec<Steps>,
    /// States with the same steps are one state.
    numbers: HashMap<Steps, usize>,
}

impl States {
    /// The state that reads the rest of these sorted rules, after `read` bytes of each.
    fn of(&mut self, rules: &[Vec<u8>], read: usize) -> usize {
        let by_next_byte = rules.chunk_by(|left, right| left[read] == right[read]);
        let steps: Steps = by_next_byte
            .map(|rules| match rules[0][read] {
                END => (END, None),
                byte => (byte, Some(self.of(rules, read + 1))),
            })
            .collect();
        let number = *self.numbers.entry(steps.clone()).or_insert(self.all.len());
        if number == self.all.len() {
            self.all.push(steps);
        }
        number
    }
}

fn number_of(byte: u8) -> u8 {
    let number = ALPHABET.iter().position(|known| *known == byte).expect("a byte of the alphabet");
    u8::try_from(number).expect("41 bytes")
}

/// The table of some rules.
fn write(rules: impl Iterator<Item = String>) -> Vec<u8> {
    let mut rules: Vec<_> = rules.map(|rule| reversed(&rule)).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut states = States::default();
    let start = states.of(&rules, 0);

    let mut table = Vec::new();
    let mut addresses = vec![None; states.all.len()];
    // The places of addresses, and the numbers of the states that they point to.
    let mut far = Vec::new();
    let mut to_write = vec![start];
    while let Some(state) = to_write.pop() {
        // A state, and the states that can follow it directly.
        let mut state = Some(state).filter(|state| addresses[*state].is_none());
        while let Some(number) = state {
            addresses[number] = Some(table.len());
            let is_new = |next: &Option<usize>| next.is_some_and(|next| addresses[next].is_none());
            let mut steps = states.all[number].clone();
            steps.sort_by_key(|(_, next)| is_new(next));
            state = None;
            let last = steps.len() - 1;
            for (index, (byte, next)) in steps.into_iter().enumerate() {
                let step = number_of(byte) | if index == last { IS_LAST } else { 0 };
                match next {
                    Some(next) if index == last && addresses[next].is_none() => {
                        table.push(step);
                        state = Some(next);
                    }
                    Some(next) => {
                        table.push(step | IS_FAR);
                        far.push((table.len(), next));
                        table.extend([0; 2]);
                        to_write.push(next);
                    }
                    None => table.push(step),
                }
            }
        }
    }
    for (place, state) in far {
        let address = addresses[state].expect("every state is written");
        let address = u16::try_from(address).expect("the addresses of a table below 64 KiB");
        table[place..place + 2].copy_from_slice(&address.to_be_bytes());
    }
    table
}

#[test]
fn the_table_and_its_date_are_the_lists() {
    let (list, day) = list();
    for (name, content) in [("table.bin", write(rules(&list))), ("date.md", day.into_bytes())] {
        let path = Path::new(FOLDER).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &content).expect("a file can be written");
        }
        let written = std::fs::read(&path).expect("a file that UPDATE=1 writes");
        assert!(
            written == content,
            "{name} is not what the list says: run UPDATE=1 cargo test --lib suffix::table"
        );
    }
}
