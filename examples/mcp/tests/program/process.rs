//! The program, as it is started.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_example-mcp");

/// What a busy machine may need to end it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
pub(crate) struct Program {
    process: Child,
    /// Read no further, and kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    /// The origins of the page and of the server.
    pub(crate) page: String,
    pub(crate) server: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(PROGRAM);
        command.env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut line = String::new();
        printed.read_line(&mut line).expect("it prints text");
        let urls = line.strip_prefix("listening on ").and_then(|line| line.split_once("/mcp, for the page "));
        let (server, rest) = urls.expect("it prints two addresses");
        let page = rest.split_once(": open").expect("it says what to do").0;
        let (page, server) = (page.to_owned(), server.to_owned());
        Self { process, _printed: printed, page, server }
    }

    /// Asks it to end, as supervisors do. Says how it ends, and what it has written as errors.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> (ExitStatus, String) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("there is `kill`").success());
        let start = Instant::now();
        while self.process.try_wait().expect("it can be asked").is_none() {
            assert!(start.elapsed() < PATIENCE, "it does not end");
            sleep(Duration::from_millis(20));
        }
        let mut errors = String::new();
        let printed = self.process.stderr.as_mut().expect("it is piped").read_to_string(&mut errors);
        printed.expect("it prints text");
        (self.process.wait().expect("it has ended"), errors)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
