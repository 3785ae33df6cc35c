//! What to change after a refusal: on the server, or in the page.
//!
//! A refusal may be right. So no advice says to allow an origin unless the page is the reader's, and the page itself must
//! change what only the page can get wrong.

use std::fmt;

use http::Method;

use crate::browser::{Reason, Refusal};

/// What to change.
pub(super) struct Advice<'a>(pub(super) &'a Refusal);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(refusal) = self;
        let origin = refusal.origin.as_str();
        match &refusal.reason {
            Reason::AllowOriginMissing | Reason::AllowOriginMismatch { .. } if origin == "null" => {
                f.write_str(for_null(refusal))
            }
            Reason::AllowOriginWildcard | Reason::AllowCredentials { .. } if origin == "null" => f.write_str(
                "Send the request without credentials: no server should allow them to `null`, which any site can send",
            ),
            Reason::AllowOriginMissing => {
                allow(f, origin)?;
                f.write_str(if refusal.status.is_success() {
                    ". If it is already there, put the CORS layer in front of this route"
                } else {
                    ". If it is already there, something in front of the CORS layer answered (authentication, a limit, \
                     the router): make the layer the outermost one"
                })
            }
            Reason::AllowOriginMismatch { value } if value.contains(',') => f.write_str(
                "Send one origin. If two layers, or a layer and the service, both set the header, let only one of them \
                 do so",
            ),
            Reason::AllowOriginMismatch { value } if value.trim_end_matches('/') == origin => {
                write!(f, "Remove the slash at the end: the server must answer with `{origin}`")
            }
            Reason::AllowOriginMismatch { .. } => {
                allow(f, origin)?;
                f.write_str(
                    ". The server must answer each origin with that origin, and with `Vary: Origin`, or caches mix up \
                     the responses",
                )
            }
            Reason::AllowOriginWildcard => write!(
                f,
                "Send the request without credentials. If this page is yours and needs them, list `{origin}` on the \
                 server in place of `*`"
            ),
            Reason::AllowCredentials { .. } => f.write_str(
                "If the page needs its visitors' cookies, allow credentials on the server \
                 (`Access-Control-Allow-Credentials: true`), for preflights too. If not, send the request without \
                 credentials",
            ),
            Reason::PreflightStatus { status } if status.is_redirection() => f.write_str(
                "Answer `OPTIONS` in the CORS layer, before anything redirects it (to `https:`, to a path with a \
                 slash, to a login page)",
            ),
            Reason::PreflightStatus { .. } => f.write_str(
                "Preflights have no credentials: answer `OPTIONS` in the CORS layer, in front of authentication and the \
                 router",
            ),
            Reason::MalformedList { name, .. } => {
                write!(f, "Separate the names in `{name}` with commas, and remove everything else")
            }
            Reason::MethodNotAllowed { method, .. } if is_misspelled_patch(method) => write!(
                f,
                "Methods are case-sensitive, and browsers send `{method}` as it is: change the page's method to `PATCH`"
            ),
            Reason::MethodNotAllowed { method, wildcard } => {
                write!(f, "If the page means `{method}`, {}", add(*wildcard))?;
                f.write_str(" to the methods that the server allows (`Access-Control-Allow-Methods`)")
            }
            // The other names with this prefix are forbidden, and never in a preflight.
            Reason::HeaderNotAllowed { name, .. } if name.as_str().starts_with("access-control-") => {
                write!(f, "Remove `{name}` from the page's request: it is a header for responses")
            }
            Reason::HeaderNotAllowed { name, wildcard } => {
                write!(f, "If the page needs `{name}`, {}", add(*wildcard))?;
                f.write_str(
                    " to the request headers that the server allows (`Access-Control-Allow-Headers`). If not, remove it \
                     from the page's request",
                )
            }
            Reason::RedirectMode => f.write_str("Change the page to request the URL that the redirect leads to"),
            Reason::TooManyRedirects => f.write_str("Look for a redirect loop on the server"),
            Reason::RedirectLocation { .. } => f.write_str("Send one `Location` header, with a valid URL"),
            Reason::RedirectScheme { .. } => f.write_str("Redirect to an `https:` URL"),
            Reason::RedirectCredentials => f.write_str("Remove the user name and the password from `Location`"),
        }
    }
}

fn allow(f: &mut fmt::Formatter<'_>, origin: &str) -> fmt::Result {
    write!(f, "If this page is yours, add `{origin}` to the origins that the server allows")
}

/// Beside a `*` that does not cover a name, "add it" alone would not say enough.
fn add(beside_wildcard: bool) -> &'static str {
    if beside_wildcard { "add it by name" } else { "add it" }
}

fn is_misspelled_patch(method: &Method) -> bool {
    *method != Method::PATCH && method.as_str().eq_ignore_ascii_case("PATCH")
}

