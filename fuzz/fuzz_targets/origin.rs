//! Trust boundary: the bytes of an `Origin` header.

#![no_main]

use std::sync::LazyLock;

use http::{HeaderValue, Request, header::ORIGIN};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, Origin};
use tower_cors_fuzz::{message, reason, without_final_newline};
use url::Url;

/// The schemes that the URL standard knows ports and tuple origins of.
const SPECIAL_SCHEMES: [&str; 5] = ["http", "https", "ws", "wss", "ftp"];

/// Allows whatever is a serialized origin.
static WELL_FORMED: LazyLock<CorsPolicy> =
    LazyLock::new(|| CorsPolicy::builder().allow_origin_if(|_, _| true).build().expect("a policy"));

fuzz_target!(|data: &[u8]| {
    let bytes = without_final_newline(data);
    let origin = std::str::from_utf8(bytes).ok().map(Origin::parse);

    if let Ok(value) = HeaderValue::from_bytes(bytes) {
        let mut request = Request::new(());
        request.headers_mut().insert(ORIGIN, value);
        let is_allowed = WELL_FORMED.decide(&request).denial().is_none();
        assert_eq!(
            is_allowed,
            matches!(origin, Some(Ok(_))),
            "a request's origin is what `Origin::parse` takes"
        );
    }
    match origin {
        Some(Ok(origin)) => {
            assert_parts_make_up_the_text(&origin);
            assert_a_browser_writes_it_so(&origin);
        }
        Some(Err(problem)) => {
            let text = std::str::from_utf8(bytes).expect("it was parsed");
            message::assert_is_fit_for_a_log(&problem);
            reason::assert_is_true(text, problem);
            assert!(
                !is_serialized_by_url(text) || is_refused_on_purpose(text),
                "{text} is refused: {problem}"
            );
        }
        None => {}
    }
});

fn assert_parts_make_up_the_text(origin: &Origin<'_>) {
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let parts = format!("{}://{}{port}", origin.scheme(), origin.host());
    assert_eq!(parts, origin.as_str());
    assert_eq!(origin.to_string(), origin.as_str());
}

/// Nothing is accepted but what the URL standard's own parser serializes to the very same text.
///
/// One exception: `xn--` labels that are no Punycode. It takes the tables of IDNA to find them, and no browser sends them.
fn assert_a_browser_writes_it_so(origin: &Origin<'_>) {
    let text = origin.as_str();
    if origin.host().split('.').any(|label| label.starts_with("xn--")) {
        return;
    }
    if SPECIAL_SCHEMES.contains(&origin.scheme()) {
        assert!(is_serialized_by_url(text), "{text}");
    } else {
        // Their origins are opaque to the standard; browsers write scheme, host and port of the URL.
        assert_eq!(Url::parse(text).map(String::from).as_deref(), Ok(text));
    }
}

fn is_serialized_by_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

/// Where ours is stricter than the URL standard, which leaves lengths and most ASCII to DNS.
fn is_refused_on_purpose(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, authority)| authority);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_too_long = name.len() > 253 || name.split('.').any(|label| label.len() > 63);
    let has_an_empty_label = name.split('.').any(str::is_empty);
    let has_another_byte = name.contains(|char: char| !char.is_ascii_alphanumeric() && !"-_.".contains(char));
    // `http://example.com:0` is a URL, but nothing can listen there.
    is_too_long || has_an_empty_label || has_another_byte || authority.ends_with(":0")
}
