//! The cookies that a browser keeps from one fetch to the next: RFC 6265bis, section 5, as far as `fetch()` can tell.

use std::time::{Duration, SystemTime};

use cookie::{Cookie, SameSite};
use http::HeaderValue;

use super::http_url::HttpUrl;
use crate::origin::suffix;

/// RFC 6265bis, "cookie store".
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct CookieJar {
    /// In the order in which they were first set.
    cookies: Vec<Kept>,
}

#[derive(Debug, Clone)]
struct Kept {
    name: String,
    value: String,
    /// RFC 6265bis, "domain". A cookie is for all ports of its host.
    host: String,
    /// No attribute `Domain`: the cookie is not sent to subdomains.
    host_only: bool,
    path: String,
    secure: bool,
    /// Whether it is also sent for pages of other sites: `SameSite=None`. `Lax` and `Strict` differ only for navigations.
    cross_site: bool,
    /// A time on the browser's clock. `None`: the cookie lives until the browser is closed.
    expires: Option<Duration>,
}

/// Where and when a cookie is set or sent.
#[derive(Clone, Copy)]
pub(in crate::browser) struct Occasion<'a> {
    pub(in crate::browser) url: &'a HttpUrl,
    /// Whether any URL of the fetch so far belongs to another site than the page.
    pub(in crate::browser) is_cross_site: bool,
    pub(in crate::browser) clock: Duration,
}

impl CookieJar {
    /// Keeps `name=value` for a host and all its paths, and for pages of any site.
    pub(in crate::browser) fn give(&mut self, pair: &str, server: &HttpUrl) {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        self.keep(Kept {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            host: server.host().to_owned(),
            host_only: true,
            path: "/".to_owned(),
            secure: false,
            cross_site: true,
            expires: None,
        });
    }

    /// RFC 6265bis, "storage model": applies one `Set-Cookie` line, which sets or ends a cookie. Ignores a malformed line,
    /// and a cookie that the server may not set.
    pub(super) fn set(&mut self, line: &HeaderValue, occasion: Occasion<'_>) {
        let Some(kept) = std::str::from_utf8(line.as_bytes())
            .ok()
            .and_then(|line| Cookie::parse(line).ok())
            .and_then(|cookie| Kept::from_response(&cookie, occasion))
        else {
            return;
        };
        self.keep(kept);
        self.cookies.retain(|kept| kept.lives(occasion.clock));
    }

    /// RFC 6265bis, "retrieval algorithm": the value of `Cookie`. `None` without cookies.
    pub(super) fn header(&self, occasion: Occasion<'_>) -> Option<HeaderValue> {
        let mut sent: Vec<_> = self.cookies.iter().filter(|kept| kept.goes_with(occasion)).collect();
        // Longer paths first; paths of the same length in the order in which the cookies were set.
        sent.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<_> = sent.into_iter().map(Kept::pair).collect();
        if pairs.is_empty() { None } else { HeaderValue::from_str(&pairs.join("; ")).ok() }
    }

    /// Name and value of each cookie that has not expired.
    pub(in crate::browser) fn pairs(&self, clock: Duration) -> impl Iterator<Item = (&str, &str)> {
        let living = self.cookies.iter().filter(move |kept| kept.lives(clock));
        living.map(|kept| (kept.name.as_str(), kept.value.as_str()))
    }

    /// Replaces a cookie with the same name, host and path, if there is one.
    fn keep(&mut self, new: Kept) {
        match self.cookies.iter_mut().find(|old| old.is_replaced_by(&new)) {
            Some(old) => *old = new,
            None => self.cookies.push(new),
        }
    }
}

impl Kept {
    fn from_response(cookie: &Cookie<'_>, occasion: Occasion<'_>) -> Option<Self> {
        let (url, secure) = (occasion.url, cookie.secure().unwrap_or(false));
        // Browsers also accept a `Secure` cookie from `http://localhost`.
        if secure && !url.is_potentially_trustworthy() {
            return None;
        }
        // A cookie without `SameSite` is `Lax`: requests of a page of another site neither set nor send it.
        let cross_site = cookie.same_site() == Some(SameSite::None);
        if (cross_site && !secure) || (!cross_site && occasion.is_cross_site) {
            return None;
        }
        let path = cookie.path().map_or_else(|| default_path(url.path()), str::to_owned);
        let domain = cookie.domain().filter(|domain| !domain.is_empty());
        let name = cookie.name().to_ascii_lowercase();
        if (name.starts_with("__secure-") && !secure)
            || (name.starts_with("__host-") && !(secure && path == "/" && domain.is_none()))
        {
            return None;
        }
        let (host, host_only) = match domain.map(str::to_ascii_lowercase) {
            None => (url.host().to_owned(), true),
            // A public suffix stands only for itself: no site can set cookies for all of `co.uk`.
            Some(domain) if is_public_suffix(&domain) => (domain == url.host()).then_some((domain, true))?,
            Some(domain) => matches_domain(url.host(), &domain).then_some((domain, false))?,
        };
        Some(Self {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            host,
            host_only,
            path,
            secure,
            cross_site,
            expires: expiry(cookie, occasion.clock),
        })
    }

