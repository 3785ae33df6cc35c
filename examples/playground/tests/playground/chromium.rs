//! Chromium, driven through `chromedriver`: started, used, and ended by process id.

use std::fmt::Debug;
use std::future::Future;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use url::{ParseError, Url};

const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
];

/// Whether there is a driver to start.
pub(crate) fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join("chromedriver").is_file())
}

/// Opens a browser, hands it to a test, and closes it, whatever the test did.
pub(crate) async fn with<F>(test: impl FnOnce(Browser) -> F) -> Result<(), String>
where
    F: Future<Output = ()> + Send + 'static,
{
    let driver = Driver::start().await;
    let client = driver.open().await;
    // A task of its own, so that a panic comes back as a value.
    let outcome = tokio::spawn(test(Browser(client.clone()))).await;
    // In its own way, where it still can.
    let _ = timeout(Duration::from_secs(10), client.close()).await;
    drop(driver);
    outcome.map_err(|panic| panic.to_string())
}

/// The driver's process, which is the leader of a group that its browser is in. Dropping it ends them all.
struct Driver {
    process: Child,
    port: u16,
    /// A directory that no other browser has.
    profile: PathBuf,
}

impl Driver {
    /// Drivers that start at once now and then choose the same free port, and all but one of them end.
    async fn start() -> Self {
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            if let Some(driver) = Self::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver ended {TRIES} times without naming a port");
    }

    async fn try_start() -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tower-cors-playground-{}-{number}", std::process::id());
        let profile = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&profile).expect("there is room for a profile");

        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Browsers put what they do not put into a profile into a home.
        command.env("HOME", &profile).env("TMPDIR", &profile);
        #[cfg(unix)]
        command.process_group(0);
        let process = command.spawn().expect("chromedriver starts");

        let mut driver = Self { process, port: 0, profile };
        driver.port = driver.read_port().await?;
        Some(driver)
    }

    /// It takes any free port and prints which.
    async fn read_port(&mut self) -> Option<u16> {
        let mut lines = BufReader::new(self.process.stdout.take().expect("it is piped")).lines();
        while let Some(line) = lines.next_line().await.expect("the driver prints text") {
            let port = line.trim_end_matches('.').rsplit_once("successfully on port ");
            if let Some(port) = port.and_then(|(_, port)| port.parse().ok()) {
                return Some(port);
            }
        }
        None
    }

    async fn open(&self) -> Client {
        let profile = format!("--user-data-dir={}", self.profile.display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([profile.as_str()]).collect();
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let capabilities: Capabilities = serde_json::from_value(capabilities).expect("it is an object");
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("Chromium starts")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The group has the driver's own process id: it ends a browser that the driver has left behind.
        #[cfg(unix)]
        if let Some(id) = self.process.id() {
            let kill = ["-KILL", "--", &format!("-{id}")];
            let _ = std::process::Command::new("kill").args(kill).status();
        }
        let _ = self.process.start_kill();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A browser with the few verbs that the tests need.
pub(crate) struct Browser(Client);

impl Browser {
    pub(crate) async fn go_to(&self, url: &str) {
        self.0.goto(url).await.expect("the page loads");
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.0.set_window_size(width, height).await.expect("a window can be resized");
    }

    /// As a visitor's settings would: `light` or `dark`.
    pub(crate) async fn prefer_color_scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let command = Devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
        self.0.issue_cmd(command).await.expect("Chromium has the command");
    }

    /// The visible part of the page, as PNG.
    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        self.0.screenshot().await.expect("a page can be drawn")
    }

    /// Runs a script in the page, with `arguments[0]`, and returns what it returns.
    pub(crate) async fn run(&self, script: &str, argument: impl Into<Value>) -> Value {
        self.0.execute(script, vec![argument.into()]).await.expect("the script runs")
    }

    /// Runs a script that hands what it makes to the function that is its argument.
    pub(crate) async fn run_async(&self, script: &str) -> Value {
        self.0.execute_async(script, Vec::new()).await.expect("the script runs")
    }

    /// Asks the page until it says yes.
    pub(crate) async fn wait_until(&self, condition: &str) {
        let script = format!("return Boolean({condition})");
        for _ in 0..200 {
            if self.run(&script, Value::Null).await == true {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("it did not become true: {condition}");
    }

    /// Types into whatever has the focus.
    pub(crate) async fn type_keys(&self, keys: &str) {
        let focused = self.0.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("it takes keys");
    }

    /// What is in the console since it was last read, as `source: message`, with its level in front.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.0.issue_cmd(ReadConsole).await.expect("Chromium has a log");
        let entries = entries.as_array().expect("it is a list").iter();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        entries
            .map(|entry| {
                format!("{} {}: {}", text(entry, "level"), text(entry, "source"), text(entry, "message"))
            })
            .collect()
    }
}

/// A command of Chromium alone: the standard has none for the console.
#[derive(Debug)]
struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// A command of Chromium's developer tools, and its parameters.
#[derive(Debug)]
struct Devtools(&'static str, Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &Url) -> (http::Method, Option<String>) {
        let Self(command, parameters) = self;
        (http::Method::POST, Some(json!({ "cmd": command, "params": parameters }).to_string()))
    }
}
