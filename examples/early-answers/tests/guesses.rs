//! The program, as it is started, when somebody guesses its token.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

/// As long as the server takes them.
const GUESS: usize = 380_000;

const GUESSES: usize = 400;

struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_example-early-answers"))
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

    fn kilobytes(&self) -> usize {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn long_guesses_take_no_memory_and_are_too_many_soon() {
    let program = Program::start();
    let mut stream = TcpStream::connect(&program.address).expect("it listens");
    let mut answers = BufReader::new(stream.try_clone().expect("a second handle"));
    let padding = "a".repeat(GUESS);
    let mut guess = |number: usize| {
        let guess = format!("{padding}{number}");
        let head = format!("GET /items HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {guess}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("the request is sent");
        read_status(&mut answers)
    };
    let first: Vec<_> = (0..100).map(&mut guess).collect();
    assert_eq!(first[..4], [401, 401, 401, 429], "a guess is not a new client");

    let before = program.kilobytes();
    // A window may end in between.
    let refused = (100..GUESSES).map(guess).filter(|status| *status == 429).count();
    assert!(refused > GUESSES / 2, "{refused}");
    let grown = program.kilobytes().saturating_sub(before);
    assert!(grown < 20_000, "{grown} kB more than before");
}

/// Of the next answer, which has a body of a known length.
fn read_status(answers: &mut impl BufRead) -> u16 {
    let mut lines = Vec::new();
    while lines.last().is_none_or(|line| line != "\r\n") {
        let mut line = String::new();
        assert!(answers.read_line(&mut line).expect("a line") > 0, "it closes the connection: {lines:?}");
        lines.push(line);
    }
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).expect("a body");
    let mut body = vec![0; length.trim().parse().expect("a number")];
    answers.read_exact(&mut body).expect("the body");
    lines[0].split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}
