//! What a browser's console says of a refusal, and what to change.

use std::fmt;

use super::advice::Advice;
use crate::browser::{Blocked, Reason, Refusal, Stage};

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusal = self.refusal();
        let Refusal { method, url, page, origin, .. } = refusal;
        write!(f, "{method} {url}, from a page at `{page}`")?;
        if origin != page {
            write!(f, " with `Origin: {origin}` after redirects")?;
        }
        write!(f, ", was blocked: {}. {}.", Console(refusal), Advice(refusal))
    }
}

/// What is wrong with the response.
struct Console<'a>(&'a Refusal);

impl fmt::Display for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(refusal) = self;
        let status = refusal.status.as_u16();
        let response = match refusal.stage {
            Stage::Preflight => "the preflight response",
            Stage::Actual => "the response",
        };
        match &refusal.reason {
            Reason::AllowOriginMissing => {
                write!(f, "{response} (status {status}) has no `Access-Control-Allow-Origin` header")
            }
            Reason::AllowOriginMismatch { value } => write!(
                f,
                "{response} has `Access-Control-Allow-Origin: {value}`, but the request has `Origin: {}`",
                refusal.origin
            ),
            Reason::AllowOriginWildcard => write!(
                f,
                "{response} has `Access-Control-Allow-Origin: *`, which does not allow a request with credentials"
            ),
            Reason::AllowCredentials { value: None } => write!(
                f,
                "{response} has no `Access-Control-Allow-Credentials: true`, but the request has credentials"
            ),
            Reason::AllowCredentials { value: Some(value) } => write!(
                f,
                "{response} has `Access-Control-Allow-Credentials: {value}`, but only `true` in lower case counts"
            ),
            Reason::PreflightStatus { status } if status.is_redirection() => {
                write!(f, "the preflight was redirected (status {}), which is not allowed", status.as_u16())
            }
            Reason::PreflightStatus { status } => write!(
                f,
                "the preflight response has status {}, which is not a success status (200 to 299)",
                status.as_u16()
            ),
            Reason::MalformedList { name, value } => {
                write!(f, "the preflight response has `{name}: {value}`, which is not a list of names")
            }
            Reason::MethodNotAllowed { method, wildcard } => {
                write!(f, "the preflight response does not allow the method `{method}`")?;
                f.write_str(if *wildcard { WILDCARD_WITH_CREDENTIALS } else { "" })
            }
            Reason::HeaderNotAllowed { name, wildcard } => {
                write!(f, "the preflight response does not allow the header `{name}`")?;
                f.write_str(match (wildcard, refusal.credentialed) {
                    (true, true) => WILDCARD_WITH_CREDENTIALS,
                    (true, false) => ": `*` does not cover it",
                    (false, _) => "",
                })
            }
            Reason::RedirectMode => write!(
                f,
                "the server redirected the request (status {status}), but its redirect mode is \"error\""
            ),
            Reason::TooManyRedirects => f.write_str("the request was redirected more than 20 times"),
            Reason::RedirectLocation { value } => {
                write!(f, "the request was redirected to `{value}`, which is not a valid URL")
            }
            Reason::RedirectScheme { scheme } => {
                write!(f, "the request was redirected to a `{scheme}:` URL, which no page can fetch")
            }
            Reason::RedirectCredentials => f.write_str(
                "the request was redirected across origins to a URL with a user name or a password",
            ),
        }
    }
}

const WILDCARD_WITH_CREDENTIALS: &str = ": `*` does not count for a request with credentials";

#[cfg(test)]
mod tests {
    use http::{HeaderName, StatusCode};

    use super::super::sample::{ORIGIN, refusal};
    use super::*;

    fn console(refusal: &Refusal) -> String {
        Console(refusal).to_string()
    }

