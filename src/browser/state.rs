//! A request on its way: Fetch's "request", as far as CORS looks at it.

use http::{HeaderMap, Method};

use super::origin::Origin;
use super::request::Credentials;
use super::safelist;
use super::url::Url;

/// Fetch's request. Redirects change it.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// The page's origin.
    pub(super) origin: Origin,
    pub(super) method: Method,
    /// What the script set, and `Accept`. What the browser adds on its own is added when a request is sent.
    pub(super) headers: HeaderMap,
    pub(super) credentials: Credentials,
    pub(super) use_cors_preflight: bool,
    pub(super) tainting: Tainting,
    current: Url,
    /// The URL list without its last URL.
    earlier: Vec<Url>,
}

/// Fetch, "response tainting".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
}

impl State {
    pub(super) fn new(
        origin: Origin,
        method: Method,
        url: Url,
        headers: HeaderMap,
        credentials: Credentials,
        use_cors_preflight: bool,
    ) -> Self {
        let tainting = Tainting::Basic;
        Self {
            origin,
            method,
            headers,
            credentials,
            use_cors_preflight,
            tainting,
            current: url,
            earlier: Vec::new(),
        }
    }

    pub(super) fn current_url(&self) -> &Url {
        &self.current
    }

    /// Fetch, "URL list".
    pub(super) fn url_list(&self) -> impl Iterator<Item = &Url> {
        self.earlier.iter().chain([&self.current])
    }

    pub(super) fn append_url(&mut self, url: Url) {
        self.earlier.push(std::mem::replace(&mut self.current, url));
    }

    /// Fetch, "redirect count".
    pub(super) fn redirect_count(&self) -> usize {
        self.earlier.len()
    }

    /// Fetch, "serializing a request origin".
    pub(super) fn serialized_origin(&self) -> String {
        if self.is_redirect_tainted() { "null".to_owned() } else { self.origin.to_string() }
    }

    /// Fetch, "redirect-taint": whether it is other than "same-origin". Some URL in the chain belonged neither to
    /// the page's origin nor to that of the URL that it led to.
    fn is_redirect_tainted(&self) -> bool {
        self.url_list()
            .zip(self.url_list().skip(1))
            .any(|(last, url)| url.origin() != last.origin() && !self.origin.is_same_origin(last.origin()))
    }

    /// Whether the credentials mode is "include", which makes all checks stricter.
    pub(super) fn is_credentialed(&self) -> bool {
        self.credentials == Credentials::Include
    }

    /// Fetch, HTTP-network-or-cache fetch, step 8.3: whether cookies go with the request.
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.tainting == Tainting::Basic,
            Credentials::Omit => false,
        }
    }

    /// Fetch, "CORS-unsafe request-header names", with this request's header list.
    pub(super) fn unsafe_names(&self) -> Vec<String> {
        safelist::unsafe_names(&self.headers)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A request from `page` to the last of `urls`, by way of the others.
    pub(in super::super) fn state(page: &str, urls: &[&str], credentials: Credentials) -> State {
        let mut urls = urls.iter().map(|url| Url::parse(url, None).unwrap());
        let mut state = State::new(
            Origin::of_page(page).unwrap(),
            Method::GET,
            urls.next().unwrap(),
            HeaderMap::new(),
            credentials,
            false,
        );
        urls.for_each(|url| state.append_url(url));
        state
    }

    #[test]
    fn a_redirect_between_two_foreign_origins_makes_the_origin_null() {
        let (page, b, c) = ("https://a.example", "https://b.example", "https://c.example");
        let cases: &[(&[&str], &str)] = &[
            (&[b], page),
            (&[b, b], page),
            (&[page, b], page),
            (&[page, b, b], page),
            (&[b, c], "null"),
            (&[page, b, c], "null"),
            (&[b, page], "null"),
            (&[b, c, c], "null"),
            (&[page, b, page, b], "null"),
            (&[b, "http://b.example"], "null"),
            (&[b, "https://b.example:8443"], "null"),
        ];
        for (urls, origin) in cases {
            assert_eq!(state(page, urls, Credentials::SameOrigin).serialized_origin(), *origin, "{urls:?}");
        }
        assert_eq!(state("null", &[b], Credentials::SameOrigin).serialized_origin(), "null");
    }

    #[test]
    fn credentials_follow_the_mode_and_the_tainting() {
        use Credentials::{Include, Omit, SameOrigin};
        use Tainting::{Basic, Cors};
        for (mode, tainting, included) in [
            (Include, Basic, true),
            (Include, Cors, true),
            (SameOrigin, Basic, true),
            (SameOrigin, Cors, false),
            (Omit, Basic, false),
            (Omit, Cors, false),
        ] {
            let mut state = state("https://a.example", &["https://b.example"], mode);
            state.tainting = tainting;
            assert_eq!(state.includes_credentials(), included, "{mode:?} {tainting:?}");
        }
    }
}
