//! The program, as it is started, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-routes");

/// Enough time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    printed: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut command = Command::new(PROGRAM);
        let mut process = command.env("PORT", "0").stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        printed.read_line(&mut line).expect("it prints text");
        let address = line.strip_prefix("listening on http://").and_then(|line| line.split(';').next());
        Self { address: address.expect("it prints its address").to_owned(), printed, process }
    }

    /// The head of the answer to a request without a body, in lines.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Vec<String> {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), format!("host: {}", self.address)];
        lines.push("connection: close".to_owned());
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream.write_all((lines.join("\r\n") + "\r\n\r\n").as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let head = answer.split("\r\n\r\n").next().expect("a head");
        head.split("\r\n").map(str::to_owned).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn status(head: &[String]) -> &str {
    head[0].split(' ').nth(1).expect("a status")
}

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com";
const BLOG: &str = "https://blog.example.com";

#[test]
fn each_route_has_its_own_policy_and_no_other() {
    let program = Program::start();
    let rows = [
        ("GET", "/items", [Some(APP), None, None]),
        ("DELETE", "/items/1", [Some(APP), None, None]),
        ("GET", "/feed", [Some("*"); 3]),
        ("DELETE", "/admin/users/1", [None, Some(ADMIN), None]),
        // What no route answers, at a path that only looks like one with a policy of its own too.
        ("GET", "/nowhere", [Some(APP), None, None]),
        ("GET", "/admin/nowhere", [Some(APP), None, None]),
        ("GET", "/feed/nowhere", [Some(APP), None, None]),
        ("GET", "/administration", [Some(APP), None, None]),
    ];
    for (method, path, allowed) in rows {
        for (origin, allowed) in [APP, ADMIN, BLOG].into_iter().zip(allowed) {
            let case = format!("{method} {path} from {origin}");
            let actual = program.send(method, path, &[("origin", origin)]);
            assert_eq!(header(&actual, "access-control-allow-origin"), allowed, "{case}: {actual:?}");

            let requested = [("origin", origin), ("access-control-request-method", method)];
            let preflight = program.send("OPTIONS", path, &requested);
            assert_eq!(header(&preflight, "access-control-allow-origin"), allowed, "{case}: {preflight:?}");
            let expected = if allowed.is_some() { "204" } else { "403" };
            assert_eq!(status(&preflight), expected, "{case}: {preflight:?}");
        }
    }
}

#[test]
fn the_application_s_methods_and_credentials_are_not_those_of_other_routes() {
    let program = Program::start();
    let preflight = |path, origin| {
        program.send("OPTIONS", path, &[("origin", origin), ("access-control-request-method", "GET")])
    };
    let granted = |head: &[String]| {
        ["access-control-allow-methods", "access-control-allow-headers", "access-control-allow-credentials"]
            .map(|name| header(head, name).map(str::to_owned))
    };
    let granted_to = |path, origin| granted(&preflight(path, origin));
    let some = |value: &str| Some(value.to_owned());
    assert_eq!(granted_to("/items", APP), [some("DELETE"), None, some("true")]);
    assert_eq!(granted_to("/feed", APP), [some("GET, HEAD, POST"), None, None]);
    assert_eq!(granted_to("/admin/users/1", ADMIN), [some("DELETE"), some("authorization"), None]);
}

#[test]
fn a_page_can_read_that_it_has_to_log_in() {
    let program = Program::start();
    let delete = |headers: &[(&str, &str)]| program.send("DELETE", "/admin/users/1", headers);
    let refused = delete(&[("origin", ADMIN)]);
    assert_eq!(status(&refused), "401");
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(ADMIN));
    assert_eq!(status(&delete(&[("origin", ADMIN), ("authorization", "Bearer secret")])), "200");
}

/// Each of them answers, with the `Access-Control-Allow-Origin` that its comment promises.
#[test]
fn what_it_prints_can_be_tried() {
    let mut program = Program::start();
    let mut lines = Vec::new();
    while lines.iter().filter(|line: &&String| line.starts_with("curl ")).count() < 7 {
        let mut line = String::new();
        assert!(program.printed.read_line(&mut line).expect("text") > 0, "{lines:?}");
        lines.push(line.trim_end().to_owned());
    }
    let mut answers = Vec::new();
    for line in lines.iter().filter(|line| line.starts_with("curl ")) {
        let quoted: Vec<_> = line.split('\'').skip(1).step_by(2).collect();
        let headers: Vec<_> =
            quoted.iter().map(|header| header.split_once(": ").expect("a header")).collect();
        let method = line.split("-X ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("GET");
        let path =
            line.split(&program.address).nth(1).and_then(|rest| rest.split(' ').next()).expect("a path");
        let head = program.send(method, path, &headers);
        let allowed = header(&head, "access-control-allow-origin").map(str::to_owned);
        answers.push((status(&head).parse::<u16>().expect("a number"), allowed));
    }
    let some = |origin: &str| Some(origin.to_owned());
    let expected = [
        (200, some(APP)),
        (200, some("*")),
        (204, some(ADMIN)),
        (403, None),
        (401, some(ADMIN)),
        (200, some(ADMIN)),
        (404, some(APP)),
    ];
    assert_eq!(answers, expected);
}

#[cfg(unix)]
#[test]
fn it_ends_where_it_is_told_to() {
    let mut program = Program::start();
    let id = program.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("there is `kill`").success());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = program.process.try_wait().expect("it can be asked") {
            break status;
        }
        assert!(start.elapsed() < PATIENCE, "it does not end");
        sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it has an address").port().to_string();
    let output = Command::new(PROGRAM).env("PORT", &port).output().expect("it starts");
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(
        !output.status.success() && errors.starts_with(&format!("cannot listen on port {port}: ")),
        "{errors}"
    );
    assert!(errors.ends_with(". Choose another: PORT=4001 cargo run -p example-routes\n"), "{errors}");
}
