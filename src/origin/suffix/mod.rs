//! Public suffixes: names such as `co.uk` and `github.io`, right below which strangers can have domains.
//!
//! `public_suffix_list.dat` is the [Public Suffix List](https://publicsuffix.org/list/) as published: both sections, with its date and its
//! notice. Its licence is the MPL 2.0, in `LICENSE-MPL-2.0`. Programs contain only `table.bin`, which a test writes from the list. Three
//! commands replace the list by the newest one of a package registry, and renew the table and the date in the documentation:
//!
//! ```sh
//! pip download --no-deps --no-binary :all: publicsuffixlist
//! tar -xOf publicsuffixlist-*.tar.gz --wildcards '*/public_suffix_list.dat' >src/origin/suffix/public_suffix_list.dat
//! UPDATE=1 cargo test --lib suffix::table
//! ```
//!
//! Domains must be in the form of the table: in lower case, in punycode, without a trailing dot.

mod automaton;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

use self::automaton::State;

/// A label of a rule that stands for any label.
const ANY_LABEL: u8 = b'*';

/// Marks an exception from a rule with [`ANY_LABEL`]. It is read last, since a rule is read from its end.
const EXCEPTION: u8 = b'!';

/// Whether strangers can have names right below a domain: a rule matches the whole domain. Any single label matches the implicit rule `*`.
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    let Some((_, parent)) = domain.split_once('.') else { return true };
    has_rule(domain, &[]) || (has_rule(parent, &[b'.', ANY_LABEL]) && !has_rule(domain, &[EXCEPTION]))
}

/// The public suffix of a domain, by the list's [algorithm](https://github.com/publicsuffix/list/wiki/Format#formal-algorithm): the match
/// of the longest rule, or the part after the first label of an exception.
fn public_suffix(domain: &str) -> &str {
    let mut name = domain;
    while let Some((_, parent)) = name.split_once('.') {
        if has_rule(name, &[EXCEPTION]) {
            return parent;
        }
        if is_public_suffix(name) {
            break;
        }
        name = parent;
    }
    name
}

/// A public suffix with one label before it, as one owner registered it. `None` for a public suffix itself.
pub(crate) fn registrable_domain(domain: &str) -> Option<&str> {
    let in_front = domain.strip_suffix(public_suffix(domain))?.strip_suffix('.')?;
    Some(&domain[in_front.rfind('.').map_or(0, |dot| dot + 1)..])
}

/// Whether any rule of the list ends with the last label of a domain. All other names are private.
#[cfg(feature = "public-suffix")]
pub(crate) fn has_listed_end(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or(domain);
    after(last).is_some_and(|state| state.is_end() || state.step(b'.').is_some())
}

/// The shortest rule for a public suffix that is longer than a domain and ends with it: `s3.amazonaws.com` for `amazonaws.com`,
/// `*.kawasaki.jp` for `kawasaki.jp`.
#[cfg(any(feature = "public-suffix", test))]
pub(crate) fn below(domain: &str) -> Option<String> {
    let state = after(domain)?.step(b'.')?;
    let mut ahead = std::collections::VecDeque::from([(state, format!(".{domain}"))]);
    while let Some((state, suffix)) = ahead.pop_front() {
        if state.is_end() {
            return Some(suffix);
        }
        // An exception is never found first: the rule that it belongs to is shorter.
        ahead.extend(state.steps().map(|(byte, next)| (next, format!("{}{suffix}", char::from(byte)))));
    }
    None
}

/// Whether the list has the rule that reads as the domain from its end, and then `rest`.
fn has_rule(domain: &str, rest: &[u8]) -> bool {
    let state = after(domain).and_then(|state| rest.iter().copied().try_fold(state, State::step));
    state.is_some_and(State::is_end)
}

/// The state after reading a domain from its end, if any rule begins like this.
fn after(domain: &str) -> Option<State> {
    domain.bytes().rev().try_fold(State::START, State::step)
}
