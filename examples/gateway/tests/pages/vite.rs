//! Vite's development server, installed from the registry into the folder of this build, once.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::Mutex;

pub(crate) fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join("npm").is_file())
}

/// The process. Dropping it ends it.
pub(crate) struct Vite {
    _process: Child,
    /// Kept open: it ends where it cannot print.
    _printed: Lines<BufReader<ChildStdout>>,
    /// `http://127.0.0.1:5173`.
    pub(crate) address: String,
}

pub(crate) enum Config {
    /// The example's.
    Ours,
    /// The same without `cors: false`.
    WithoutCorsLine,
}

impl Vite {
    pub(crate) async fn start(upstream: &str, config: Config) -> Self {
        let folder = installed().await;
        let config = match config {
            Config::Ours => "vite.config.js",
            Config::WithoutCorsLine => "without-cors.config.js",
        };
        let mut command = Command::new("node");
        command.args([
            "node_modules/vite/bin/vite.js",
            "--config",
            config,
            "--port",
            "0",
            "--host",
            "127.0.0.1",
        ]);
        command.current_dir(folder).env("UPSTREAM", upstream).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("node starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        while let Some(line) = printed.next_line().await.expect("it prints text") {
            if let Some((_, address)) = line.split_once("Local:") {
                let address = address.trim().trim_end_matches('/').to_owned();
                return Self { _process: process, _printed: printed, address };
            }
        }
        panic!("Vite ended without naming its address");
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, origin: &str, headers: &[&str]) -> Answer {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.expect("it listens");
        let mut lines =
            vec![format!("{method} {path} HTTP/1.1"), format!("host: {host}"), format!("origin: {origin}")];
        lines.extend(headers.iter().map(|line| (*line).to_owned()));
        lines.push("connection: close\r\n\r\n".to_owned());
        stream.write_all(lines.join("\r\n").as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        Answer(answer)
    }
}

/// A whole one, as text.
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> &str {
        self.0.split(' ').nth(1).expect("a status")
    }

    /// Who may read it, and whether with credentials.
    pub(crate) fn granted(&self) -> Vec<String> {
        let names = ["access-control-allow-origin", "access-control-allow-credentials"];
        let lines =
            self.0.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
        let lines = lines.map(|(name, value)| (name.to_ascii_lowercase(), value));
        let granted = lines.filter(|(name, _)| names.contains(&name.as_str()));
        granted.map(|(name, value)| format!("{name}: {value}")).collect()
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
    let config = std::fs::read_to_string(here.join("vite/vite.config.js")).expect("it is there");
    let without = config.replace("cors: false,", "");
    assert_ne!(without, config);
    std::fs::write(folder.join("without-cors.config.js"), without).expect("there is room for a file");
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
