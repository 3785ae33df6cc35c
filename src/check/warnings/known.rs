//! Well-known names, and their typos: only typos that nobody would choose as a name.

use crate::method;
use crate::typo::is_slip;

/// Shorter names that somebody chose can be one letter away from well-known ones: `READ` and `HEAD`, `BINDS` and `BIND`.
const MIN_LEN: usize = 5;

const HTTP: [&str; 2] = ["https", "http"];

/// The other schemes of origins with long enough names. Applications derive schemes from their own names, so in a short one
/// (`ionic`, `tauri`, `app`) a different letter proves nothing.
const SCHEMES: &[&str] = &["capacitor", "chrome-extension", "moz-extension", "safari-web-extension"];

/// Headers that pages send and read, with standard names. None begins with `x-`: anybody chooses such names, and both
/// `x-csrftoken` and `x-csrf-token` are in use.
const HEADERS: &[&str] = &[
    "accept-language",
    "accept-ranges",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "idempotency-key",
    "last-event-id",
    "last-modified",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "server-timing",
    "traceparent",
    "tracestate",
    "www-authenticate",
];

/// The scheme that was probably meant.
pub(super) fn meant_scheme(scheme: &str) -> Option<&'static str> {
    let is_known = HTTP.contains(&scheme);
    // `shttp` is a scheme too (RFC 2660).
    let meant_http = || HTTP.into_iter().find(|known| scheme.starts_with('h') && is_slip(scheme, known));
    if is_known {
        None
    } else {
        meant_http().or_else(|| SCHEMES.iter().copied().find(|known| is_slip(scheme, known)))
    }
}

/// The method that was probably meant, except for `UPDATE`. Well-known methods are in upper case.
pub(super) fn meant_method(method: &str) -> Option<&'static str> {
    let upper_case = method.to_ascii_uppercase();
    let is_meant = |known: &str| {
        let same_start = known.as_bytes().first() == upper_case.as_bytes().first();
        // `BATCH` is a choice, `PACTH` a typo.
        known == upper_case || (same_start && known.len() >= MIN_LEN && is_slip(known, &upper_case))
    };
    if method::is_registered(method) { None } else { method::registered().find(|known| is_meant(known)) }
}

/// The header that was probably meant by a lowercase name.
pub(super) fn meant_header(name: &str) -> Option<&'static str> {
    // A `*` at the end is intended.
    HEADERS.iter().copied().find(|known| !name.ends_with('*') && is_slip(name, known))
}
