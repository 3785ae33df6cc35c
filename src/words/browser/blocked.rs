//! What a browser's console says of a refusal.

use std::fmt;

use super::advice::Advice;
use crate::browser::{Blocked, Reason, Refusal, Stage};

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusal = self.refusal();
        let Refusal { method, url, page, origin, .. } = refusal;
        write!(f, "{method} {url}, from a page of `{page}`")?;
        if origin != page {
            write!(f, " and with `Origin: {origin}` after redirects")?;
        }
        f.write_str(", was blocked: ")?;
        write!(f, "{}. {}.", Console(refusal), Advice(refusal))
    }
}

/// What is wrong with the response.
struct Console<'a>(&'a Refusal);

impl fmt::Display for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(refusal) = self;
        let subject = match refusal.stage {
            Stage::Preflight => "the answer to its preflight",
            Stage::Actual => "the response",
        };
        match &refusal.reason {
            Reason::AllowOriginMissing => {
                write!(
                    f,
                    "{subject}, with status {}, has no `Access-Control-Allow-Origin`",
                    refusal.status.as_u16()
                )
            }
            Reason::AllowOriginMismatch { value } => {
                write!(f, "{subject} has `Access-Control-Allow-Origin: {value}`, which is not this origin")
            }
            Reason::AllowOriginWildcard => {
                write!(f, "{subject} has `Access-Control-Allow-Origin: *`, which does not allow credentials")
            }
            Reason::AllowCredentials { value: None } => {
                write!(
                    f,
                    "{subject} has no `Access-Control-Allow-Credentials`, and the request has credentials"
                )
            }
            Reason::AllowCredentials { value: Some(value) } => {
                write!(f, "{subject} has `Access-Control-Allow-Credentials: {value}`, which is not `true`")
            }
            Reason::PreflightStatus { status } if status.is_redirection() => {
                write!(f, "its preflight was redirected (status {}), which is not allowed", status.as_u16())
            }
            Reason::PreflightStatus { status } => {
                write!(f, "its preflight was answered with status {}, which is no success", status.as_u16())
            }
            Reason::MalformedList { name, value } => {
                write!(f, "its preflight has `{name}: {value}`, which is no list of names")
            }
            Reason::MethodNotAllowed { wildcard: true, .. } => f.write_str(
                "its preflight allows `*`, which is no wildcard for methods of requests with credentials",
            ),
            Reason::MethodNotAllowed { .. } => f.write_str("its preflight allows other methods only"),
            Reason::HeaderNotAllowed { name, wildcard: true } => {
                let covered =
                    if refusal.credentialed { "requests with credentials" } else { "`authorization`" };
                write!(
                    f,
                    "its preflight does not allow the header `{name}`: `*` is no wildcard for {covered}"
                )
            }
            Reason::HeaderNotAllowed { name, .. } => {
                write!(f, "its preflight does not allow the header `{name}`")
            }
            Reason::RedirectMode => {
                write!(
                    f,
                    "the server redirected it (status {}), and its redirect mode is \"error\"",
                    refusal.status.as_u16()
                )
            }
            Reason::TooManyRedirects => f.write_str("it was redirected more than 20 times"),
            Reason::RedirectLocation { value } => {
                write!(f, "it was redirected to `{value}`, which is no URL")
            }
            Reason::RedirectScheme { scheme } => {
                write!(f, "it was redirected to a `{scheme}:` URL, which no script can fetch")
            }
            Reason::RedirectCredentials => {
                f.write_str("it was redirected to a URL with a user name or a password, across origins")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, Method, StatusCode};

    use super::*;
    use crate::browser::Preflight;

    fn context(reason: Reason) -> Refusal {
        Refusal {
            method: Method::PUT,
            url: "https://api.example.com/x".to_owned(),
            page: "https://a.example".to_owned(),
            origin: "https://a.example".to_owned(),
            credentialed: false,
            stage: Stage::Preflight,
            preflight: Preflight::Sent,
            status: StatusCode::NO_CONTENT,
            reason,
        }
    }

    fn text(context: Refusal) -> String {
        let text = Blocked::new(context).to_string();
        let intro = "PUT https://api.example.com/x, from a page of `https://a.example`, was blocked: ";
        text.strip_prefix(intro).unwrap_or(&text).to_owned()
    }

    #[test]
    fn each_refusal_says_what_is_wrong_and_what_to_change() {
        let mismatch = |value: &str| Reason::AllowOriginMismatch { value: value.to_owned() };
        let header =
            |name, wildcard| Reason::HeaderNotAllowed { name: HeaderName::from_static(name), wildcard };
        let method = |name: &str| Reason::MethodNotAllowed { method: name.parse().unwrap(), wildcard: false };
        let status = |status| Reason::PreflightStatus { status };
        let cases = [
            (
                Reason::AllowOriginMissing,
                "the answer to its preflight, with status 204, has no `Access-Control-Allow-Origin`. Add \
                 `https://a.example` to the allowed origins, or put the CORS layer in front of this route.",
            ),
            (
                mismatch("https://b.example"),
                "the answer to its preflight has `Access-Control-Allow-Origin: https://b.example`, which is not \
                 this origin. Add `https://a.example` to the allowed origins, and answer each origin with itself \
                 (with `Vary: Origin`, or a cache mixes them up).",
            ),
            (
                mismatch("https://a.example, *"),
                "the answer to its preflight has `Access-Control-Allow-Origin: https://a.example, *`, which is \
                 not this origin. Two layers, or a layer and the service, set it: let one of them do so.",
            ),
            (
                mismatch("https://a.example/"),
                "the answer to its preflight has `Access-Control-Allow-Origin: https://a.example/`, which is not this \
                 origin. An origin ends without a slash: answer `https://a.example`.",
            ),
            (
                Reason::AllowOriginWildcard,
                "the answer to its preflight has `Access-Control-Allow-Origin: *`, which does not allow \
                 credentials. List `https://a.example` among the allowed origins instead, or send the request \
                 without credentials.",
            ),
            (
                Reason::AllowCredentials { value: Some("True".to_owned()) },
                "the answer to its preflight has `Access-Control-Allow-Credentials: True`, which is not `true`. Allow \
                 credentials (`Access-Control-Allow-Credentials: true`), in preflights too.",
            ),
            (
                status(StatusCode::UNAUTHORIZED),
                "its preflight was answered with status 401, which is no success. Preflights come without credentials: \
                 answer `OPTIONS` in the CORS layer, in front of authentication and the router.",
            ),
            (
                status(StatusCode::PERMANENT_REDIRECT),
                "its preflight was redirected (status 308), which is not allowed. Answer `OPTIONS` in the CORS layer, \
                 before anything redirects (to `https`, to a slash, to a login).",
            ),
            (
                method("DELETE"),
                "its preflight allows other methods only. Add `DELETE` to the allowed methods \
                 (`Access-Control-Allow-Methods`).",
            ),
            (
                method("patch"),
                "its preflight allows other methods only. Browsers send `patch` as it is, and methods are \
                 case-sensitive: have the page send `PATCH`.",
            ),
            (
                header("x-a", false),
                "its preflight does not allow the header `x-a`. Add `x-a` to the allowed headers \
                 (`Access-Control-Allow-Headers`).",
            ),
            (
                header("authorization", true),
                "its preflight does not allow the header `authorization`: `*` is no wildcard for `authorization`. Add \
                 `authorization` to the allowed headers (`Access-Control-Allow-Headers`).",
            ),
            (Reason::TooManyRedirects, "it was redirected more than 20 times. Look for a loop."),
        ];
        for (reason, expected) in cases {
            assert_eq!(text(context(reason)), expected);
        }
    }

    #[test]
    fn a_missing_header_on_an_error_hints_at_the_order_of_layers() {
        let unauthorized =
            Refusal { status: StatusCode::UNAUTHORIZED, ..context(Reason::AllowOriginMissing) };
        assert!(text(unauthorized).ends_with("make the layer the outermost one."));
    }

    #[test]
    fn a_null_origin_has_remedies_of_its_own() {
        let null = "null".to_owned();
        let opaque =
            Refusal { page: null.clone(), origin: null.clone(), ..context(Reason::AllowOriginMissing) };
        assert!(text(opaque).contains("serve it from an origin of its own"));
        let tainted = text(Refusal { origin: null, ..context(Reason::AllowOriginMissing) });
        assert!(tainted.starts_with(
            "PUT https://api.example.com/x, from a page of `https://a.example` and with `Origin: null` after redirects"
        ));
        assert!(tainted.contains("redirect from one foreign origin to another"));
    }
}
