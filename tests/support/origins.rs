//! Realistic origins: a name, a few domains, sometimes a port. They are the same in every run.

/// The number of the first origin that no policy lists.
pub const UNLISTED: u32 = 1 << 30;

/// The origin with a number. No two are the same.
pub fn origin(number: u32) -> String {
    let bits = scramble(number);
    let app = pick(&["app", "admin", "shop", "docs", "studio", "portal", "dev", "api-console"], bits);
    let domain = domain(number);
    match bits >> 28 {
        0..8 => format!("https://{domain}"),
        8..13 => format!("https://{app}.{domain}"),
        13..15 => format!("https://{app}.{domain}:{}", 1024 + (bits >> 8) % 50_000),
        _ => format!("https://www.{app}.staging.{domain}"),
    }
}

/// The domain in the origin with a number. No two are the same.
pub fn domain(number: u32) -> String {
    let bits = scramble(number);
    let tenant =
        pick(&["acme", "bluefin", "northwind", "globex", "initech", "umbrella", "h", "q7"], bits >> 3);
    let zone = pick(&["vercel.app", "example.com", "example.co.uk", "pages.dev", "example.org"], bits >> 6);
    format!("{tenant}-{bits:x}.{zone}")
}

/// A permutation of all numbers, so neighbours are unrelated.
fn scramble(number: u32) -> u32 {
    let mut bits = number.wrapping_mul(0x9e37_79b1);
    bits ^= bits >> 15;
    bits.wrapping_mul(0x85eb_ca6b)
}

fn pick<'a>(from: &[&'a str], bits: u32) -> &'a str {
    from[bits as usize % from.len()]
}

/// `SplitMix64`: random enough that no cache can predict the order of the origins.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from(((bits >> 32) * u64::from(limit)) >> 32).unwrap_or_default()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for (end, choices) in (1..items.len()).zip(2..) {
            items.swap(end, self.below(choices) as usize);
        }
    }
}
