//! Chromium and Firefox, driven through `WebDriver`: started, used, and ended by process id.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::sleep;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
}

impl Engine {
    pub(crate) const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Whether its tests are ignored.
    pub(crate) fn is_missing(self) -> bool {
        let required = std::env::var("TOWER_CORS_BROWSERS").unwrap_or_default();
        let is_required = required.split(',').any(|word| word == "required" || word == self.name());
        !is_required && self.driver().is_none()
    }

    /// On the `PATH`, or where cargo installs programs.
    fn driver(self) -> Option<PathBuf> {
        let name = match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
        };
        let path = std::env::var_os("PATH")?;
        let cargo = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo/bin"));
        let mut folders = std::env::split_paths(&path).chain(cargo);
        folders.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()))
    }

    /// A browser without a window. `rule` maps names to addresses, in Chromium alone.
    fn capabilities(self, rule: &str) -> Capabilities {
        let capabilities = match self {
            Self::Chromium => json!({
                "goog:chromeOptions": { "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update",
                    "--disable-background-networking", "--disable-dev-shm-usage", "--window-size=900,900",
                    format!("--host-resolver-rules={rule}"),
                ] },
            }),
            Self::Firefox => json!({
                "moz:firefoxOptions": {
                    "args": ["-headless"],
                    "prefs": {
                        "app.update.enabled": false,
                        "network.captive-portal-service.enabled": false,
                        "network.connectivity-service.enabled": false,
                    },
                },
            }),
        };
        serde_json::from_value(capabilities).expect("it is an object")
    }
}

/// A browser for a test, reused by the next one if the test passes.
pub(crate) struct Browser {
    engine: Engine,
    client: Client,
    /// Ends the browser when it is dropped.
    driver: Option<Driver>,
}

/// The driver's process, which is the leader of a group that its browser is in. Dropping it ends them all.
struct Driver {
    process: Child,
    /// A folder for the files of this browser only.
    home: PathBuf,
}

/// Idle browsers: starting one takes longer than most tests.
static IDLE: Mutex<Vec<(Engine, Client, Driver)>> = Mutex::new(Vec::new());

fn idle() -> MutexGuard<'static, Vec<(Engine, Client, Driver)>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the browsers that no test uses.
pub(crate) fn end_idle() {
    idle().clear();
}

impl Browser {
    /// One that is idle, or a new one.
    pub(crate) async fn of(engine: Engine) -> Self {
        let found = {
            let mut idle = idle();
            idle.iter().position(|(idle, ..)| *idle == engine).map(|index| idle.swap_remove(index))
        };
        match found {
            Some((engine, client, driver)) => Self { engine, client, driver: Some(driver) },
            None => Self::start(engine, "").await,
        }
    }

    /// A new one, with a rule for names, as `MAP example.com 127.0.0.1:3000`.
    pub(crate) async fn start(engine: Engine, rule: &str) -> Self {
        // Another program may take the port before the driver does.
        for _ in 0..3 {
            if let Some((client, driver)) = Driver::start(engine, rule).await {
                return Self { engine, client, driver: Some(driver) };
            }
        }
        panic!("{} does not start", engine.name());
    }

    /// Ends it, because no other test may use it.
    pub(crate) fn end(mut self) {
        self.driver = None;
    }

    pub(crate) async fn go_to(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    /// Runs a script beside those of the page, and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let script = format!(
            "const [done] = arguments;
             (async () => {{ {script} }})().then(done, (error) => done(`failed: ${{error}}`));"
        );
        self.client.execute_async(&script, Vec::new()).await.expect("the script runs")
    }

    pub(crate) async fn click(&self, selector: &str) {
        let found = self.client.find(Locator::Css(selector)).await.expect("it is on the page");
        found.click().await.expect("it can be clicked");
    }

    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let found = self.client.find(Locator::Css(selector)).await.expect("it is on the page");
        found.clear().await.expect("it can be cleared");
        found.send_keys(text).await.expect("it takes keys");
    }

    /// Waits until an element has a text that says so.
    pub(crate) async fn wait_for(&self, selector: &str, text: &str) -> String {
        let mut shown = String::new();
        for _ in 0..600 {
            shown = match self.client.find(Locator::Css(selector)).await {
                Ok(found) => found.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if shown.contains(text) {
                return shown;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{selector} does not say {text:?}, but {shown:?}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take().filter(|_| !std::thread::panicking()) {
            idle().push((self.engine, self.client.clone(), driver));
        }
    }
}

impl Driver {
    async fn start(engine: Engine, rule: &str) -> Option<(Client, Self)> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = port.expect("there is a free port").port();
        let driver = Self::spawn(engine, port);
        for _ in 0..100 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(engine.capabilities(rule));
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.ok()?;
        Some((client, driver))
    }

    fn spawn(engine: Engine, port: u16) -> Self {
        let program = engine.driver().unwrap_or_else(|| panic!("no driver for {}", engine.name()));
        let name = format!("example-mcp-{}-{}-{port}", engine.name(), std::process::id());
        let home = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&home).expect("there is room for a profile");
        let mut command = Command::new(program);
        command.arg(format!("--port={port}")).env("HOME", &home).env("TMPDIR", &home);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Self { process: command.spawn().expect("the driver starts"), home }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The group has the driver's own process id.
        #[cfg(unix)]
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.process.id())]).status();
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}
