//! The program, as it is started, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The process. Dropping it ends it.
struct Program {
    process: Child,
    /// Read no further, and kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_example-hyper"))
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        printed.read_line(&mut line).expect("it prints text");
        let address = line.strip_prefix("listening on http://").and_then(|line| line.split(';').next());
        Self { address: address.expect("it prints its address").to_owned(), _printed: printed, process }
    }

    /// The whole answer to a request without a body.
    fn send(&self, method: &str, headers: &[(&str, &str)]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let mut lines = vec![format!("{method} / HTTP/1.1"), format!("host: {}", self.address)];
        lines.push("connection: close".to_owned());
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let head = lines.join("\r\n") + "\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const LOCAL: (&str, &str) = ("origin", "http://localhost:5173");
const STRANGER: (&str, &str) = ("origin", "https://stranger.example");

#[test]
fn an_allowed_page_is_granted_the_response_and_a_stranger_is_not() {
    let program = Program::start();
    let allowed = program.send("GET", &[LOCAL]);
    assert!(allowed.starts_with("HTTP/1.1 200 OK\r\n") && allowed.ends_with("\r\n\r\nhello\n"), "{allowed}");
    assert!(allowed.contains("\r\naccess-control-allow-origin: http://localhost:5173\r\n"), "{allowed}");

    let refused = program.send("GET", &[STRANGER]);
    assert!(refused.starts_with("HTTP/1.1 200 OK\r\n") && refused.ends_with("\r\n\r\nhello\n"), "{refused}");
    assert!(!refused.contains("access-control-"), "{refused}");
}

#[test]
fn a_preflight_is_answered_with_a_body_that_has_no_default() {
    let program = Program::start();
    let put = ("access-control-request-method", "PUT");
    let allowed = program.send("OPTIONS", &[LOCAL, put]);
    assert!(allowed.starts_with("HTTP/1.1 204 No Content\r\n") && allowed.ends_with("\r\n\r\n"), "{allowed}");
    assert!(allowed.contains("\r\naccess-control-allow-methods: PUT\r\n"), "{allowed}");

    let refused = program.send("OPTIONS", &[STRANGER, put]);
    assert!(refused.starts_with("HTTP/1.1 403 Forbidden\r\n") && refused.ends_with("\r\n\r\n"), "{refused}");
    assert!(!refused.contains("access-control-allow-"), "{refused}");
}
