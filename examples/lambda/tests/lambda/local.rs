//! The program when it simulates Lambda: started, called over HTTP, and ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{APP, PROGRAM, STRANGER};

/// Enough time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The process. Dropping it ends it, and the function that it has started with it.
pub(crate) struct Program {
    process: Child,
    printed: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(PROGRAM);
        command.env_remove("AWS_LAMBDA_RUNTIME_API").env("PORT", "0").stdout(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        printed.read_line(&mut line).expect("it prints text");
        let address = line.strip_prefix("listening on http://").and_then(|line| line.split(';').next());
        Self { address: address.expect("it prints its address").to_owned(), printed, process }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The whole answer to a request with a body that may be empty.
fn send(address: &str, method: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut lines = vec![format!("{method} /greeting HTTP/1.1"), format!("host: {address}")];
    lines.extend(["connection: close".to_owned(), format!("content-length: {}", body.len())]);
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.write_all((lines.join("\r\n") + "\r\n\r\n" + body).as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_request_becomes_an_event_and_its_answer_a_response() {
    let program = Program::start();
    let answer = send(&program.address, "GET", &[("origin", APP), ("accept-language", "de")], "");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nHallo\n"), "{answer}");
    assert!(answer.contains(&format!("\r\naccess-control-allow-origin: {APP}\r\n")), "{answer}");
    assert!(answer.contains("\r\nvary: Accept-Language, Origin\r\n"), "{answer}");

    let answer = send(&program.address, "PUT", &[("origin", APP)], "{}");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nnoted\n"), "{answer}");

    let asks = ("access-control-request-method", "PUT");
    let answer = send(&program.address, "OPTIONS", &[("origin", STRANGER), asks], "");
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert!(!answer.contains("access-control-allow-"), "{answer}");
}

/// At a port of its own, so at another origin.
#[test]
fn the_page_is_served_where_it_says() {
    let mut program = Program::start();
    let mut line = String::new();
    while !line.starts_with("http://localhost:") {
        line.clear();
        assert!(program.printed.read_line(&mut line).expect("text") > 0, "no page is printed");
    }
    let page = line.strip_prefix("http://").and_then(|line| line.split('/').next()).expect("an address");
    assert_ne!(page, program.address);
    assert!(line.trim_end().ends_with(&format!("/?url=http://{}/greeting", program.address)), "{line}");
    let mut stream = TcpStream::connect(page.replace("localhost", "127.0.0.1")).expect("it listens");
    write!(stream, "GET / HTTP/1.1\r\nhost: {page}\r\nconnection: close\r\n\r\n").expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.ends_with(include_str!("../../client.html")), "{answer}");
}

#[cfg(unix)]
#[test]
fn it_ends_where_it_is_told_to_and_its_function_with_it() {
    let mut program = Program::start();
    send(&program.address, "GET", &[], "");
    let id = program.process.id().to_string();
    let of_parent = Command::new("ps").args(["--ppid", &id, "-o", "pid="]).output();
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
    // Where there is a `ps` to ask.
    let Ok(function) = of_parent else { return };
    let function = String::from_utf8(function.stdout).expect("text").trim().to_owned();
    assert!(!function.is_empty(), "the function runs");
    while Command::new("kill")
        .args(["-0", &function])
        .stderr(Stdio::null())
        .status()
        .expect("a status")
        .success()
    {
        assert!(start.elapsed() < PATIENCE, "the function does not end");
        sleep(Duration::from_millis(20));
    }
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
    assert!(errors.ends_with(". Choose another: PORT=4001 cargo run -p example-lambda\n"), "{errors}");
}
