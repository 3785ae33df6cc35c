//! Methods: safelisted, forbidden, normalized (Fetch, "Methods").

use http::Method;

/// Fetch, "CORS-safelisted method".
pub(in crate::browser) fn is_safelisted(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

/// Fetch, "forbidden method".
pub(in crate::browser) fn is_forbidden(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| forbidden.eq_ignore_ascii_case(method))
}

/// Fetch, "normalize" a method. Six methods are converted to upper case; all others, even `patch`, stay as they are.
pub(in crate::browser) fn normalize(method: &Method) -> Method {
    [Method::DELETE, Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT]
        .into_iter()
        .find(|known| known.as_str().eq_ignore_ascii_case(method.as_str()))
        .unwrap_or_else(|| method.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(name: &str) -> Method {
        Method::from_bytes(name.as_bytes()).unwrap()
    }

    #[test]
    fn six_methods_are_made_upper_case() {
        for (given, sent) in [
            ("get", "GET"),
            ("Head", "HEAD"),
            ("pOsT", "POST"),
            ("put", "PUT"),
            ("delete", "DELETE"),
            ("options", "OPTIONS"),
            ("patch", "patch"),
            ("PATCH", "PATCH"),
            ("query", "query"),
            ("chicken", "chicken"),
        ] {
            assert_eq!(normalize(&method(given)).as_str(), sent);
        }
    }

    #[test]
    fn three_methods_are_safelisted_in_upper_case_only() {
        let safelisted = ["GET", "HEAD", "POST"];
        for name in ["GET", "HEAD", "POST", "get", "PUT", "PATCH", "OPTIONS", "DELETE", "QUERY"] {
            assert_eq!(is_safelisted(&method(name)), safelisted.contains(&name), "{name}");
        }
    }

    #[test]
    fn three_methods_are_forbidden_in_any_case() {
        for (name, forbidden) in
            [("CONNECT", true), ("trace", true), ("Track", true), ("TRACER", false), ("GET", false)]
        {
            assert_eq!(is_forbidden(name), forbidden, "{name}");
        }
    }
}
