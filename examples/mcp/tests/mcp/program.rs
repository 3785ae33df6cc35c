//! The program, as it is started.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-mcp");

/// What a busy machine may need to end it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
pub(crate) struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    _printed: BufReader<ChildStdout>,
    pub(crate) page: String,
    pub(crate) server: String,
}

impl Program {
    pub(crate) async fn start() -> Self {
        let mut process = Command::new(PROGRAM)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut line = String::new();
        printed.read_line(&mut line).await.expect("it prints text");
        let mut origins = line.split([' ', '\n']).filter(|word| word.starts_with("http://"));
        let mut next = || origins.next().expect("it prints two origins").trim_end_matches("/mcp").to_owned();
        let (page, server) = (next(), next());
        Self { process, _printed: printed, page, server }
    }

    /// Asks it to end, as supervisors do, and waits until it has.
    pub(crate) async fn terminate(mut self) -> ExitStatus {
        let id = self.process.id().expect("it runs").to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status().await.expect("there is `kill`");
        assert!(kill.success());
        timeout(PATIENCE, self.process.wait()).await.expect("it ends in time").expect("it has a status")
    }
}
