//! HTTP as text, on both sides of the gateway. Nothing waits without limit.

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::support::Program;

pub(crate) const APP: &str = "https://app.example.com";
pub(crate) const STRANGER: &str = "https://stranger.example";

/// What an allowed page gets from [`Gateway`], whatever the answer is.
pub(crate) const GRANTED: [&str; 3] = [
    "access-control-allow-credentials: true",
    "access-control-allow-origin: https://app.example.com",
    "vary: Origin",
];

/// The program, and the socket behind it where `/v1` leads.
pub(crate) struct Gateway {
    pub(crate) program: Program,
    pub(crate) upstream: TcpListener,
}

impl Gateway {
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// With more text in its file.
    pub(crate) async fn start_with(more: &str) -> Self {
        let upstream = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = upstream.local_addr().expect("it has an address");
        let config = format!(
            "[[route]]
            path = '/v1'
            upstream = 'http://{address}'
            [route.cors]
            allow_origins = ['{APP}']
            allow_credentials = true
            allow_methods = ['PUT']

            [[route]]
            path = '/v1/public'
            upstream = 'http://{address}'
            cors.allow_origins = '*'

            [[route]]
            path = '/private'
            upstream = 'http://{address}'

            [[route]]
            path = '/guarded'
            upstream = 'http://{address}'
            cors.allow_origins = ['{APP}']
            cors.reject_disallowed_origins = true

            [[route]]
            path = '/site'
            files = '.'

            {more}"
        );
        Self { program: Program::start(Some(&config)).await, upstream }
    }

    pub(crate) async fn open(&self) -> Wire {
        let stream = TcpStream::connect(&self.program.address).await.expect("it listens");
        Wire(BufReader::new(stream))
    }

    /// The upstream is gone; nothing listens where it was.
    pub(crate) async fn without_upstream(self) -> Self {
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        Self { upstream: elsewhere, program: self.program }
    }

    /// A connection on which a request was sent. Its host is `gateway.example`.
    pub(crate) async fn ask(&self, target: &str, headers: &[&str], body: &str) -> Wire {
        let mut client = self.open().await;
        client.say(&message(target, &[&["host: gateway.example"], headers].concat(), body)).await;
        client
    }

    /// The next connection from the gateway.
    pub(crate) async fn accept(&self) -> Wire {
        Wire(BufReader::new(soon(self.upstream.accept()).await.expect("a connection").0))
    }

    /// What each side gets: a request handed on, an answer handed back.
    pub(crate) async fn exchange(&self, target: &str, headers: &[&str], answer: &str) -> (Head, Head) {
        let mut client = self.ask(target, headers, "").await;
        let mut upstream = self.accept().await;
        let request = upstream.head().await;
        upstream.say(&last(answer)).await;
        (request, client.head().await)
    }

    /// That it answers by itself.
    pub(crate) async fn answer(&self, target: &str, headers: &[&str]) -> Head {
        let answer = self.ask(target, headers, "").await.head().await;
        self.assert_unasked().await;
        answer
    }

    pub(crate) async fn assert_unasked(&self) {
        let asked = timeout(Duration::from_millis(100), self.upstream.accept()).await;
        assert!(asked.is_err(), "the upstream was asked");
    }
}

pub(crate) fn message(start: &str, headers: &[&str], body: &str) -> String {
    let start = if start.contains("HTTP/") { start.to_owned() } else { format!("{start} HTTP/1.1") };
    let head = [&[start.as_str()], headers].concat().join("\r\n");
    format!("{head}\r\n\r\n{body}")
}

/// An answer after which the upstream closes, so that the next request finds another connection.
pub(crate) fn last(answer: &str) -> String {
    match answer.split_once("\r\n") {
        Some((status, rest)) if !rest.starts_with("connection: ") => {
            format!("{status}\r\nconnection: close\r\n{rest}")
        }
        _ => answer.to_owned(),
    }
}

/// What happens soon, or the test fails.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}

/// One end of a connection.
pub(crate) struct Wire(pub(crate) BufReader<TcpStream>);

impl Wire {
    pub(crate) async fn say(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).await.expect("it is sent");
    }

    pub(crate) async fn say_chunk(&mut self, text: &str) {
        self.say(&format!("{:x}\r\n{text}\r\n", text.len())).await;
    }

    pub(crate) async fn line(&mut self) -> String {
        let mut line = String::new();
        soon(self.0.read_line(&mut line)).await.expect("a line");
        line.trim_end().to_owned()
    }

    pub(crate) async fn head(&mut self) -> Head {
        let start = self.line().await;
        let mut headers = Vec::new();
        loop {
            match self.line().await {
                line if line.is_empty() => break,
                // It changes from second to second.
                line if line.starts_with("date: ") => {}
                line => headers.push(line),
            }
        }
        headers.sort();
        Head { start, headers }
    }

    pub(crate) async fn chunk(&mut self) -> String {
        let length = usize::from_str_radix(&self.line().await, 16).expect("a length");
        let text = self.text(length).await;
        assert_eq!(self.line().await, "", "a chunk ends with its line");
        text
    }

    pub(crate) async fn text(&mut self, length: usize) -> String {
        let mut text = vec![0; length];
        soon(self.0.read_exact(&mut text)).await.expect("as much was promised");
        String::from_utf8(text).expect("text")
    }

    /// All that still comes until the other side closes.
    pub(crate) async fn rest(&mut self) -> String {
        let mut text = String::new();
        match soon(self.0.read_to_string(&mut text)).await {
            // A reset is an end too.
            Ok(_) | Err(_) => text,
        }
    }
}

/// Of a request or an answer, its header lines in the order of the alphabet.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) start: String,
    pub(crate) headers: Vec<String>,
}

impl Head {
    /// That it is this one: not a header more.
    #[track_caller]
    pub(crate) fn assert(&self, start: &str, headers: &[&[&str]]) {
        let mut headers = headers.concat();
        headers.sort_unstable();
        let own: Vec<&str> = self.headers.iter().map(String::as_str).collect();
        assert_eq!((self.start.as_str(), own), (start, headers));
    }
}
