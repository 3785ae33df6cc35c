//! Public suffixes: the names right below which strangers can have domains, such as `co.uk` and `github.io`.
//!
//! The [Public Suffix List](https://publicsuffix.org/list/) is `public_suffix_list.dat`, as it is published: both sections, with its date
//! and its notice. It is under the MPL 2.0, whose text is `LICENSE-MPL-2.0`. What programs carry is `table.bin`, which the tests write out
//! of it. Three commands put the newest list of a package registry in the place of the old one, and renew the table and the date in the
//! documentation:
//!
//! ```sh
//! pip download --no-deps --no-binary :all: publicsuffixlist
//! tar -xOf publicsuffixlist-*.tar.gz --wildcards '*/public_suffix_list.dat' >src/origin/suffix/public_suffix_list.dat
//! UPDATE=1 cargo test --lib suffix::table
//! ```
//!
//! Domains are asked for as the table has them: in lower case, in punycode, without a dot at the end.

mod automaton;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

use self::automaton::State;

/// As a label of a rule: any label.
const ANY_LABEL: u8 = b'*';

/// Behind a rule, which is read from its end: the domain is an exception from a rule with [`ANY_LABEL`].
const EXCEPTION: u8 = b'!';

/// Whether strangers can have names right below a domain: a rule matches the whole of it. By the rule `*`, one matches any single
/// label.
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    let Some((_, parent)) = domain.split_once('.') else { return true };
    has_rule(domain, &[]) || (has_rule(parent, &[b'.', ANY_LABEL]) && !has_rule(domain, &[EXCEPTION]))
}

/// The public suffix of a domain, by the list's [algorithm](https://github.com/publicsuffix/list/wiki/Format#formal-algorithm): what
/// the longest rule matches, or what is behind an exception's first label.
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

/// A public suffix with one label in front: what has one owner. `None` for a public suffix itself.
pub(crate) fn registrable_domain(domain: &str) -> Option<&str> {
    let in_front = domain.strip_suffix(public_suffix(domain))?.strip_suffix('.')?;
    Some(&domain[in_front.rfind('.').map_or(0, |dot| dot + 1)..])
}

/// Whether any rule of the list is about the last label of a domain. No other name is public.
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
        // No exception comes first: the rule that it is from is shorter.
        ahead.extend(state.steps().map(|(byte, next)| (next, format!("{}{suffix}", char::from(byte)))));
    }
    None
}

/// Whether the list has the rule that is read as the domain, from its end, and then `rest`.
fn has_rule(domain: &str, rest: &[u8]) -> bool {
    let state = after(domain).and_then(|state| rest.iter().copied().try_fold(state, State::step));
    state.is_some_and(State::is_end)
}

/// Where reading a domain from its end leads to, if a rule starts so.
fn after(domain: &str) -> Option<State> {
    domain.bytes().rev().try_fold(State::START, State::step)
}
