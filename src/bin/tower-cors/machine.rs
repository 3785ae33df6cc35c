//! Which hosts are the user's own machine.

use std::net::IpAddr;

/// Whether a host always resolves to this machine, as browsers see it: Secure Contexts, "Is origin potentially trustworthy?", steps 4
/// and 5. An IPv6 address is in brackets, as in a URL.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_of_loopback_are_this_machine() {
        for host in ["localhost", "localhost.", "a.localhost", "127.0.0.1", "127.1.2.3", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["alocalhost", "localhost.example.com", "127.evil.example", "192.168.0.1", "[::2]", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
