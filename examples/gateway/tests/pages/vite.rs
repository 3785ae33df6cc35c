//! Vite's development server, installed from the registry into the folder of this build, once.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

pub(crate) fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join("npm").is_file())
}

/// The process. Dropping it ends it.
pub(crate) struct Vite {
    _process: Child,
    /// `http://localhost:5173`.
    pub(crate) address: String,
}

impl Vite {
    pub(crate) async fn start(upstream: &str) -> Self {
        let folder = installed().await;
        let mut command = Command::new("node");
        command.args([
            "node_modules/vite/bin/vite.js",
            "--port",
            "0",
            "--host",
            "127.0.0.1",
            "--clearScreen",
            "false",
        ]);
        command.current_dir(folder).env("UPSTREAM", upstream).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("node starts");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        while let Some(line) = lines.next_line().await.expect("it prints text") {
            println!("{line}");
            if let Some((_, address)) = line.split_once("Local:") {
                let address = address.trim().trim_end_matches('/').to_owned();
                return Self { _process: process, address };
            }
        }
        panic!("Vite ended without naming its address");
    }

    /// A whole answer, as text.
    pub(crate) async fn get(&self, path: &str, origin: &str) -> String {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.expect("it listens");
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        answer
    }
}

/// The folder `vite`, beside the site that its configuration names.
async fn installed() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let _one = ONE_AT_A_TIME.lock().await;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gateway");
    for name in [
        "vite/package.json",
        "vite/vite.config.js",
        "src/site/index.html",
        "src/site/page.js",
        "src/site/style.css",
    ] {
        let file = there.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("there is room for a folder");
        std::fs::copy(here.join(name), file).expect("there is room for a file");
    }
    let folder = there.join("vite");
    if !folder.join("node_modules/vite/bin/vite.js").is_file() {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--prefer-offline",
            "--loglevel=error",
        ]);
        let status = npm.current_dir(&folder).stdout(Stdio::null()).status().await.expect("npm starts");
        assert!(status.success(), "npm could not install Vite: {status}");
    }
    folder
}
