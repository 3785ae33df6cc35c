//! Setting a header.

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// [`HeaderMap::insert`], once: it is generic and long, and would else be in a program for each place that sets a header.
#[inline(never)]
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}
