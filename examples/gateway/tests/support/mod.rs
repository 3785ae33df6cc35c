//! The program, on ports of its own.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// The process. Dropping it ends it.
pub(crate) struct Program {
    process: Child,
    /// Where the gateway listens: `127.0.0.1:3010`.
    pub(crate) address: String,
    /// What it prints after the first line. Kept open: a program whose output nobody can read stops.
    pub(crate) printed: Lines<BufReader<ChildStdout>>,
    folder: PathBuf,
}

impl Program {
    /// With a file, or with the one that it brings along.
    pub(crate) async fn start(config: Option<&str>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tower-cors-gateway-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("site")).expect("there is room for a folder");
        std::fs::write(folder.join("site/index.html"), "a page\n").expect("there is room for a file");

        let mut command = Command::new(env!("CARGO_BIN_EXE_example-gateway"));
        if let Some(config) = config {
            let file = folder.join("gateway.toml");
            std::fs::write(&file, config).expect("there is room for a file");
            command.arg(file);
        }
        command.env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("it starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let line = printed.next_line().await.expect("it prints text").unwrap_or_default();
        let address = line.strip_prefix("listening on http://").and_then(|line| line.split(';').next());
        let address = address.unwrap_or_else(|| panic!("it must print its address: {line:?}")).to_owned();
        Self { process, address, printed, folder }
    }
}

impl Program {
    /// Tells it to end, as a supervisor does.
    pub(crate) async fn terminate(&self) {
        let id = self.process.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.expect("there is `kill`");
        assert!(sent.success());
    }

    /// That it does, and has no complaint.
    pub(crate) async fn ends(mut self) {
        let status = timeout(Duration::from_secs(20), self.process.wait()).await.expect("it takes too long");
        let mut errors = String::new();
        let stderr = self.process.stderr.as_mut().expect("it is piped");
        stderr.read_to_string(&mut errors).await.expect("it prints text");
        assert!(status.expect("it can be asked").success() && errors.is_empty(), "{errors}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
