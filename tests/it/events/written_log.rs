//! The written log, which no request can forge.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use super::capture::listen;
use super::{behind, get};
use crate::support::{APP, STRANGER, allow_app, preflight, request};

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The setup of most programs.
#[tokio::test]
async fn a_log_without_debug_has_the_warnings_alone() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .without_time()
        .with_max_level(Level::INFO)
        .finish();
    let guard = listen(subscriber);
    let app = behind(allow_app());
    for request in [get(STRANGER), get(STRANGER), get(APP), preflight("PUT", &[])] {
        app.send(request).await;
    }
    drop(guard);
    let expected = " WARN tower_cors: refused a new origin: the policy does not allow the origin. If the page is yours, allow its origin kind=\"origin-not-allowed\" origin=\"https://stranger.example\" suppressed=0\n";
    assert_eq!(log.text(), expected);
}

/// Bytes that a client can put into a header: all except CR, LF and most control bytes.
fn forgeries() -> Vec<Vec<u8>> {
    let texts = [
        "https://a.example\u{85}ERROR tower_cors: forged",
        "https://a.example\u{2028}ERROR tower_cors: forged",
        "https://a.example\" kind=\"forged\" rule=\"forged",
        "https://a.example kind=forged",
        "https://a.example\\\" kind=forged",
        "\u{202e}https://a.example",
        "\u{9b}31mforged",
        "a\tb",
    ];
    let bytes = [&b"\xff\xfe"[..], b"\x9b31mforged", b"\xc2", &[0x80; 9000]];
    let texts = texts.into_iter().map(|text| text.as_bytes().to_vec());
    texts.chain(bytes.into_iter().map(<[u8]>::to_vec)).collect()
}

async fn send_forgeries() {
    for forgery in forgeries() {
        let app = behind(allow_app());
        app.send(request("GET", &[("origin", &forgery)])).await;
        let headers = [("origin", APP.as_bytes()), ("access-control-request-method", &forgery)];
        app.send(request("OPTIONS", &headers)).await;
    }
}

#[tokio::test]
async fn no_line_and_no_field_of_a_text_log_can_be_forged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(Level::DEBUG)
        .finish();
    let guard = listen(subscriber);
    send_forgeries().await;
    drop(guard);
    let text = log.text();
    // Two denials and one warning for each.
    assert_eq!(text.lines().count(), 3 * forgeries().len(), "{text}");
    for line in text.lines() {
        assert!(line.contains(" tower_cors: "), "{line}");
        assert!(line.len() < 1200, "{} bytes", line.len());
        assert!(
            !line.contains(|char: char| char.is_control() || "\u{2028}\u{202e}".contains(char)),
            "{line:?}"
        );
        assert_eq!(outside_quotes(line).matches("kind=").count(), 1, "{line}");
    }
}

/// A line without its quoted parts.
fn outside_quotes(line: &str) -> String {
    let (mut outside, mut quoted, mut escaped) = (String::new(), false, false);
    for char in line.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if !quoted => outside.push(char),
            _ => {}
        }
    }
    outside
}

#[tokio::test]
async fn every_line_of_a_json_log_is_one_event() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().json().with_writer(log.clone()).with_max_level(Level::DEBUG).finish();
    let guard = listen(subscriber);
    send_forgeries().await;
    drop(guard);
    let lines: Vec<Value> =
        log.text().lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    assert_eq!(lines.len(), 3 * forgeries().len());
    assert!(lines.iter().all(|line| line["target"] == "tower_cors"));
}
