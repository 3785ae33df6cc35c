//! Why a page cannot read a header.

use std::fmt;

use crate::browser::Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Absent(name)
        | Self::NotExposed(name)
        | Self::Wildcard(name)
        | Self::MalformedList(name)
        | Self::Forbidden(name)
        | Self::OpaqueRedirect(name)) = self;
        match self {
            Self::Absent(_) => {
                write!(
                    f,
                    "the response has no `{name}`: the server did not send it, so CORS is not the reason"
                )
            }
            Self::NotExposed(_) => write!(
                f,
                "the page cannot read `{name}`: add it to the headers that the server exposes \
                 (`Access-Control-Expose-Headers`)"
            ),
            Self::Wildcard(_) => write!(
                f,
                "the page cannot read `{name}`: `Access-Control-Expose-Headers: *` does not count for a request with \
                 credentials. Add the name"
            ),
            Self::MalformedList(_) => write!(
                f,
                "the page cannot read `{name}`: `Access-Control-Expose-Headers` is not a list of names separated by \
                 commas"
            ),
            Self::Forbidden(_) => write!(f, "no page can read `{name}`, whatever the server exposes"),
            Self::OpaqueRedirect(_) => write!(
                f,
                "the page cannot read `{name}`: in the redirect mode \"manual\", a redirect shows no headers"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_names_the_header_and_what_to_change() {
        let name = || "x-a".to_owned();
        let cases = [
            (
                Unreadable::Absent(name()),
                "the response has no `x-a`: the server did not send it, so CORS is not the reason",
            ),
            (
                Unreadable::NotExposed(name()),
                "the page cannot read `x-a`: add it to the headers that the server exposes \
                 (`Access-Control-Expose-Headers`)",
            ),
            (
                Unreadable::Wildcard(name()),
                "the page cannot read `x-a`: `Access-Control-Expose-Headers: *` does not count for a request with \
                 credentials. Add the name",
            ),
            (
                Unreadable::MalformedList(name()),
                "the page cannot read `x-a`: `Access-Control-Expose-Headers` is not a list of names separated by commas",
            ),
            (Unreadable::Forbidden(name()), "no page can read `x-a`, whatever the server exposes"),
            (
                Unreadable::OpaqueRedirect(name()),
                "the page cannot read `x-a`: in the redirect mode \"manual\", a redirect shows no headers",
            ),
        ];
        for (reason, expected) in cases {
            assert_eq!(reason.to_string(), expected);
        }
    }
}
