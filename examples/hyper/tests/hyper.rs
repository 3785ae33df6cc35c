//! The program, as it is started, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-hyper");

/// Of the program: after so long, it closes a connection that has not sent a whole head, and waits for no answer any more.
const PATIENCE: Duration = Duration::from_secs(5);

/// Extra time for a busy machine.
const SLACK: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
struct Program {
    process: Child,
    /// Read no further, and kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start() -> Self {
        Self::run(&mut Command::new(PROGRAM))
    }

    /// With no more than so many files and connections at a time.
    #[cfg(unix)]
    fn start_with_descriptors(limit: u32) -> Self {
        Self::run(Command::new("sh").args(["-c", &format!("ulimit -n {limit} && exec \"$0\""), PROGRAM]))
    }

    fn run(command: &mut Command) -> Self {
        let command = command.env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        printed.read_line(&mut line).expect("it prints text");
        let address = line.strip_prefix("listening on http://").and_then(|line| line.split(';').next());
        Self { address: address.expect("it prints its address").to_owned(), _printed: printed, process }
    }

    /// A connection on which text was sent. A read that takes too long fails.
    fn open(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE + SLACK)).expect("a time-out");
        stream.write_all(text.as_bytes()).expect("it is sent");
        stream
    }

    /// The whole answer to a request without a body.
    fn send(&self, method: &str, headers: &[(&str, &str)]) -> String {
        let mut lines = vec![format!("{method} / HTTP/1.1"), format!("host: {}", self.address)];
        lines.push("connection: close".to_owned());
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        read_all(self.open(&(lines.join("\r\n") + "\r\n\r\n")))
    }

    /// A connection that has asked for an answer which takes some seconds, once the program has seen the request.
    #[cfg(unix)]
    fn ask_for_slow_answer(&self, seconds: u8) -> TcpStream {
        let stream = self.open(&format!("GET /after/{seconds} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address));
        // One after it is answered.
        self.send("GET", &[]);
        stream
    }

    #[cfg(unix)]
    fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("there is `kill`").success());
    }

    /// How it ends, and what it has written as errors.
    fn wait(&mut self) -> (ExitStatus, String) {
        let start = Instant::now();
        while self.process.try_wait().expect("it can be asked").is_none() {
            assert!(start.elapsed() < PATIENCE + SLACK, "it does not end");
            sleep(Duration::from_millis(20));
        }
        let mut errors = String::new();
        let printed = self.process.stderr.as_mut().expect("it is piped").read_to_string(&mut errors);
        printed.expect("it prints text");
        (self.process.wait().expect("it has ended"), errors)
    }
}

fn read_all(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
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

/// More connections than the program can have: the operating system keeps the rest of them waiting, and `accept` fails.
#[cfg(unix)]
#[test]
fn idle_connections_without_number_do_not_end_it() {
    let mut program = Program::start_with_descriptors(40);
    let idle: Vec<_> = (0..50).map(|_| program.open("")).collect();
    // It is the last in the queue.
    let answer = program.send("GET", &[LOCAL]);
    assert!(answer.ends_with("\r\n\r\nhello\n"), "{answer}");
    drop(idle);

    program.terminate();
    let (status, errors) = program.wait();
    assert!(status.success() && errors.contains("cannot accept a connection: "), "{status}: {errors}");
    let tries = errors.matches("cannot accept").count();
    assert!(tries < 100, "it must wait before it tries again, but tried {tries} times");
}

#[test]
fn a_head_that_does_not_end_is_given_up() {
    let program = Program::start();
    let starts = ["", "G", "GET / HTTP/1.1\r\nhost: a\r\n", "PRI * HTTP/2.0\r\n"];
    for (start, connection) in starts.map(|start| (start, program.open(start))) {
        let answer = read_all(connection);
        assert!(!answer.contains("200 OK"), "{start:?}: {answer}");
    }
}

#[cfg(unix)]
#[test]
fn what_has_begun_is_answered_before_it_ends() {
    let mut program = Program::start();
    let idle = program.open("");
    let slow = program.ask_for_slow_answer(2);
    program.terminate();
    let answer = read_all(slow);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello\n"), "{answer}");
    let (status, errors) = program.wait();
    assert!(status.success() && errors.is_empty(), "{status}: {errors}");
    assert_eq!(read_all(idle), "");
}

#[cfg(unix)]
#[test]
fn it_does_not_wait_for_ever_and_takes_nothing_new_meanwhile() {
    let mut program = Program::start();
    let slow = program.ask_for_slow_answer(250);
    program.terminate();
    let start = Instant::now();
    while TcpStream::connect(&program.address).is_ok() {
        assert!(start.elapsed() < PATIENCE, "it still listens");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(program.process.try_wait().expect("it can be asked"), None, "it waits for the answer");
    let (status, errors) = program.wait();
    assert!(status.success() && errors.contains("not every connection"), "{status}: {errors}");
    assert_eq!(read_all(slow), "");
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
    assert!(errors.ends_with(". Choose another: PORT=4001 cargo run -p example-hyper\n"), "{errors}");
}