    #[test]
    fn each_reason_says_what_is_wrong() {
        let value = str::to_owned;
        let method = |wildcard| Reason::MethodNotAllowed { method: http::Method::PUT, wildcard };
        let header =
            |name, wildcard| Reason::HeaderNotAllowed { name: HeaderName::from_static(name), wildcard };
        let status = |code| Reason::PreflightStatus { status: StatusCode::from_u16(code).unwrap() };
        let cases = [
            (
                Reason::AllowOriginMissing,
                "the preflight response (status 204) has no `Access-Control-Allow-Origin` header",
            ),
            (
                Reason::AllowOriginMismatch { value: value("https://b.example") },
                "the preflight response has `Access-Control-Allow-Origin: https://b.example`, but the request has \
                 `Origin: https://a.example`",
            ),
            (
                Reason::AllowOriginWildcard,
                "the preflight response has `Access-Control-Allow-Origin: *`, which does not allow a request with \
                 credentials",
            ),
            (
                Reason::AllowCredentials { value: None },
                "the preflight response has no `Access-Control-Allow-Credentials: true`, but the request has \
                 credentials",
            ),
            (
                Reason::AllowCredentials { value: Some(value("True")) },
                "the preflight response has `Access-Control-Allow-Credentials: True`, but only `true` in lower case \
                 counts",
            ),
            (status(307), "the preflight was redirected (status 307), which is not allowed"),
            (
                status(401),
                "the preflight response has status 401, which is not a success status (200 to 299)",
            ),
            (
                Reason::MalformedList {
                    name: HeaderName::from_static("access-control-allow-methods"),
                    value: value("PUT DELETE"),
                },
                "the preflight response has `access-control-allow-methods: PUT DELETE`, which is not a list of names",
            ),
            (method(false), "the preflight response does not allow the method `PUT`"),
            (
                method(true),
                "the preflight response does not allow the method `PUT`: `*` does not count for a request with \
                 credentials",
            ),
            (header("x-a", false), "the preflight response does not allow the header `x-a`"),
            (
                header("authorization", true),
                "the preflight response does not allow the header `authorization`: `*` does not cover it",
            ),
            (
                Reason::RedirectMode,
                "the server redirected the request (status 204), but its redirect mode is \"error\"",
            ),
            (Reason::TooManyRedirects, "the request was redirected more than 20 times"),
            (
                Reason::RedirectLocation { value: value("https://") },
                "the request was redirected to `https://`, which is not a valid URL",
            ),
            (
                Reason::RedirectScheme { scheme: value("data") },
                "the request was redirected to a `data:` URL, which no page can fetch",
            ),
            (
                Reason::RedirectCredentials,
                "the request was redirected across origins to a URL with a user name or a password",
            ),
        ];
        for (reason, expected) in cases {
            assert_eq!(console(&refusal(reason)), expected);
        }
    }

    #[test]
    fn a_wildcard_does_not_count_with_credentials() {
        let reason = Reason::HeaderNotAllowed { name: HeaderName::from_static("x-a"), wildcard: true };
        assert_eq!(
            console(&Refusal { credentialed: true, ..refusal(reason) }),
            "the preflight response does not allow the header `x-a`: `*` does not count for a request with credentials"
        );
    }

    #[test]
    fn the_response_to_the_request_is_told_from_that_to_the_preflight() {
        let actual =
            Refusal { stage: Stage::Actual, status: StatusCode::OK, ..refusal(Reason::AllowOriginMissing) };
        assert_eq!(console(&actual), "the response (status 200) has no `Access-Control-Allow-Origin` header");
    }

    #[test]
    fn the_message_names_the_request_the_page_and_the_origin_after_redirects() {
        let direct = refusal(Reason::TooManyRedirects);
        assert_eq!(
            Blocked::new(direct.clone()).to_string(),
            "PUT https://api.example.com/x, from a page at `https://a.example`, was blocked: the request was \
             redirected more than 20 times. Look for a redirect loop on the server."
        );
        let redirected = Refusal { origin: "null".to_owned(), ..direct };
        let message = Blocked::new(redirected).to_string();
        let start = format!(
            "PUT https://api.example.com/x, from a page at `{ORIGIN}` with `Origin: null` after redirects, was blocked: "
        );
        assert!(message.starts_with(&start), "{message}");
    }
}
