//! Who sends a request, for the limit.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// A client is its address, not what it says about itself. Otherwise each guess of a token would be a new client.
///
/// Behind a proxy, every request has the proxy's address: take the client's from the header that your proxy sets, and only
/// from that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client(IpAddr);

impl Client {
    /// Of an IPv6 address the first 64 bits: a subscriber may choose the rest.
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
