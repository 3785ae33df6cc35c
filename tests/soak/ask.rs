//! Requests with the complete expected answer of each: those of ordinary pages, and those of attackers. The same rules hold for both.

use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN};
use http::{HeaderName, HeaderValue, Method, Request, Version};

use super::attacks::Attacks;
use super::origins::Random;
use super::sources::{ID, PAGES, Source, TENANT};

/// The largest body, whatever an attacker's path says.
const LONGEST: u32 = 1 << 20;

/// Letters, so no part of a body looks like a head.
static LETTERS: LazyLock<Bytes> = LazyLock::new(|| {
    let mut random = Random::new(0);
    (0..2 * LONGEST).map(|_| b'a' + u8::try_from(random.below(26)).expect("a letter")).collect()
});

/// The body with this number. Two bodies are unlikely to be the same.
pub(crate) fn body(seed: u32, length: u32) -> Bytes {
    let start = (seed % LONGEST) as usize;
    LETTERS.slice(start..start + length.min(LONGEST) as usize)
}

/// Bytes of a chunk of a body.
pub(crate) const PIECE: u32 = 700;

/// A request, and the answer of the service behind the layer.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// As the server sees it.
    pub(crate) head: Request<()>,
    pub(crate) body: Bytes,
    /// Of any method but `HEAD`.
    pub(crate) answer: Bytes,
}

/// Where requests go, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) source: Source,
    pub(crate) authority: &'a str,
    pub(crate) version: Version,
}

impl Target<'_> {
    /// A request without an origin, for a known tenant: nothing keeps it from the service.
    pub(crate) fn plain(self, method: Method, path: &str, random: &mut Random) -> Request<()> {
        let mut head = self.head(method, self.authority, path);
        head.headers_mut().insert(TENANT, HeaderValue::from_static("found"));
        head.headers_mut().insert(ID, HeaderValue::from(random.below(u32::MAX)));
        head
    }

    fn head(self, method: Method, authority: &str, path: &str) -> Request<()> {
        let mut head = Request::new(());
        *head.method_mut() = method;
        *head.version_mut() = self.version;
        if self.version == Version::HTTP_2 {
            *head.uri_mut() = format!("http://{authority}{path}").parse().expect("a URI");
        } else {
            *head.uri_mut() = path.parse().expect("a path");
            head.headers_mut().insert(HOST, authority.parse().expect("an authority"));
        }
        head
    }

    /// A request of any kind of page, or of a program.
    pub(crate) fn ordinary(self, random: &mut Random) -> Ask {
        let mut ask = self.about_something(self.authority, random);
        let tenants = self.source.tenants();
        let headers = ask.head.headers_mut();
        headers.insert(TENANT, HeaderValue::from_static(pick(tenants, random)));
        let origin = match random.below(10) {
            0..6 => Some(pick(&PAGES, random)),
            6..8 => {
                Some(pick(&["https://stranger.example", "null", "https://app.example.com.evil.test"], random))
            }
            _ => None,
        };
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        if random.below(3) == 0 {
            let methods = ["PUT", "DELETE", "GET", "V1", "V2", "PATCH"];
            headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static(pick(&methods, random)));
            let names = ["x-a", "authorization,x-a", "x-v1", "x-p-1,x-p-2", "x-unlisted"];
            headers.insert(ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static(pick(&names, random)));
            *ask.head.method_mut() = Method::OPTIONS;
        }
        ask
    }

    /// Hostile requests: odd origins, several of them, foreign hosts, and lists of any bytes and any length.
    pub(crate) fn hostile(self, attacks: &Attacks, random: &mut Random) -> Ask {
        let hosts = ["evil.example", "127.0.0.1.evil.example", "169.254.169.254", "localhost:1"];
        let authority = if random.below(4) == 0 { pick(&hosts, random) } else { self.authority };
        let mut ask = self.about_something(authority, random);
        let headers = ask.head.headers_mut();
        headers.insert(TENANT, HeaderValue::from_static(pick(self.source.tenants(), random)));
        for value in attacks.origin(random) {
            headers.append(ORIGIN, value.clone());
        }
        let sites = ["same-origin", "cross-site", "none", "SAME-ORIGIN"];
        if random.below(3) == 0 {
            headers.append(
                HeaderName::from_static("sec-fetch-site"),
                HeaderValue::from_static(pick(&sites, random)),
            );
        }
        if random.below(2) == 0 {
            if let Some((method, lines)) = attacks.preflight(random).split_first() {
                headers.append(ACCESS_CONTROL_REQUEST_METHOD, method.clone());
                for line in lines {
                    headers.append(ACCESS_CONTROL_REQUEST_HEADERS, line.clone());
                }
            }
            *ask.head.method_mut() = Method::OPTIONS;
        }
        ask
    }

    /// A request that the service answers without a fault.
    fn about_something(self, authority: &str, random: &mut Random) -> Ask {
        let seed = random.below(LONGEST);
        let length = match random.below(20) {
            0 => 200_000,
            1..5 => 20_000,
            _ => random.below(300),
        };
        let (method, path, body, answer) = match random.below(10) {
            0..5 => {
                let method = pick(&[Method::GET, Method::POST, Method::PUT, Method::OPTIONS], random);
                (method, format!("/answer/{length}/{seed}"), Bytes::new(), body(seed, length))
            }
            5..7 => {
                let length = length.min(20_000);
                (Method::GET, format!("/stream/{length}/{seed}"), Bytes::new(), body(seed, length))
            }
            7 => (Method::HEAD, format!("/answer/{length}/{seed}"), Bytes::new(), body(seed, length)),
            _ => {
                // Over HTTP/1.1, an unread body ends the connection if it does not fit into the buffer.
                let longest = if self.version == Version::HTTP_2 { LONGEST } else { PIECE };
                let body = body(seed, length.min(longest));
                (Method::POST, "/echo".to_owned(), body.clone(), body)
            }
        };
        let mut head = self.head(method, authority, &path);
        head.headers_mut().insert(ID, HeaderValue::from(random.below(u32::MAX)));
        Ask { head, body, answer }
    }
}

pub(crate) fn pick<T: Clone>(from: &[T], random: &mut Random) -> T {
    let choices = u32::try_from(from.len()).expect("a short list");
    from[random.below(choices) as usize].clone()
}
