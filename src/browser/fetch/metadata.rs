//! Fetch Metadata: the `Sec-Fetch-*` headers, which tell a server where a request comes from.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::in_flight::InFlight;

/// Fetch Metadata, "set the Fetch metadata headers for a request". A preflight has the same ones as its request.
pub(super) fn append(headers: &mut HeaderMap, request: &InFlight) {
    // Step 1.
    if !request.current_url().is_potentially_trustworthy() {
        return;
    }
    // Steps 2 to 4. `fetch()` has no destination.
    for (name, value) in
        [("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("sec-fetch-site", site(request))]
    {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// Fetch Metadata, "set the `Sec-Fetch-Site` header", step 5: the URL that is furthest from the page's origin
/// decides, of all URLs so far.
pub(super) fn site(request: &InFlight) -> &'static str {
    let mut site = "same-origin";
    for url in request.url_list().filter(|url| !request.origin.is_same_origin(url)) {
        if !request.origin.is_same_site(url) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}

#[cfg(test)]
mod tests {
    use super::super::in_flight::tests::by_way_of;
    use super::super::modes::Credentials::SameOrigin;
    use super::*;

    #[test]
    fn the_most_distant_url_counts() {
        let cases: &[(&[&str], Option<&str>)] = &[
            (&["https://app.example.com/x"], Some("same-origin")),
            (&["https://api.example.com/"], Some("same-site")),
            (&["https://app.example.com:8443/"], Some("same-site")),
            (&["https://api.example.net/"], Some("cross-site")),
            (&["https://api.example.com/", "https://app.example.com/"], Some("same-site")),
            (&["https://api.example.net/", "https://app.example.com/"], Some("cross-site")),
            (&["http://localhost:3000/"], Some("cross-site")),
            (&["http://api.example.com/"], None),
        ];
        for (urls, site) in cases {
            let mut headers = HeaderMap::new();
            append(&mut headers, &by_way_of("https://app.example.com", urls, SameOrigin));
            let found = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap());
            assert_eq!(found, *site, "{urls:?}");
            assert_eq!(headers.len(), if site.is_some() { 3 } else { 0 }, "{urls:?}");
        }
        let mut headers = HeaderMap::new();
        append(&mut headers, &by_way_of("null", &["https://app.example.com/"], SameOrigin));
        assert_eq!(headers["sec-fetch-site"], "cross-site");
    }
}
