//! The page's request, as a browser sends it: preflight, redirects and all.

use std::future::ready;

use http::Request;
use tower::service_fn;
use tower_cors::browser::{Blocked, FetchError};

use super::client::{Client, Exchange};
use super::target::Target;
use crate::shown::shown;

/// How many characters of a message are shown. Those that are not about hostile answers have some 500.
const MAX_MESSAGE: usize = 1500;

/// What a browser did with the page's request.
pub(super) struct Visit {
    pub(super) exchanges: Vec<Exchange>,
    /// Why the page cannot read the response, where it cannot.
    pub(super) blocked: Option<String>,
}

impl Visit {
    /// The most requests that are sent, where nothing is redirected.
    pub(super) fn at_most(target: &Target) -> usize {
        1 + usize::from(target.has_preflight)
    }

    /// Sends the page's request, whatever its method is. The error is a sentence about the server.
    pub(super) fn pay(client: &mut Client, target: &Target, page: &str) -> Result<Self, String> {
        let before = client.exchanges.len();
        let mut network = service_fn(|request: Request<String>| ready(client.send(request)));
        let request = target.request(&target.method, &target.url);
        let blocked = match pollster::block_on(target.browser(page).fetch(&mut network, request)) {
            Ok(_) => None,
            Err(FetchError::Blocked(blocked)) => Some(console(&blocked)),
            Err(FetchError::Service(error)) => return Err(error),
            Err(error) => return Err(error.to_string()),
        };
        Ok(Self { exchanges: client.exchanges[before..].to_vec(), blocked })
    }
}

/// What a browser's console says. A server can redirect to a URL that has no end.
fn console(blocked: &Blocked) -> String {
    let message = blocked.to_string().replace(blocked.url(), &shown(blocked.url()));
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message,
    }
}
