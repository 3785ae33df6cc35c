//! Why no browser would send a request.

use std::fmt;

use crate::browser::InvalidRequest;

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => write!(
                f,
                "`{page}` is no page: give its URL or its origin, such as `https://app.example.com`, or `null`"
            ),
            Self::Server(server) => {
                write!(f, "`{server}` is no server: give its origin, such as `https://api.example.com`")
            }
            Self::Cookie(cookie) => {
                write!(f, "`{cookie}` is no cookie: give a name and a value, such as `session=1`")
            }
            Self::Url(url) => write!(f, "`{url}` is no URL that this browser can read"),
            Self::Scheme(scheme) => {
                write!(f, "a page can fetch `http:` and `https:` URLs only, not `{scheme}:`")
            }
            Self::UrlCredentials(url) => write!(
                f,
                "`{url}` was given with a user name or a password, which `fetch()` refuses: send `Authorization` \
                 instead"
            ),
            Self::Method(error) => write!(f, "not a method: {error}"),
            Self::ForbiddenMethod(method) => write!(f, "scripts cannot use the method `{method}`"),
            Self::Header(error) => write!(f, "not a header: {error}"),
            Self::Body(method) => write!(f, "a `{method}` request has no body"),
        }
    }
}
