//! The browsers, and the programs that each needs.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// A name that Chromium and Firefox resolve to this machine.
pub(crate) const NAME: &str = "rebind.test";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// Where a browser and its driver are.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
    /// A virtual display, for a browser that needs one.
    pub(crate) display: Option<PathBuf>,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The programs, or the name of a missing one.
    pub(crate) fn programs(self) -> Result<Programs, String> {
        let (browser, driver) = match self {
            Self::Chromium => (&["chromium", "chromium-browser", "google-chrome"][..], "chromedriver"),
            Self::Firefox => (&["firefox-esr", "firefox"][..], "geckodriver"),
            // The browser that comes with the library.
            Self::WebKit => (&["MiniBrowser"][..], "WebKitWebDriver"),
        };
        let missing = |name: &str| format!("{name} is not installed");
        let display = match self {
            Self::WebKit => Some(find("Xvfb").ok_or_else(|| missing("Xvfb"))?),
            Self::Chromium | Self::Firefox => None,
        };
        Ok(Programs {
            browser: browser.iter().find_map(|name| find(name)).ok_or_else(|| missing(browser[0]))?,
            driver: find(driver).ok_or_else(|| missing(driver))?,
            display,
        })
    }

    /// The `WebDriver` capabilities for an isolated browser: no window, no background network requests, and a new profile.
    /// Chromium and Firefox also take `arguments`.
    pub(crate) fn capabilities(
        self,
        browser: &Path,
        profile: &Path,
        arguments: &[&str],
    ) -> Map<String, Value> {
        let mut capabilities = match self {
            Self::Chromium => json!({
                "goog:loggingPrefs": { "browser": "ALL" },
                "goog:chromeOptions": {
                    "binary": browser,
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", format!("--user-data-dir={}", profile.display()),
                        format!("--host-resolver-rules=MAP {NAME} 127.0.0.1"),
                    ],
                },
            }),
            Self::Firefox => json!({
                "moz:firefoxOptions": {
                    "binary": browser,
                    "args": ["-headless", "-profile", profile],
                    "prefs": {
                        "app.update.enabled": false,
                        "browser.safebrowsing.malware.enabled": false,
                        "browser.safebrowsing.phishing.enabled": false,
                        "network.captive-portal-service.enabled": false,
                        "network.connectivity-service.enabled": false,
                        "network.dns.localDomains": NAME,
                    },
                },
            }),
            Self::WebKit => json!({
                "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] },
            }),
        };
        for options in ["goog:chromeOptions", "moz:firefoxOptions"] {
            if let Some(Value::Array(all)) = capabilities.pointer_mut(&format!("/{options}/args")) {
                all.extend(arguments.iter().map(|argument| json!(argument)));
            }
        }
        let mut capabilities = match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => Map::new(),
        };
        // Servers here have self-signed certificates.
        capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
        capabilities.insert("timeouts".to_owned(), json!({ "script": 120_000, "pageLoad": 60_000 }));
        capabilities
    }
}

/// On the `PATH`, where cargo installs programs, or where Debian hides a library's.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let cargo = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo/bin"));
    let library = format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1", std::env::consts::ARCH);
    let mut directories = std::env::split_paths(&path).chain(cargo).chain([library.into()]);
    directories.find_map(|directory| Some(directory.join(name)).filter(|file| file.is_file()))
}
