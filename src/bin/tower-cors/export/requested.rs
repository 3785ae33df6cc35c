//! What a preflight may ask for, where no list says it and the answer echoes it, as regular expressions that RE2 and PCRE share.
//!
//! Header names are echoed behind the list, and only where all of them are allowed. Else the answer is the list alone, in which a browser
//! misses a name, too.

use super::origin::literal;
use super::policy::Policy;

/// The bytes of a token (RFC 9110, section 5.6.2), in a class. The `'` is written as a number, as some configurations quote with it.
const TCHAR: &str = r"[!#$%&\x27*+.^_`|~0-9A-Za-z-]";

/// The longest method that is echoed: the library has the same bound.
const MAX_METHOD_LEN: usize = 64;

/// Forbidden to every page: Fetch, [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method). Asked before [`method`].
pub(super) const FORBIDDEN_METHOD: &str = "^(?i:CONNECT|TRACE|TRACK)$";

/// CORS-safelisted: no list has to name it. Asked before [`method`], too: the answer is a list, as the library's is.
pub(super) const SAFELISTED_METHOD: &str = "^(?:GET|HEAD|POST)$";

/// A method that is echoed.
pub(super) fn method() -> String {
    format!("^{TCHAR}{{1,{MAX_METHOD_LEN}}}$")
}

/// What a list of header names is not echoed for: `authorization`, which CORS wants to be named, and "any" and prefixes do not cover.
/// Asked before [`headers`].
pub(super) fn not_covered(policy: &Policy) -> Option<&'static str> {
    let is_listed = policy.allow_headers.iter().any(|name| name == "authorization");
    (!is_listed).then_some(r"(?:^|[ \t,])authorization(?:[ \t,]|$)")
}

/// A whole list of header names that is echoed. It is asked without regard to case.
///
/// No name can be read in two ways: an expression that can would take longer and longer to fail.
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
