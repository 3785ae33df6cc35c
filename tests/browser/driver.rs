//! A browser and its driver: started, used, and ended by process id.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use libtest_mimic::Failed;
use serde_json::json;

use super::console::{Console, ReadConsole, reasons};
use super::engine::{Engine, Programs};
use super::script::{AllSeen, script};
use super::server::Server;
use crate::data::case::Case;

pub(crate) struct Driver {
    engine: Engine,
    client: Client,
    process: Process,
}

/// A driver's process, which is the leader of a group that its browser is in. Dropping it ends them all.
struct Process {
    child: Child,
    profile: PathBuf,
    /// Ended after the browser that is on it.
    _display: Option<Display>,
}

/// An X server without a screen.
struct Display {
    child: Child,
    /// `:` and its number.
    name: String,
}

impl Driver {
    /// Between the choice of a port and the driver's listening somebody else may take it; the next choice is another.
    pub(crate) async fn start(engine: Engine, programs: &Programs) -> Result<Self, Failed> {
        match Self::try_start(engine, programs).await {
            Ok(driver) => Ok(driver),
            Err(_) => Self::try_start(engine, programs).await,
        }
    }

    async fn try_start(engine: Engine, programs: &Programs) -> Result<Self, Failed> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Process::start(engine, programs, port)?;
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(engine.capabilities(&programs.browser, &process.profile));
        let url = format!("http://127.0.0.1:{port}");
        // The driver takes a moment until it listens.
        for _ in 0..100 {
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                let client = builder.connect(&url).await?;
                return Ok(Self { engine, client, process });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{} does not listen", programs.driver.display()).into())
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// Goes to a page of this origin. `null` is a sandboxed frame in one.
    pub(crate) async fn open(&self, server: &Server, page: &str) -> Result<(), Failed> {
        if page == "null" {
            self.client.goto(&format!("http://localhost:{}/frame", server.ports.page)).await?;
            self.client.enter_frame(0).await?;
        } else {
            self.client.goto(&format!("{page}/page")).await?;
        }
        let origin = self.client.execute("return window.origin", Vec::new()).await?;
        if origin == page { Ok(()) } else { Err(format!("the page is at {origin}, not {page}").into()) }
    }

    /// Goes to any page.
    pub(crate) async fn goto(&self, url: &str) -> Result<(), Failed> {
        Ok(self.client.goto(url).await?)
    }

    /// Runs a script in the page, until it calls its last argument.
    pub(crate) async fn execute_async(&self, script: &str) -> Result<serde_json::Value, Failed> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Runs all these cases in the page, in one script.
    pub(crate) async fn run(&self, server: &Server, cases: &[&Case]) -> Result<AllSeen, Failed> {
        let scripts: Vec<_> = cases.iter().map(|case| script(case, server)).collect();
        let run =
            "const [cases, done] = arguments; runCases(cases).then(done, (error) => done(String(error)))";
        let seen = self.client.execute_async(run, vec![json!(scripts)]).await?;
        serde_json::from_value(seen.clone()).map_err(|error| format!("{error}: {seen}").into())
    }

    /// The reasons in the browser's console, if the driver shows it.
    pub(crate) async fn console(&self) -> Result<Option<Console>, Failed> {
        Ok(match self.engine {
            Engine::Chromium => Some(reasons(&self.client.issue_cmd(ReadConsole).await?)),
            Engine::Firefox | Engine::WebKit => None,
        })
    }

    /// Lets the browser end in its own way, where it still can.
    pub(crate) async fn quit(self) {
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.close()).await;
        drop(self.process);
    }
}

impl Process {
    fn start(engine: Engine, programs: &Programs, port: u16) -> std::io::Result<Self> {
        let profile = std::env::temp_dir().join(format!("tower-cors-{}-{port}", engine.name()));
        std::fs::create_dir_all(&profile)?;
        let mut command = Command::new(&programs.driver);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Browsers put what they do not put into a profile into a home.
        command.env("HOME", &profile).env("TMPDIR", &profile);
        let display = programs.display.as_ref().map(|program| Display::start(program)).transpose()?;
        if let Some(display) = &display {
            command.env("DISPLAY", &display.name).env("XDG_RUNTIME_DIR", &profile);
        }
        match engine {
            Engine::Chromium => command.arg(format!("--port={port}")),
            Engine::Firefox => command.args(["--host", "127.0.0.1", "--port", &port.to_string()]),
            Engine::WebKit => command.arg(format!("--port={port}")).arg("--host=127.0.0.1"),
        };
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Self { child: command.spawn()?, profile, _display: display })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group has the driver's own process id: it ends a browser that the driver has left behind.
        #[cfg(unix)]
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Display {
    fn start(program: &Path) -> std::io::Result<Self> {
        let mut command = Command::new(program);
        // It takes the first number that is free, and says which when it is ready.
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut number = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        Ok(Self { child, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It takes its lock and its socket away when it is asked to end, not when it is killed.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
