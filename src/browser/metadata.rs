//! Fetch Metadata: the `Sec-Fetch-*` headers, by which a server learns where a request comes from.

use http::{HeaderMap, HeaderName};

use super::fetch::insert;
use super::state::State;

/// Fetch Metadata, "set the Fetch metadata headers for a request". A preflight has the same ones as its request.
pub(super) fn append(headers: &mut HeaderMap, request: &State) {
    // Step 1.
    if !request.current_url().origin().is_potentially_trustworthy() {
        return;
    }
    // Steps 2 to 4. `fetch()` has no destination.
    insert(headers, HeaderName::from_static("sec-fetch-dest"), "empty");
    insert(headers, HeaderName::from_static("sec-fetch-mode"), "cors");
    insert(headers, HeaderName::from_static("sec-fetch-site"), site(request));
}

/// Fetch Metadata, "set the `Sec-Fetch-Site` header", step 5: the most distant of all URLs so far counts.
fn site(request: &State) -> &'static str {
    let mut site = "same-origin";
    for url in request.url_list().filter(|url| !request.origin.is_same_origin(url.origin())) {
        if !request.origin.is_same_site(url.origin()) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}

#[cfg(test)]
mod tests {
    use super::super::request::Credentials::SameOrigin;
    use super::super::state::tests::state;
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
            append(&mut headers, &state("https://app.example.com", urls, SameOrigin));
            let found = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap());
            assert_eq!(found, *site, "{urls:?}");
            assert_eq!(headers.len(), if site.is_some() { 3 } else { 0 }, "{urls:?}");
        }
        let mut headers = HeaderMap::new();
        append(&mut headers, &state("null", &["https://app.example.com/"], SameOrigin));
        assert_eq!(headers["sec-fetch-site"], "cross-site");
    }
}
