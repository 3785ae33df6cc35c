//! Why a page cannot read a header.

use std::fmt;

use crate::browser::Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(name) => {
                write!(f, "the response has no `{name}`: CORS hides nothing here, the server did not send it")
            }
            Self::NotExposed(name) => write!(
                f,
                "the page cannot read `{name}`: add it to the exposed headers (`Access-Control-Expose-Headers`)"
            ),
            Self::Wildcard(name) => write!(
                f,
                "the page cannot read `{name}`: `Access-Control-Expose-Headers: *` is no wildcard for requests with \
                 credentials, list the name"
            ),
            Self::MalformedList(name) => write!(
                f,
                "the page cannot read `{name}`: `Access-Control-Expose-Headers` is no list of names, separated by \
                 commas"
            ),
            Self::Forbidden(name) => write!(f, "no script can read `{name}`, whatever the server says"),
            Self::OpaqueRedirect(name) => {
                write!(f, "the page cannot read `{name}`: a redirect that is not followed shows nothing")
            }
        }
    }
}
