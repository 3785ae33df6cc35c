//! What is counted for whom, and for how many.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use crate::limit::{Client, Limit, MOST_CLIENTS, MOST_REQUESTS, WINDOW};

/// A client for each number.
fn client(number: usize) -> Client {
    Client::at(Ipv4Addr::from(u32::try_from(number).expect("few")).into())
}

#[test]
fn a_client_waits_for_the_next_window_and_no_longer() {
    let limit = Limit::default();
    let start = Instant::now();
    for _ in 0..MOST_REQUESTS {
        assert_eq!(limit.count(client(1), start), Ok(()));
    }
    let later = start + Duration::from_secs(4);
    assert_eq!(limit.count(client(1), later), Err(Duration::from_secs(6)));
    assert_eq!(limit.count(client(2), later), Ok(()));
    assert_eq!(limit.count(client(1), start + WINDOW), Ok(()));
    assert_eq!(limit.clients(), 1, "the others are forgotten");
}

#[test]
fn clients_are_told_apart_to_the_limit_and_not_one_past_it() {
    let limit = Limit::default();
    let now = Instant::now();
    for number in 0..MOST_CLIENTS {
        assert_eq!(limit.count(client(number), now), Ok(()));
    }
    for number in MOST_CLIENTS..MOST_CLIENTS + MOST_REQUESTS as usize {
        assert_eq!(limit.count(client(number), now), Ok(()));
    }
    assert!(limit.count(client(2 * MOST_CLIENTS), now).is_err(), "they share one count");
    assert_eq!(limit.count(client(0), now), Ok(()), "those before them still have their own");
    assert_eq!(limit.clients(), MOST_CLIENTS + 1);
}

#[test]
fn the_addresses_of_one_subscriber_are_one_client() {
    let at = |address: &str| Client::at(address.parse::<IpAddr>().expect("an address"));
    let cases = [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", true),
        ("2001:db8::1", "2001:db8:0:1::1", false),
        ("::ffff:192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false),
    ];
    for (one, other, is_same) in cases {
        assert_eq!(at(one) == at(other), is_same, "{one} {other}");
    }
    assert!(Client::at(Ipv6Addr::LOCALHOST.into()) != Client::at(Ipv4Addr::LOCALHOST.into()));
}
