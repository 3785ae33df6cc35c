//! A browser and its driver: started, used, and ended by process id.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use libtest_mimic::Failed;

use super::engine::{Engine, Programs};

pub(crate) struct Driver {
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    process: Process,
}

/// The process of a driver. It leads a process group, which its browser is in too. Dropping it ends the whole group.
struct Process {
    child: Child,
    profile: PathBuf,
    /// Ended after the browser that uses it.
    _display: Option<Display>,
}

/// An X server without a screen.
struct Display {
    child: Child,
    /// `:` and its number.
    name: String,
}

impl Driver {
    #[allow(dead_code, reason = "the recorder of saved requests starts its browsers with more")]
    pub(crate) async fn start(engine: Engine, programs: &Programs) -> Result<Self, Failed> {
        Self::start_with(engine, programs, &[], &[]).await
    }

    /// With more arguments for the driver and for the browser.
    ///
    /// Another process may take the port before the driver listens on it. The next attempt uses another port.
    pub(crate) async fn start_with(
        engine: Engine,
        programs: &Programs,
        driver: &[&str],
        browser: &[&str],
    ) -> Result<Self, Failed> {
        match Self::try_start(engine, programs, driver, browser).await {
            Ok(driver) => Ok(driver),
            Err(_) => Self::try_start(engine, programs, driver, browser).await,
        }
    }

    async fn try_start(
        engine: Engine,
        programs: &Programs,
        driver: &[&str],
        browser: &[&str],
    ) -> Result<Self, Failed> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Process::start(engine, programs, port, driver)?;
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(engine.capabilities(&programs.browser, &process.profile, browser));
        let url = format!("http://127.0.0.1:{port}");
        // The driver needs a moment before it listens.
        for _ in 0..100 {
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                let client = builder.connect(&url).await?;
                return Ok(Self { engine, client, process });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{} does not listen", programs.driver.display()).into())
    }

    /// Lets the browser end by itself, if it still can.
    pub(crate) async fn quit(self) {
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.close()).await;
        drop(self.process);
    }
}

impl Process {
    fn start(engine: Engine, programs: &Programs, port: u16, arguments: &[&str]) -> std::io::Result<Self> {
        let profile = std::env::temp_dir().join(format!("tower-cors-{}-{port}", engine.name()));
        std::fs::create_dir_all(&profile)?;
        let mut command = Command::new(&programs.driver);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Browsers write files outside the profile to the home folder.
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
        // The group id is the driver's process id. This also ends a browser that the driver left behind.
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
        // It takes the first free number, and prints it when it is ready.
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
        // It removes its lock and its socket when it is terminated, but not when it is killed.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
