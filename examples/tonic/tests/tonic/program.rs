//! The process. Dropping it ends it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_example-tonic");

/// Enough time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Program {
    process: Child,
    /// Read no further, and kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    url: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(PROGRAM);
        command.env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        printed.read_line(&mut line).expect("it prints text");
        let url = line.strip_prefix("listening on ").and_then(|line| line.split(';').next());
        Self { url: url.expect("it prints its address").to_owned(), _printed: printed, process }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("there is `kill`").success());
    }

    /// How it ends, and what it has written as errors.
    #[cfg(unix)]
    pub(crate) fn wait(&mut self) -> (ExitStatus, String) {
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
