//! What the upstream learns about the client, and the client about the upstream.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::header::{self, HeaderName};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Other headers that upstreams believe.
const OTHERS: [HeaderName; 4] = [
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-forwarded-prefix"),
    HeaderName::from_static("x-forwarded-server"),
    HeaderName::from_static("x-real-ip"),
];

/// The host that the client called: the target's if it has one, otherwise the single `Host`. RFC 9112, section 3.2, requires
/// 400 if `Host` is missing or sent more than once.
pub(super) fn host(request: &Request<Body>) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host: Authority = hosts.next()?.to_str().ok()?.parse().ok()?;
    let host = request.uri().authority().unwrap_or(&host);
    (hosts.next().is_none() && !host.as_str().contains(['@', '"', '\\'])).then(|| host.clone())
}

/// Says who called, which host, and through which proxy: RFC 7239 and its older `X-` forms, and `Via`.
///
/// Clients connect directly to this gateway, so it replaces what they say about themselves. Behind another proxy, keep that
/// proxy's values and add to them, above all its `proto`, because TLS ends there.
pub(super) fn introduce(headers: &mut HeaderMap, client: IpAddr, host: &Authority) {
    for name in OTHERS {
        headers.remove(name);
    }
    let client = client.to_canonical();
    let node = if client.is_ipv6() { format!("\"[{client}]\"") } else { client.to_string() };
    let mut set = |name, value: String| {
        headers.insert(name, HeaderValue::from_str(&value).expect("addresses and hosts are visible ASCII"));
    };
    set(header::FORWARDED, format!("for={node};host=\"{host}\";proto=http"));
    set(X_FORWARDED_FOR, client.to_string());
    set(X_FORWARDED_HOST, host.to_string());
    set(X_FORWARDED_PROTO, "http".to_owned());
    // Added to what is there: RFC 9110, section 7.6.3.
    headers.append(header::VIA, HeaderValue::from_static("1.1 gateway"));
}

/// A redirect to the upstream's own name leads to the gateway instead. A page that followed it to the upstream would leave
/// its origin, or the policy.
pub(super) fn redirect_here(headers: &mut HeaderMap, upstream: &Authority) {
    let Some(location) = headers.get(header::LOCATION).and_then(|location| location.to_str().ok()) else {
        return;
    };
    let rest = location.strip_prefix("http://").and_then(|rest| rest.strip_prefix(upstream.as_str()));
    let path = match rest {
        Some("") => "/",
        // Not `//`, which would name another host.
        Some(path) if path.starts_with('/') && !path.starts_with("//") => path,
        _ => return,
    };
    let path = HeaderValue::from_str(path).expect("a part of a header's value is one");
    headers.insert(header::LOCATION, path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_its_family_asks() {
        for (client, node, plain) in [
            ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
            ("2001:db8::1", "\"[2001:db8::1]\"", "2001:db8::1"),
            // A socket for both families shows IPv4 addresses in this form.
            ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ] {
            let mut headers = HeaderMap::new();
            introduce(
                &mut headers,
                client.parse().expect("an address"),
                &Authority::from_static("[::1]:3010"),
            );
            assert_eq!(headers[header::FORWARDED], format!("for={node};host=\"[::1]:3010\";proto=http"));
            assert_eq!(headers[X_FORWARDED_FOR], plain);
            assert_eq!(headers[X_FORWARDED_HOST], "[::1]:3010");
        }
    }
}
