//! What a policy's lists accept: text, and the types that hold it.

use http::{HeaderName, HeaderValue, Method, Uri};

use crate::origin::OriginPattern;

/// An entry of one of a policy's lists, as given: text, or a type of `http` or of this crate. Not checked until
/// [`build`](crate::CorsPolicyBuilder::build).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry(pub(super) String);

impl From<String> for PolicyEntry {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<HeaderValue> for PolicyEntry {
    /// Bytes beyond UTF-8 become replacement characters, which no list accepts.
    fn from(value: HeaderValue) -> Self {
        Self(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}

impl From<Uri> for PolicyEntry {
    /// A `Uri` has the path `/` even if none was written, so a lone `/` is left out.
    fn from(uri: Uri) -> Self {
        let text = uri.to_string();
        let is_bare = uri.path() == "/" && uri.query().is_none();
        Self(if is_bare { text.trim_end_matches('/').to_owned() } else { text })
    }
}

macro_rules! from_text {
    ($($type:ty),*) => {$(
        impl From<$type> for PolicyEntry {
            fn from(value: $type) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}

from_text!(&str, &&str, &String, OriginPattern, &OriginPattern, Method, &Method, HeaderName, &HeaderName);
