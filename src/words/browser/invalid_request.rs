//! Why no browser would send a request.

use std::fmt;

use crate::browser::InvalidRequest;

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => write!(
                f,
                "`{page}` is not a valid page: give its URL or its origin, such as `https://app.example.com`, or `null`"
            ),
            Self::Server(server) => {
                write!(
                    f,
                    "`{server}` is not a valid server: give its origin, such as `https://api.example.com`"
                )
            }
            Self::Cookie(cookie) => {
                write!(f, "`{cookie}` is not a valid cookie: give a name and a value, such as `session=1`")
            }
            Self::Url(url) => write!(f, "`{url}` is not a valid URL"),
            Self::Scheme(scheme) => {
                write!(f, "a page can fetch only `http:` and `https:` URLs, not `{scheme}:`")
            }
            Self::UrlCredentials(url) => write!(
                f,
                "`{url}` was given with a user name or a password, which `fetch()` refuses: send an `Authorization` \
                 header instead"
            ),
            Self::Method(error) => write!(f, "the method is not valid: {error}"),
            Self::ForbiddenMethod(method) => {
                write!(f, "browsers do not let pages send `{method}`: use another method")
            }
            Self::Header(error) => write!(f, "a header is not valid: {error}"),
            Self::Body(method) => {
                write!(f, "a `{method}` request cannot have a body: remove it, or use another method")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn each_mistake_says_what_is_wrong_and_what_to_write() {
        let text = str::to_owned;
        let cases = [
            (
                InvalidRequest::Page(text("nonsense")),
                "`nonsense` is not a valid page: give its URL or its origin, such as `https://app.example.com`, or `null`",
            ),
            (
                InvalidRequest::Server(text("api")),
                "`api` is not a valid server: give its origin, such as `https://api.example.com`",
            ),
            (
                InvalidRequest::Cookie(text("a\\n")),
                "`a\\n` is not a valid cookie: give a name and a value, such as `session=1`",
            ),
            (InvalidRequest::Url(text("https://")), "`https://` is not a valid URL"),
            (
                InvalidRequest::Scheme(text("ftp")),
                "a page can fetch only `http:` and `https:` URLs, not `ftp:`",
            ),
            (
                InvalidRequest::UrlCredentials(text("https://a.example/")),
                "`https://a.example/` was given with a user name or a password, which `fetch()` refuses: send an \
                 `Authorization` header instead",
            ),
            (
                InvalidRequest::Method(text("invalid HTTP method")),
                "the method is not valid: invalid HTTP method",
            ),
            (
                InvalidRequest::ForbiddenMethod(Method::TRACE),
                "browsers do not let pages send `TRACE`: use another method",
            ),
            (
                InvalidRequest::Header(text("invalid HTTP header name")),
                "a header is not valid: invalid HTTP header name",
            ),
            (
                InvalidRequest::Body(Method::GET),
                "a `GET` request cannot have a body: remove it, or use another method",
            ),
        ];
        for (mistake, expected) in cases {
            assert_eq!(mistake.to_string(), expected);
        }
    }
}
