//! Trust boundary: the bytes of an `Origin` header.

#![no_main]

use std::sync::LazyLock;

use http::{HeaderValue, Request, header::ORIGIN};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, Origin};
use tower_cors_fuzz::{message, reason, url_crate, without_final_newline};

/// Allows every valid origin.
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
            "a request's origin is what `Origin::parse` accepts"
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
            reason::assert_is_true(text, &problem);
            assert!(
                url_crate::origin_of(text).as_deref() != Some(text) || url_crate::is_refused_on_purpose(text),
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

/// Only text that the URL standard's own parser serializes to the same text is accepted.
///
/// One exception: `xn--` labels that are not Punycode, or not of a name. Requests are not checked for them, because no
/// browser sends them.
fn assert_a_browser_writes_it_so(origin: &Origin<'_>) {
    if origin.host().split('.').any(|label| label.starts_with("xn--")) {
        return;
    }
    assert_eq!(url_crate::origin_of(origin.as_str()).as_deref(), Some(origin.as_str()));
}
