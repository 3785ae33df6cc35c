//! What goes over the network: HTTP/1.1, one request after another, each on a connection of its own.
//!
//! Nothing here follows a redirect or judges an answer: that is for the model of a browser.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method, Request, Response};
use ureq::Agent;
use ureq::tls::TlsConfig;

use crate::shown::shown;

/// The longest head of a response. Servers and proxies rarely allow their own more than 16 KiB.
const MAX_HEAD: usize = 64 << 10;

/// The most lines in the head of a response. This is a constant of the HTTP client.
const MAX_LINES: usize = 128;

/// The time for all requests, as a multiple of the time for one.
const REQUESTS_IN_TIME: u32 = 10;

const NAME: &str = concat!("tower-cors/", env!("CARGO_PKG_VERSION"));

/// Sends requests, and keeps what was sent and answered.
pub(super) struct Client {
    agent: Agent,
    timeout: Duration,
    end: Instant,
    /// How many requests were sent.
    pub(super) sent: usize,
    /// Those that were answered, in order.
    pub(super) exchanges: Vec<Exchange>,
}

/// A request and its answer, as they went over the wire. Bodies are not read.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) sent: Request<()>,
    pub(super) answered: Response<()>,
}

impl Client {
    pub(super) fn new(timeout: Duration, accepts_any_certificate: bool) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            // A proxy could answer instead of the server.
            .proxy(None)
            .timeout_global(Some(timeout))
            .max_response_header_size(MAX_HEAD)
            // An answer that is longer than announced cannot be mistaken for the next one.
            .max_idle_connections(0)
            .tls_config(
                TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .disable_verification(accepts_any_certificate)
                    .build(),
            )
            .build();
        let end = Instant::now() + timeout * REQUESTS_IN_TIME;
        Self { agent: config.new_agent(), timeout, end, sent: 0, exchanges: Vec::new() }
    }

    /// Sends a request with an absolute URL. The error is a sentence about the server, without its full stop.
    pub(super) fn send(&mut self, mut request: Request<String>) -> Result<Response<()>, String> {
        if Instant::now() > self.end {
            let all = (self.timeout * REQUESTS_IN_TIME).as_secs();
            return Err(format!("the time for all requests is up ({all} s): allow more with `--timeout`"));
        }
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(NAME));
        // Fetch, HTTP-network-or-cache fetch, step 8.5. For `PATCH` too: a body of unknown length would come instead.
        if [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let request = request.map(|_| ());
        self.sent += 1;
        let answered = self.agent.run(at_localhost(&request)).map_err(|error| {
            let url = shown(&request.uri().to_string());
            format!("{url} {}", self.failure(&error))
        })?;
        let answered = answered.map(drop);
        self.exchanges.push(Exchange { sent: request, answered: answered.clone() });
        Ok(answered)
    }

    fn failure(&self, error: &ureq::Error) -> String {
        use ureq::Error;
        match error {
            Error::Timeout(_) => format!("did not answer within {} s", self.timeout.as_secs()),
            Error::HostNotFound => "has a host that DNS does not know".to_owned(),
            Error::LargeResponseHeader(..) => too_long(),
            Error::Protocol(ureq_error) if ureq_error.to_string().contains("too many headers") => too_long(),
            Error::Protocol(error) => {
                format!("did not answer in HTTP/1.1 ({})", shown(&error.to_string()))
            }
            Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => "refused the connection. Is the server running?".to_owned(),
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                    "closed the connection without a complete response".to_owned()
                }
                ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                    format!("did not answer within {} s", self.timeout.as_secs())
                }
                ErrorKind::InvalidData => tls(&error.to_string()),
                _ => format!("could not be reached: {}", shown(&error.to_string())),
            },
            Error::Rustls(error) => tls(&error.to_string()),
            error => format!("could not be reached: {}", shown(&error.to_string())),
        }
    }
}

/// Browsers do not look up names below `localhost`: they are this machine. Few DNS servers know these names.
fn at_localhost(request: &Request<()>) -> Request<()> {
    let (mut request, uri) = (request.clone(), request.uri());
    let is_below = |host: &str| host.ends_with(".localhost");
    // Over TLS, the name is a part of the handshake.
    if uri.scheme_str() == Some("http") && uri.host().is_some_and(is_below) {
        let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
        let mut parts = uri.clone().into_parts();
        parts.authority = format!("localhost{port}").parse().ok();
        if let Ok(uri) = parts.try_into() {
            *request.uri_mut() = uri;
        }
    }
    request
}

fn too_long() -> String {
    format!("sent more than {} KiB or {MAX_LINES} lines of headers", MAX_HEAD >> 10)
}

fn tls(error: &str) -> String {
    let what = shown(error);
    if error.contains("certificate") {
        format!("has a certificate that is not trusted ({what}). For your own server, see `--insecure`")
    } else {
        format!("did not complete the TLS handshake ({what}). Does the server expect `http:`?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_the_time_for_all_is_over_nothing_is_sent() {
        let mut client = Client::new(Duration::ZERO, false);
        while Instant::now() <= client.end {}
        let error = client.send(Request::new(String::new())).unwrap_err();
        assert_eq!(error, "the time for all requests is up (0 s): allow more with `--timeout`");
        assert_eq!((client.sent, client.exchanges.len()), (0, 0));
    }

    #[test]
    fn names_below_localhost_are_sent_to_localhost_where_no_certificate_names_them() {
        for (url, sent_to) in [
            ("http://a.localhost:81/x?q", "http://localhost:81/x?q"),
            ("http://a.localhost/", "http://localhost/"),
            ("http://localhost:81/", "http://localhost:81/"),
            ("http://alocalhost/", "http://alocalhost/"),
            ("https://a.localhost/", "https://a.localhost/"),
        ] {
            let request = Request::get(url).body(()).unwrap();
            assert_eq!(at_localhost(&request).uri(), sent_to);
        }
    }
}
