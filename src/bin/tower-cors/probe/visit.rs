//! The page's request, as a browser sends it: preflight, redirects and all.

use std::future::ready;
use std::net::Ipv4Addr;

use http::{Request, Response};
use tower::service_fn;
use tower_cors::browser::{Blocked, FetchError};
use url::{Host, Url};

use super::client::{Client, Exchange};
use super::target::Target;
use crate::machine::is_this_machine;
use crate::shown::shown;

/// How many characters of a message are shown. Messages about ordinary answers have some 500.
const MAX_MESSAGE: usize = 1500;

/// What a browser did with the page's request.
pub(super) struct Visit {
    pub(super) exchanges: Vec<Exchange>,
    /// Why the page cannot read the response, if it cannot.
    pub(super) blocked: Option<String>,
}

impl Visit {
    /// The most requests that are sent without redirects.
    pub(super) fn at_most(target: &Target) -> usize {
        1 + usize::from(target.has_preflight)
    }

    /// Sends the page's request, whatever its method is. The error is a sentence about the server.
    pub(super) fn pay(client: &mut Client, target: &Target, page: &str) -> Result<Self, String> {
        let before = client.exchanges.len();
        let blocked = fetch(target, page, |request| client.send(request))?;
        Ok(Self { exchanges: client.exchanges[before..].to_vec(), blocked })
    }
}

/// What a browser says about the page's request, if the page cannot read the response.
fn fetch(
    target: &Target,
    page: &str,
    mut send: impl FnMut(Request<String>) -> Result<Response<()>, String>,
) -> Result<Option<String>, String> {
    let is_inside = is_local(&target.url);
    let mut network = service_fn(|request: Request<String>| {
        let url = request.uri().to_string();
        // Another server must not choose requests inside the user's own network, such as to a cloud's metadata service.
        ready(if is_inside || !is_local(&url) { send(request) } else { Err(leads_inside(&url)) })
    });
    let request = target.request(&target.method, &target.url);
    match pollster::block_on(target.browser(page).fetch(&mut network, request)) {
        Ok(_) => Ok(None),
        Err(FetchError::Blocked(blocked)) => Ok(Some(console(&blocked))),
        Err(FetchError::Service(error)) => Err(error),
        Err(error) => Err(error.to_string()),
    }
}

fn leads_inside(url: &str) -> String {
    format!(
        "the server redirects to {}, which is in your own network, so the program does not follow. Browsers may ask \
         the visitor first. If the address is yours, probe it separately",
        shown(url)
    )
}

/// Whether a URL names this machine, or an address in a private network. Names are not looked up.
fn is_local(url: &str) -> bool {
    let is_private =
        |ip: Ipv4Addr| ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified();
    match Url::parse(url).as_ref().map(Url::host) {
        Ok(Some(Host::Ipv4(ip))) => is_private(ip),
        Ok(Some(Host::Ipv6(ip))) => {
            let is_mapped = ip.to_ipv4_mapped().is_some_and(is_private);
            is_mapped
                || ip.is_loopback()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.is_unspecified()
        }
        Ok(Some(Host::Domain(name))) => is_this_machine(name),
        _ => false,
    }
}

/// What a browser's console says, cut: a server can redirect to a very long URL.
fn console(blocked: &Blocked) -> String {
    let message = blocked.to_string().replace(blocked.url(), &shown(blocked.url()));
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Question;

    const PAGE: &str = "https://app.example.com";

    /// How many requests are sent to a server that redirects, and what comes of it.
    fn redirected(url: &str, location: &str) -> (usize, Result<Option<String>, String>) {
        let question = Question {
            page: PAGE.to_owned(),
            method: "GET".to_owned(),
            url: url.to_owned(),
            ..Question::default()
        };
        let target = Target::new(question, Vec::new(), true).unwrap_or_else(|error| panic!("{error}"));
        let mut sent = 0;
        let fetched = fetch(&target, PAGE, |_| {
            sent += 1;
            let response = Response::builder().header("access-control-allow-origin", "*");
            let response =
                if sent == 1 { response.status(302).header("location", location) } else { response };
            response.body(()).map_err(|error| error.to_string())
        });
        (sent, fetched)
    }

    #[test]
    fn a_server_of_others_leads_nobody_into_their_own_network() {
        for inside in [
            "http://127.0.0.1:8080/",
            "http://2130706433/",
            "http://localhost/",
            "http://a.localhost./",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://192.168.1.1/",
            "http://0.0.0.0/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
        ] {
            let (sent, fetched) = redirected("http://api.example.com/", inside);
            let error = fetched.expect_err(inside);
            assert!(sent == 1 && error.starts_with("the server redirects to http://"), "{inside}: {error}");
            assert_eq!(redirected("http://127.0.0.1:3000/", inside), (2, Ok(None)), "{inside}");
        }
        for outside in ["https://www.example.com/", "http://192.0.2.1/", "http://[2001:db8::1]/"] {
            assert_eq!(redirected("http://api.example.com/", outside), (2, Ok(None)), "{outside}");
        }
    }
}
