//! The program over TCP, with requests like those that it prints.

mod program {
    pub(crate) mod process;
}

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use program::process::{PROGRAM, Program};

const METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
const TOKEN: (&str, &str) = ("authorization", "Bearer secret");
const STREAM: (&str, &str) = ("accept", "application/json, text/event-stream");
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;

/// An answer: its head in lower case, and its body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::trim_end)
    }

    fn granted(&self) -> bool {
        self.head.contains("access-control-")
    }
}

impl Program {
    fn host(&self) -> &str {
        self.server.strip_prefix("http://").expect("an origin")
    }

    /// A connection on which a request was sent. A read that takes too long fails.
    fn open(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let port = self.host().rsplit_once(':').expect("a port").1;
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        let length = body.len().to_string();
        let mut lines = vec![format!("{method} {path} HTTP/1.1")];
        let mut add = |(name, value): (&str, &str)| lines.push(format!("{name}: {value}"));
        if headers.iter().all(|(name, _)| *name != "host") {
            add(("host", self.host()));
        }
        add(("connection", "close"));
        add(("content-length", &length));
        headers.iter().copied().for_each(add);
        let head = lines.join("\r\n") + "\r\n\r\n";
        stream.write_all((head + body).as_bytes()).expect("it is sent");
        stream
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = String::new();
        self.open(method, path, headers, body).read_to_string(&mut text).expect("an answer");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Starts a session, and says its name.
    fn start_session(&self) -> String {
        let headers = [("origin", self.page.as_str()), TOKEN, STREAM, ("content-type", "application/json")];
        let answer = self.send("POST", "/mcp", &headers, INITIALIZE);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.contains("example-mcp"), "{}", answer.body);
        let exposed = answer.header("access-control-expose-headers").expect("some are exposed");
        assert!(exposed.contains("mcp-session-id"), "{exposed}");
        answer.header("mcp-session-id").expect("it has a session").to_owned()
    }
}

#[test]
fn the_page_can_read_why_it_is_refused_and_where_tokens_are() {
    let program = Program::start();
    let page = ("origin", program.page.as_str());
    for token in [None, Some(("authorization", "Bearer wrong"))] {
        let headers: Vec<_> = token.into_iter().chain([page]).collect();
        let answer = program.send("POST", "/mcp", &headers, INITIALIZE);
        assert_eq!((answer.status, answer.body.as_str()), (401, "a token is needed"));
        let challenge = format!("Bearer resource_metadata=\"{}{METADATA}\"", program.server);
        assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()));
        assert_eq!(answer.header("access-control-allow-origin"), Some(page.1));
        let exposed = answer.header("access-control-expose-headers").expect("some are exposed");
        assert!(exposed.contains("www-authenticate"), "{exposed}");
    }
    // This needs no token.
    let metadata = program.send("GET", METADATA, &[page], "");
    assert_eq!((metadata.status, metadata.header("access-control-allow-origin")), (200, Some(page.1)));
    let resource = format!("\"resource\":\"{}/mcp\"", program.server);
    assert!(metadata.body.contains(&resource), "{}", metadata.body);
}

#[test]
fn a_preflight_needs_no_token_and_grants_what_clients_send() {
    let program = Program::start();
    let headers = [("origin", program.page.as_str()), ("access-control-request-method", "DELETE")];
    let answer = program.send("OPTIONS", "/mcp", &headers, "");
    assert_eq!(answer.status, 204);
    let granted = answer.header("access-control-allow-headers").expect("a list");
    for name in [
        "authorization",
        "content-type",
        "last-event-id",
        "mcp-method",
        "mcp-name",
        "mcp-protocol-version",
        "mcp-session-id",
    ] {
        assert!(granted.split(", ").any(|granted| granted == name), "{name}: {granted}");
    }
    assert!(answer.header("access-control-allow-methods").is_some_and(|granted| granted.contains("DELETE")));
}

#[test]
fn a_stranger_and_a_foreign_name_are_refused_with_a_token_too() {
    let program = Program::start();
    let page = program.page.replace("localhost", "stranger.example");
    let foreign = program.host().replace("localhost", "rebound.example");
    let own_page_of_foreign = format!("http://{foreign}");
    let refused = [
        (vec![("origin", page.as_str())], 403),
        (vec![("origin", "null")], 403),
        // Same-origin for its browser: with an `Origin` if it is not a `GET`.
        (vec![("host", &foreign), ("origin", &own_page_of_foreign)], 421),
        (vec![("host", &foreign)], 421),
    ];
    for (headers, status) in refused {
        let headers = [&headers[..], &[TOKEN, STREAM, ("content-type", "application/json")]].concat();
        for path in ["/mcp", METADATA, "/nowhere"] {
            let answer = program.send("POST", path, &headers, INITIALIZE);
            assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{path} {headers:?}");
            assert!(!answer.granted(), "{}", answer.head);
        }
    }
    // Programs have no origin, and the server's own hosts are not foreign.
    let by_address = program.host().replace("localhost", "127.0.0.1");
    let headers = [("host", by_address.as_str()), TOKEN, STREAM, ("content-type", "application/json")];
    assert_eq!(program.send("POST", "/mcp", &headers, INITIALIZE).status, 200);
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_to_though_a_stream_is_open() {
    let program = Program::start();
    let session = program.start_session();
    let headers = [
        TOKEN,
        ("accept", "text/event-stream"),
        ("mcp-session-id", session.as_str()),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let mut stream = program.open("GET", "/mcp", &headers, "");
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).expect("it begins");
    assert_eq!(&begun, b"HTTP/1.1 200");
    // A connection without a request, as browsers keep them ready.
    let idle = TcpStream::connect(program.host()).expect("it listens");

    let (status, errors) = program.terminate();
    assert!(status.success() && errors.is_empty(), "{status}: {errors}");
    stream.read_to_string(&mut String::new()).expect("the stream has ended");
    drop(idle);
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let output = Command::new(PROGRAM).env("PORT", &port).output().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(errors.starts_with(&format!("cannot listen on port {port}: ")), "{errors}");
    assert!(errors.contains("PORT=4001 cargo run -p example-mcp"), "{errors}");
}
