//! Methods: tokens, CORS-safelisted methods and forbidden methods.

/// Fetch, [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method): they pass every preflight.
pub(crate) const SAFELISTED: [&str; 3] = ["GET", "HEAD", "POST"];

/// Fetch, [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method): no script can send them, in any case.
const FORBIDDEN: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// The methods that are meant in any case. Fetch normalizes only the first six
/// ([normalize](https://fetch.spec.whatwg.org/#concept-method-normalize)): a page that uses `patch` sends `patch`.
const WELL_KNOWN: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "QUERY"];

/// The other methods that IANA registers. A page that uses one of them made no typo.
const REGISTERED: &[&str] = &[
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PROPFIND",
    "PROPPATCH",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];

/// How many bytes of a requested method are read if no list names it. The longest registered one has 17.
pub(crate) const MAX_REQUESTED_BYTES: usize = 64;

/// Why a configured method is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MethodProblem {
    /// It is empty, or contains a byte that is not allowed in a method: RFC 9110, section 5.6.2, `token`.
    NotAToken,
    /// It is `CONNECT`, `TRACE` or `TRACK`, in any case.
    Forbidden,
    /// It is a well-known method in the wrong case. Methods are case-sensitive: RFC 9110, section 9.1.
    WrongCase,
    /// It contains a `*` beside other characters.
    Wildcard,
}

impl MethodProblem {
    /// A stable name, for programs.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::NotAToken => "method-not-a-token",
            Self::Forbidden => "method-forbidden",
            Self::WrongCase => "method-wrong-case",
            Self::Wildcard => "method-wildcard",
        }
    }
}

/// Checks a configured method.
pub(crate) fn check(text: &str) -> Result<(), MethodProblem> {
    if text.contains('*') {
        // `*` is a token byte, but a browser takes a lone `*` alone for a wildcard, and `P*` for a method called `P*`.
        return Err(MethodProblem::Wildcard);
    }
    if !is_token(text.as_bytes()) {
        Err(MethodProblem::NotAToken)
    } else if is_forbidden(text.as_bytes()) {
        Err(MethodProblem::Forbidden)
    } else if well_known(text).is_some_and(|known| known != text) {
        Err(MethodProblem::WrongCase)
    } else {
        Ok(())
    }
}

/// The well-known method with this name, in any case.
pub(crate) fn well_known(method: &str) -> Option<&'static str> {
    WELL_KNOWN.iter().copied().find(|known| known.eq_ignore_ascii_case(method))
}

/// Whether a method with exactly this name is registered or well known.
pub(crate) fn is_registered(method: &str) -> bool {
    registered().any(|registered| registered == method)
}

/// The well-known and the registered methods, the most common first.
pub(crate) fn registered() -> impl Iterator<Item = &'static str> {
    WELL_KNOWN.iter().chain(REGISTERED).copied()
}

pub(crate) fn is_safelisted(method: &[u8]) -> bool {
    SAFELISTED.iter().any(|safelisted| safelisted.as_bytes() == method)
}

pub(crate) fn is_forbidden(method: &[u8]) -> bool {
    FORBIDDEN.iter().any(|forbidden| forbidden.as_bytes().eq_ignore_ascii_case(method))
}

/// RFC 9110, section 5.6.2: `token = 1*tchar`. Methods and field names are tokens.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    // No early exit: it would help only with short tokens, as a long hostile value is made to be read to its end.
    !bytes.is_empty() && bytes.iter().fold(true, |all, byte| all & TCHAR[usize::from(*byte)])
}

/// RFC 9110, section 5.6.2: which bytes are `tchar`.
const TCHAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn configured_methods_are_checked() {
        let cases = [
            ("PUT", Ok(())),
            ("GET", Ok(())),
            ("PROPFIND", Ok(())),
            ("custom", Ok(())),
            ("M-SEARCH", Ok(())),
            ("", Err(MethodProblem::NotAToken)),
            ("PUT,DELETE", Err(MethodProblem::NotAToken)),
            ("PUT ", Err(MethodProblem::NotAToken)),
            ("PÜT", Err(MethodProblem::NotAToken)),
            ("TRACE", Err(MethodProblem::Forbidden)),
            ("connect", Err(MethodProblem::Forbidden)),
            ("Track", Err(MethodProblem::Forbidden)),
            ("patch", Err(MethodProblem::WrongCase)),
            ("Put", Err(MethodProblem::WrongCase)),
            ("P*", Err(MethodProblem::Wildcard)),
        ];
        for (method, expected) in cases {
            assert_eq!(check(method), expected, "{method:?}");
        }
    }

    #[test]
    fn token_bytes_are_those_that_http_accepts_in_a_method() {
        for byte in 0..=u8::MAX {
            // The method type of `http` checks the same rule, independently.
            assert_eq!(is_token(&[byte]), Method::from_bytes(&[byte]).is_ok(), "{byte:#x}");
        }
        assert!(!is_token(b""));
    }
}
