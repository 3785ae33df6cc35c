//! The addresses and names in a configuration. They are written into it, so they are checked first.

use std::fmt;
use std::str::FromStr;

/// The address of the service behind the proxy: `127.0.0.1:3000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Upstream(String);

/// The address at which the proxy listens: `8080`, `127.0.0.1:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listen {
    pub(super) host: Option<String>,
    pub(super) port: u16,
}

/// The prefix of all names in a configuration: `cors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Upstream {
    pub(super) const DEFAULT: &str = "127.0.0.1:3000";

    /// The host and the port.
    pub(super) fn parts(&self) -> (&str, &str) {
        self.0.rsplit_once(':').unwrap_or((&self.0, ""))
    }
}

impl Listen {
    pub(super) const DEFAULT: &str = "8080";
}

impl Name {
    pub(super) const DEFAULT: &str = "cors";
}

/// The longest name: some proxies cut theirs.
const MAX_NAME_LEN: usize = 24;

impl FromStr for Upstream {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_address = text.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && is_port(port));
        if is_address { Ok(Self(text.to_owned())) } else { Err("write a host and a port: 127.0.0.1:3000") }
    }
}

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (Some(host), port),
            None => (None, text),
        };
        match port.parse() {
            Ok(number) if is_port(port) && host.is_none_or(is_host) => {
                Ok(Self { host: host.map(str::to_owned), port: number })
            }
            _ => Err("write a port, with or without a host: 8080, 127.0.0.1:8080"),
        }
    }
}

impl FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        let is_name = is_word && text.starts_with(|first: char| first.is_ascii_lowercase());
        if is_name && text.len() <= MAX_NAME_LEN {
            Ok(Self(text.to_owned()))
        } else {
            Err("write a letter, and up to 23 letters, digits or `_`, all in lower case")
        }
    }
}

fn is_host(text: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_name(text),
    }
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "{host}:{}", self.port),
            None => write!(f, "{}", self.port),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_into_a_configuration_that_could_be_more_than_an_address_or_a_name() {
        for good in ["127.0.0.1:3000", "api:80", "my-api.internal:8080", "[::1]:3000"] {
            assert_eq!(good.parse::<Upstream>().map(|address| address.to_string()).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "3000",
            "api",
            "api:",
            "api:0",
            "api:080",
            "api:65536",
            ":80",
            "a b:80",
            "a;b:80",
            "a{:80",
            "[::1:80",
            "[x]:80",
            "api:80\n",
            "ä:80",
        ] {
            assert!(bad.parse::<Upstream>().is_err(), "{bad}");
        }
        for good in ["8080", "127.0.0.1:80", "[::]:443"] {
            assert_eq!(good.parse::<Listen>().map(|address| address.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "0", "http", "8080;", "+80", "a b:80", "80 ssl"] {
            assert!(bad.parse::<Listen>().is_err(), "{bad}");
        }
        for good in ["cors", "a", "api_2", "abcdefghijklmnopqrstuvwx"] {
            assert_eq!(good.parse::<Name>().map(|name| name.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "Cors", "2", "_a", "a-b", "a b", "a$", "ä", "abcdefghijklmnopqrstuvwxy"] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }
}