    fn is_replaced_by(&self, new: &Self) -> bool {
        let identity =
            |kept: &Self| (kept.name.clone(), kept.host.clone(), kept.host_only, kept.path.clone());
        identity(self) == identity(new)
    }

    fn lives(&self, clock: Duration) -> bool {
        self.expires.is_none_or(|expires| clock < expires)
    }

    fn goes_with(&self, occasion: Occasion<'_>) -> bool {
        let url = occasion.url;
        let is_host =
            if self.host_only { url.host() == self.host } else { matches_domain(url.host(), &self.host) };
        is_host
            && matches_path(url.path(), &self.path)
            && (!self.secure || url.is_potentially_trustworthy())
            && (self.cross_site || !occasion.is_cross_site)
            && self.lives(occasion.clock)
    }

    fn pair(&self) -> String {
        if self.name.is_empty() { self.value.clone() } else { format!("{}={}", self.name, self.value) }
    }
}

/// `Max-Age` takes precedence over `Expires`. A time in the past becomes the start of the browser's clock.
fn expiry(cookie: &Cookie<'_>, clock: Duration) -> Option<Duration> {
    let seconds = match (cookie.max_age(), cookie.expires_datetime()) {
        (Some(max_age), _) => max_age.whole_seconds(),
        (None, Some(date)) => {
            // The real time, plus the time that the test let pass.
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + clock;
            date.unix_timestamp().saturating_sub(i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
        }
        (None, None) => return None,
    };
    Some(
        u64::try_from(seconds)
            .map_or(Duration::ZERO, |seconds| clock.saturating_add(Duration::from_secs(seconds))),
    )
}

fn is_public_suffix(domain: &str) -> bool {
    suffix::is_public_suffix(domain.strip_suffix('.').unwrap_or(domain))
}

/// RFC 6265bis, "domain matching". An IP address has no subdomains: it matches only itself, since no domain ends in a number.
fn matches_domain(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265bis, "path matching".
fn matches_path(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

/// RFC 6265bis, "default-path".
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(last) => path[..last].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn url(url: &str) -> HttpUrl {
        HttpUrl::parse(url, None).unwrap()
    }

    fn at(url: &HttpUrl, is_cross_site: bool) -> Occasion<'_> {
        Occasion { url, is_cross_site, clock: 100 * SECOND }
    }

    /// The cookies that a page of the same site, or of another one, sends to `to` after `from` has answered with these lines.
    fn sent(from: &str, lines: &[&str], to: &str, is_cross_site: bool) -> Option<String> {
        let (mut jar, from, to) = (CookieJar::default(), url(from), url(to));
        for line in lines {
            jar.set(&HeaderValue::from_str(line).unwrap(), at(&from, is_cross_site));
        }
        jar.header(at(&to, is_cross_site)).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_goes_back_to_where_it_is_meant_for() {
        let login = "https://api.example.com/v1/login";
        for (line, to, expected) in [
            ("a=1", login, Some("a=1")),
            ("a=1", "https://api.example.com/v1", Some("a=1")),
            ("a=1", "https://api.example.com/v1/items?q", Some("a=1")),
            ("a=1", "https://api.example.com/v11", None),
            ("a=1", "https://api.example.com/", None),
            ("a=1; Path=/", "https://api.example.com/", Some("a=1")),
            ("a=1; Path=/", "https://api.example.com:8443/", Some("a=1")),
            ("a=1; Path=/", "http://api.example.com/", Some("a=1")),
            ("a=1; Path=/; Secure", "http://api.example.com/", None),
            ("a=1; Path=/; Secure; HttpOnly; SameSite=Strict", "https://api.example.com/", Some("a=1")),
            ("a=1; Path=/", "https://www.api.example.com/", None),
            ("a=1; Path=/; Domain=api.example.com", "https://www.api.example.com/", Some("a=1")),
            ("a=1; Path=/; Domain=.Example.com", "https://example.com/", Some("a=1")),
            ("a=1; Path=/; Domain=example.com", "https://badexample.com/", None),
            ("a=1; Path=/; Domain=other.example", "https://other.example/", None),
            ("a=1; Path=/; Domain=www.api.example.com", "https://www.api.example.com/", None),
            ("a=1; Path=/; Domain=com", "https://example.com/", None),
            ("__Host-a=1; Path=/; Secure", "https://api.example.com/", Some("__Host-a=1")),
            ("__Host-a=1; Path=/", "https://api.example.com/", None),
            ("__Host-a=1; Path=/; Secure; Domain=example.com", "https://api.example.com/", None),
            ("__Secure-a=1; Path=/", "https://api.example.com/", None),
            ("no cookie", login, None),
        ] {
            assert_eq!(sent(login, &[line], to, false).as_deref(), expected, "{line} to {to}");
        }
    }

    #[test]
    fn hosts_without_a_registrable_domain_have_cookies_of_their_own() {
        for (line, from, to, expected) in [
            ("a=1; Secure", "http://localhost:3000/", "http://localhost:8080/", Some("a=1")),
            ("a=1; Domain=localhost", "http://localhost/", "http://localhost/", Some("a=1")),
            ("a=1; Domain=localhost", "http://localhost/", "http://b.localhost/", None),
            ("a=1", "http://127.0.0.1/", "http://127.0.0.1/", Some("a=1")),
            ("a=1; Secure", "http://192.168.0.1/", "http://192.168.0.1/", None),
            ("a=1; Domain=co.uk", "https://a.co.uk/", "https://b.co.uk/", None),
        ] {
            assert_eq!(sent(from, &[line], to, false).as_deref(), expected, "{line} from {from} to {to}");
        }
    }

    #[test]
    fn pages_of_another_site_have_only_those_that_allow_it() {
        let server = "https://api.example.com/";
        for (line, expected) in [
            ("a=1", None),
            ("a=1; SameSite=Lax", None),
            ("a=1; SameSite=Strict; Secure", None),
            ("a=1; SameSite=None", None),
            ("a=1; SameSite=None; Secure", Some("a=1")),
        ] {
            assert_eq!(sent(server, &[line], server, true).as_deref(), expected, "{line}");
        }
        // Set by a page of the same site, it is not sent for a page of another site.
        let (mut jar, server) = (CookieJar::default(), url(server));
        jar.set(&HeaderValue::from_static("a=1"), at(&server, false));
        assert_eq!(jar.header(at(&server, true)), None);
        assert_eq!(jar.header(at(&server, false)).unwrap(), "a=1");
    }

    #[test]
    fn the_last_one_of_a_name_counts_and_longer_paths_come_first() {
        let from = "https://a.example/v1/x";
        assert_eq!(sent(from, &["a=1", "b=2", "a=3"], from, false).as_deref(), Some("a=3; b=2"));
        let lines = ["a=1; Path=/", "b=2; Path=/v1", "c=3; Path=/"];
        assert_eq!(sent(from, &lines, from, false).as_deref(), Some("b=2; a=1; c=3"));
    }

    #[test]
    fn cookies_live_up_to_their_end_and_not_one_second_longer() {
        let server = url("https://a.example/");
        let mut jar = CookieJar::default();
        let mut set = |line: &str| {
            jar.set(&HeaderValue::from_str(line).unwrap(), at(&server, false));
            jar.clone()
        };
        let at = |seconds: u32| Occasion { url: &server, is_cross_site: false, clock: seconds * SECOND };
        let jar = set("a=1; Max-Age=60");
        assert!(jar.header(at(159)).is_some());
        assert_eq!((jar.header(at(160)), jar.pairs(160 * SECOND).count()), (None, 0));
        // How servers log users out.
        for end in ["a=; Max-Age=0", "a=; Max-Age=-1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"] {
            set("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Max-Age=60");
            assert_eq!(set(end).pairs(Duration::ZERO).count(), 0, "{end}");
        }
        assert!(set("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT").header(at(1_000_000)).is_some());
    }

    #[test]
    fn a_given_cookie_is_replaced_and_ended_like_any_other() {
        let server = url("https://a.example/v1/");
        let mut jar = CookieJar::default();
        jar.give("session=1", &server);
        jar.give("b", &server);
        assert_eq!(jar.header(at(&server, true)).unwrap(), "session=1; b");
        jar.set(&HeaderValue::from_static("session=2; Path=/; Secure; SameSite=None"), at(&server, true));
        assert_eq!(jar.header(at(&server, true)).unwrap(), "session=2; b");
        jar.set(
            &HeaderValue::from_static("session=; Path=/; Max-Age=0; Secure; SameSite=None"),
            at(&server, true),
        );
        assert_eq!(jar.header(at(&server, true)).unwrap(), "b");
    }
}
