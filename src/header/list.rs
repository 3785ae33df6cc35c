//! Lists of tokens as a field value: RFC 9110, section 5.6.1.

use http::HeaderValue;

/// The tokens, separated by commas; of none at all there is nothing to say.
///
/// `http` has no type that says that tokens, commas and spaces make a field value. If they did not, the header would not be
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
