//! What a preflight may ask for, where no list can express it and the answer echoes it, as regular expressions in the common syntax of RE2 and PCRE.
//!
//! Header names are echoed after the list, and only if all of them are allowed. Otherwise the answer is only the list, which also lacks
//! a name that the browser needs.

use super::origin::literal;
use super::policy::Policy;

/// The bytes of a token (RFC 9110, section 5.6.2), in a class. The `'` is written as a number, as some configurations quote with it.
const TCHAR: &str = r"[!#$%&\x27*+.^_`|~0-9A-Za-z-]";

/// The longest method that is echoed: the library has the same bound.
const MAX_METHOD_LEN: usize = 64;

/// Forbidden to every page: Fetch, [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method). Asked before [`method`].
pub(super) const FORBIDDEN_METHOD: &str = "^(?i:CONNECT|TRACE|TRACK)$";

/// CORS-safelisted, so no list needs it. Also checked before [`method`]: the answer is a list, like the library's.
pub(super) const SAFELISTED_METHOD: &str = "^(?:GET|HEAD|POST)$";

/// A method that is echoed.
pub(super) fn method() -> String {
    format!("^{TCHAR}{{1,{MAX_METHOD_LEN}}}$")
}

/// A list with this name is not echoed: `authorization` must be listed by name; "any" and prefixes do not cover it. Checked before
/// [`headers`].
pub(super) fn not_covered(policy: &Policy) -> Option<&'static str> {
    let is_listed = policy.allow_headers.iter().any(|name| name == "authorization");
    (!is_listed).then_some(r"(?:^|[ \t,])authorization(?:[ \t,]|$)")
}

/// A whole list of header names that is echoed. It is matched without regard to case.
///
/// No name can be matched in two ways: otherwise, a mismatch would take exponential time.
pub(super) fn headers(policy: &Policy) -> String {
    let any = policy.allows_any_header().then_some("");
    let prefixes: Vec<_> = policy.header_prefixes().chain(any).collect();
    let is_left =
        |name: &&String| !name.ends_with('*') && !prefixes.iter().any(|prefix| name.starts_with(prefix));
    let names = policy.allow_headers.iter().filter(is_left).map(|name| literal(name));
    let covered = prefixes.iter().map(|prefix| match *prefix {
        "" => format!("{TCHAR}+"),
        prefix => format!("{}{TCHAR}*", literal(prefix)),
    });
    let name = names.chain(covered).collect::<Vec<_>>().join("|");
    format!(r"^[ \t,]*(?:{name})(?:[ \t]*,[ \t,]*(?:{name}))*[ \t,]*$")
}