/// The advice where the origin is `null`, which no server should allow.
fn for_null(refusal: &Refusal) -> &'static str {
    if refusal.page == "null" {
        "Do not allow `null`: any site can send it, from a sandboxed frame. If this page is yours, serve it from an origin \
         of its own"
    } else {
        "A redirect between two other origins changed the origin to `null`, which no server should allow: change the page \
         to request the URL that the redirect leads to"
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, StatusCode};

    use super::super::sample::refusal;
    use super::*;

    fn advice(refusal: &Refusal) -> String {
        Advice(refusal).to_string()
    }

    #[test]
    fn each_reason_says_what_to_change() {
        let mismatch = |value: &str| Reason::AllowOriginMismatch { value: value.to_owned() };
        let method =
            |name: &str, wildcard| Reason::MethodNotAllowed { method: name.parse().unwrap(), wildcard };
        let header =
            |name, wildcard| Reason::HeaderNotAllowed { name: HeaderName::from_static(name), wildcard };
        let status = |code| Reason::PreflightStatus { status: StatusCode::from_u16(code).unwrap() };
        let cases = [
            (
                Reason::AllowOriginMissing,
                "If this page is yours, add `https://a.example` to the origins that the server allows. If it is \
                 already there, put the CORS layer in front of this route",
            ),
            (
                mismatch("https://b.example"),
                "If this page is yours, add `https://a.example` to the origins that the server allows. The server must \
                 answer each origin with that origin, and with `Vary: Origin`, or caches mix up the responses",
            ),
            (
                mismatch("https://a.example, *"),
                "Send one origin. If two layers, or a layer and the service, both set the header, let only one of them \
                 do so",
            ),
            (
                mismatch("https://a.example/"),
                "Remove the slash at the end: the server must answer with `https://a.example`",
            ),
            (
                Reason::AllowOriginWildcard,
                "Send the request without credentials. If this page is yours and needs them, list \
                 `https://a.example` on the server in place of `*`",
            ),
            (
                Reason::AllowCredentials { value: None },
                "If the page needs its visitors' cookies, allow credentials on the server \
                 (`Access-Control-Allow-Credentials: true`), for preflights too. If not, send the request without \
                 credentials",
            ),
            (
                status(308),
                "Answer `OPTIONS` in the CORS layer, before anything redirects it (to `https:`, to a path with a \
                 slash, to a login page)",
            ),
            (
                status(401),
                "Preflights have no credentials: answer `OPTIONS` in the CORS layer, in front of authentication and \
                 the router",
            ),
            (
                Reason::MalformedList {
                    name: HeaderName::from_static("access-control-allow-methods"),
                    value: String::new(),
                },
                "Separate the names in `access-control-allow-methods` with commas, and remove everything else",
            ),
            (
                method("PUT", false),
                "If the page means `PUT`, add it to the methods that the server allows \
                 (`Access-Control-Allow-Methods`)",
            ),
            (
                method("PATCH", true),
                "If the page means `PATCH`, add it by name to the methods that the server allows \
                 (`Access-Control-Allow-Methods`)",
            ),
            (
                method("patch", false),
                "Methods are case-sensitive, and browsers send `patch` as it is: change the page's method to `PATCH`",
            ),
            (
                header("x-a", false),
                "If the page needs `x-a`, add it to the request headers that the server allows \
                 (`Access-Control-Allow-Headers`). If not, remove it from the page's request",
            ),
            (
                header("authorization", true),
                "If the page needs `authorization`, add it by name to the request headers that the server allows \
                 (`Access-Control-Allow-Headers`). If not, remove it from the page's request",
            ),
            (
                header("access-control-allow-origin", false),
                "Remove `access-control-allow-origin` from the page's request: it is a header for responses",
            ),
            (Reason::RedirectMode, "Change the page to request the URL that the redirect leads to"),
            (Reason::TooManyRedirects, "Look for a redirect loop on the server"),
            (
                Reason::RedirectLocation { value: String::new() },
                "Send one `Location` header, with a valid URL",
            ),
            (Reason::RedirectScheme { scheme: String::new() }, "Redirect to an `https:` URL"),
            (Reason::RedirectCredentials, "Remove the user name and the password from `Location`"),
        ];
        for (reason, expected) in cases {
            assert_eq!(advice(&refusal(reason)), expected);
        }
    }

    #[test]
    fn a_missing_header_on_an_error_hints_at_the_order_of_layers() {
        let unauthorized =
            Refusal { status: StatusCode::UNAUTHORIZED, ..refusal(Reason::AllowOriginMissing) };
        assert_eq!(
            advice(&unauthorized),
            "If this page is yours, add `https://a.example` to the origins that the server allows. If it is already \
             there, something in front of the CORS layer answered (authentication, a limit, the router): make the layer \
             the outermost one"
        );
    }

    #[test]
    fn nobody_is_told_to_allow_null() {
        let null = || "null".to_owned();
        let mismatch = || Reason::AllowOriginMismatch { value: "https://a.example".to_owned() };
        for reason in [Reason::AllowOriginMissing, mismatch()] {
            let sandboxed = Refusal { page: null(), origin: null(), ..refusal(reason.clone()) };
            assert_eq!(
                advice(&sandboxed),
                "Do not allow `null`: any site can send it, from a sandboxed frame. If this page is yours, serve it \
                 from an origin of its own"
            );
            let redirected = Refusal { origin: null(), ..refusal(reason) };
            assert_eq!(
                advice(&redirected),
                "A redirect between two other origins changed the origin to `null`, which no server should allow: \
                 change the page to request the URL that the redirect leads to"
            );
        }
        for reason in [Reason::AllowOriginWildcard, Reason::AllowCredentials { value: None }] {
            assert_eq!(
                advice(&Refusal { origin: null(), ..refusal(reason) }),
                "Send the request without credentials: no server should allow them to `null`, which any site can send"
            );
        }
    }
}
