//! Setting a header.

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// [`HeaderMap::insert`], compiled once: it is generic and long, and would otherwise be in a program once for each place that calls it.
#[inline(never)]
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}
