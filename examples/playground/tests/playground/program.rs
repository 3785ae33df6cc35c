//! The playground itself, started on ports of its own.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The process. Dropping it ends it.
pub(crate) struct Program(#[expect(dead_code, reason = "kept until the test is over")] Child);

/// Where it serves what.
pub(crate) struct Origins {
    pub(crate) page: String,
    pub(crate) api: String,
    pub(crate) stranger: String,
}

impl Program {
    pub(crate) async fn start() -> (Self, Origins) {
        let mut process = Command::new(env!("CARGO_BIN_EXE_example-playground"))
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut origins = Vec::new();
        while origins.len() < 3 {
            let line = lines.next_line().await.expect("it prints text").expect("it prints its origins");
            // Each on a line of its own, with what it is.
            if let Some((origin, _)) = line.split_once("  ") {
                origins.push(origin.to_owned());
            }
        }
        let [page, api, stranger] = origins.try_into().expect("three");
        (Self(process), Origins { page, api, stranger })
    }
}
