//! Lists of tokens as a field value: RFC 9110, section 5.6.1.

use http::HeaderValue;

/// The tokens, separated by commas; `None` for an empty list.
///
/// No type of `http` guarantees that tokens, commas and spaces are a valid field value. If they were not, the header would not be
/// sent, which grants nothing.
pub(crate) fn list(tokens: &[impl AsRef<str>]) -> Option<HeaderValue> {
    let mut list = String::new();
    for token in tokens {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(token.as_ref());
    }
    if list.is_empty() { None } else { HeaderValue::try_from(list).ok() }
}
