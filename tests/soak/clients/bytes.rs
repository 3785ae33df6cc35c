//! Bytes that are almost a request.

use std::time::Duration;

use http::header::ORIGIN;
use http::{HeaderValue, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Client, IMPATIENCE_MS, Trouble};
use crate::soak::ask::{Target, pick};
use crate::soak::origins::Random;
use crate::soak::sources::{PAGES, is_allowed_somewhere};
use crate::soak::tally::Kind;

/// How many bytes are changed at most.
const CHANGES: u32 = 8;

/// The separators in a head, and unexpected bytes.
const BYTES: &[u8] = b"\r\n\0\t :;,*/.-@\x7f\x80\xff0aA";

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

impl Client<'_> {
    /// Only one thing is known about the answer: it grants nothing that the page's own origin does not have.
    pub(super) async fn any_bytes(self, mut stream: TcpStream, random: &mut Random) -> Result<(), Trouble> {
        let mut bytes = Vec::new();
        for _ in 0..=random.below(3) {
            bytes.extend(if random.below(6) == 0 { frames(random) } else { self.request(random) });
        }
        for _ in 0..random.below(CHANGES) {
            change(&mut bytes, random);
        }
        // The server may close before it has read everything.
        let _ = stream.write_all(&bytes).await;
        if random.below(2) == 0 {
            let _ = stream.shutdown().await;
        }
        let mut answer = Vec::new();
        let wait = Duration::from_millis((1 + random.below(IMPATIENCE_MS)).into());
        let _ = timeout(wait, stream.read_to_end(&mut answer)).await;
        self.world.tally.add(Kind::Bytes);
        judge(&answer).map_err(|what| {
            Trouble::Wrong(format!("{what}: {} to {}", answer.escape_ascii(), bytes.escape_ascii()))
        })
    }

    fn request(self, random: &mut Random) -> Vec<u8> {
        let authority = self.address.to_string();
        let target = Target { source: self.source, authority: &authority, version: Version::HTTP_11 };
        let mut ask = match random.below(2) {
            0 => target.ordinary(random),
            _ => target.hostile(&self.world.attacks, random),
        };
        if random.below(2) == 0 {
            ask.head.headers_mut().append(ORIGIN, HeaderValue::from_static(PAGES[0]));
        }
        let mut bytes = format!("{} {} HTTP/1.1\r\n", ask.head.method(), ask.head.uri()).into_bytes();
        for (name, value) in ask.head.headers() {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(format!("content-length: {}\r\n\r\n", ask.body.len()).bytes());
        bytes.extend(ask.body);
        bytes
    }
}

/// HTTP/2 frames with a valid beginning and arbitrary content: RFC 9113, section 4.1.
fn frames(random: &mut Random) -> Vec<u8> {
    let mut bytes = PREFACE.to_vec();
    // Settings must come first.
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    for _ in 0..random.below(6) {
        let length = u8::try_from(random.below(40)).expect("a short frame");
        let mut byte = || u8::try_from(random.below(256)).expect("a byte");
        bytes.extend([0, 0, length, byte() % 12, byte(), 0, 0, 0, byte() % 8]);
        bytes.extend((0..length).map(|_| byte()));
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(u32::try_from(bytes.len().max(1)).expect("a short request")) as usize;
    match random.below(4) {
        0 => bytes.truncate(at),
        1 if at < bytes.len() => drop(bytes.remove(at)),
        2 if at < bytes.len() => bytes[at] = pick(BYTES, random),
        _ => bytes.insert(at, pick(BYTES, random)),
    }
}

/// Bodies are letters, so the start of each head can be found.
fn judge(answer: &[u8]) -> Result<(), &'static str> {
    let text = String::from_utf8_lossy(answer);
    for head in text.split("HTTP/1.1 ").skip(1) {
        // A partial answer can end anywhere.
        let Some((head, _)) = head.split_once("\r\n\r\n") else {
            continue;
        };
        let grants: Vec<_> =
            head.lines().filter_map(|line| line.strip_prefix("access-control-allow-origin: ")).collect();
        match grants[..] {
            [] | ["*"] => {}
            [origin] if is_allowed_somewhere(origin) => {}
            [_] => return Err("a grant to a stranger"),
            _ => return Err("two grants"),
        }
    }
    Ok(())
}
