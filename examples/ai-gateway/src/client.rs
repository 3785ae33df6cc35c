//! The client of a request, for the limit.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// A client is identified by its address, not by what it says about itself. Otherwise each guess of a token would be a new
/// client.
///
/// Behind a proxy, every request has the proxy's address: take the client's from the header that your proxy sets, and only
/// from that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client(IpAddr);

impl Client {
    /// The first 64 bits of an IPv6 address: a subscriber can choose the rest.
    pub(crate) fn at(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_subscriber_are_one_client() {
        let at = |address: &str| Client::at(address.parse().expect("an address"));
        let cases = [
            ("2001:db8::1", "2001:db8::ffff:1:2:3", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
        ];
        for (one, other, is_same) in cases {
            assert_eq!(at(one) == at(other), is_same, "{one} {other}");
        }
    }
}
