//! A policy and an exchange, written as lines, so that seeds and crashes can be read:
//!
//! ```text
//! allow_origins https://*.example.com
//! allow_credentials
//! method OPTIONS
//! uri /v1/items
//! > origin: https://app.example.com
//! > access-control-request-method: PUT
//! < vary: Accept
//! ```
//!
//! A builder's method and its value, the request's head, `>` a header of the request, `<` one of the service's response.
//! Some targets read more: `policy` starts the next one of several policies, `~` is a header of another request, `credentials`
//! and a mode are those of a script. Other lines are skipped, so every input is a case.

use std::iter;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use tower_cors::browser::Credentials;

use crate::config::Config;

#[derive(Debug, Default)]
pub struct Case {
    pub config: Config,
    /// The policies after the first one.
    pub more_configs: Vec<Config>,
    pub request: Request<()>,
    /// The service's response.
    pub response: HeaderMap,
    /// Headers of another request.
    pub other_headers: HeaderMap,
    pub credentials: Credentials,
}

impl Case {
    pub fn parse(data: &[u8]) -> Self {
        let mut case = Self::default();
        for line in data.split(|byte| *byte == b'\n') {
            case.read(line);
        }
        case
    }

    fn read(&mut self, line: &[u8]) {
        let (key, value) = split_at_byte(line, b' ');
        match key {
            b"method" => {
                if let Ok(method) = Method::from_bytes(value) {
                    *self.request.method_mut() = method;
                }
            }
            b"uri" => {
                if let Ok(uri) = Uri::try_from(value) {
                    *self.request.uri_mut() = uri;
                }
            }
            b">" => append(self.request.headers_mut(), value),
            b"<" => append(&mut self.response, value),
            b"~" => append(&mut self.other_headers, value),
            b"credentials" => match value {
                b"include" => self.credentials = Credentials::Include,
                b"omit" => self.credentials = Credentials::Omit,
                _ => {}
            },
            b"policy" => self.more_configs.push(Config::default()),
            _ => self.more_configs.last_mut().unwrap_or(&mut self.config).read(key, value),
        }
    }

    /// All policies.
    pub fn configs(&self) -> impl Iterator<Item = &Config> {
        iter::once(&self.config).chain(&self.more_configs)
    }
}

/// Any bytes that `http` accepts as a header's value.
fn append(headers: &mut HeaderMap, line: &[u8]) {
    let (name, value) = split_at_byte(line, b':');
    let value = value.strip_prefix(b" ").unwrap_or(value);
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
        // A full map accepts no more, which does not concern CORS.
        let _ = headers.try_append(name, value);
    }
}

fn split_at_byte(bytes: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == separator) {
        Some(position) => (&bytes[..position], &bytes[position + 1..]),
        None => (bytes, b""),
    }
}
