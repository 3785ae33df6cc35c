//! The real proxies, as their packages install them.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_yaml_ng::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proxy {
    Nginx,
    Caddy,
    Haproxy,
    Envoy,
}

/// How long a proxy may take before it listens.
const MAX_START: Duration = Duration::from_secs(20);

impl Proxy {
    /// The name of its program, and of the target.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
            Self::Envoy => "envoy",
        }
    }

    /// A loopback address for this proxy and this run only, so no other connection of this machine uses its ports.
    pub(super) fn host(self, nth: u8) -> String {
        let [high, low, ..] = std::process::id().to_be_bytes()[2..] else { unreachable!("four bytes") };
        format!("127.{}.{low}.{}", 1 + high % 200, 10 + self as u8 + nth * 10)
    }

    /// Its version, if it is installed.
    pub(super) fn version(self) -> Option<String> {
        let flag = match self {
            Self::Caddy => "version",
            Self::Envoy => "--version",
            Self::Nginx | Self::Haproxy => "-v",
        };
        let ran = Command::new(self.program()).arg(flag).output();
        let version =
            ran.ok().map(|ran| String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned());
        let is_required = std::env::var("TOWER_CORS_PROXIES")
            .is_ok_and(|names| names.split(',').any(|name| name == self.name()));
        assert!(version.is_some() || !is_required, "{} is not installed", self.name());
        version
    }

    /// Some packages install it to a folder on the `PATH` of root only.
    fn program(self) -> PathBuf {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            std::env::split_paths(&folders).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
        let mut programs = folders.map(|folder| folder.join(self.name()));
        programs.find(|program| program.is_file()).unwrap_or_else(|| self.name().into())
    }

    /// Runs it with these configurations, as they were exported.
    pub(super) fn start(self, configurations: &[String], listens: SocketAddr, nth: u8) -> Running {
        let folder = self.folder(&format!("run-{nth}"));
        let files: Vec<PathBuf> = configurations
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let file = folder.join(format!("{number:03}.cfg"));
                fs::write(&file, text).expect("the target can be written");
                file
            })
            .collect();
        let mut command = Command::new(self.program());
        match self {
            Self::Nginx => command.args(["-c", &text(&nginx_main(&folder, &files))]),
            Self::Caddy => {
                let main = folder.join("Caddyfile");
                let imports =
                    files.iter().map(|file| format!("import {}\n", text(file))).collect::<Vec<_>>().concat();
                let options = "{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\tlevel ERROR\n\t}\n}\n";
                fs::write(&main, format!("{options}{imports}")).expect("the target can be written");
                command.env("HOME", &folder).env("XDG_DATA_HOME", &folder).env("XDG_CONFIG_HOME", &folder);
                command.args(["run", "--adapter", "caddyfile", "--config", &text(&main)])
            }
            Self::Haproxy => {
                let main = folder.join("main.cfg");
                let defaults = "global\n    maxconn 2000\ndefaults\n    timeout client 30s\n    timeout server 30s\n    timeout connect 5s\n";
                fs::write(&main, defaults).expect("the target can be written");
                command.arg("-db").arg("-f").arg(main);
                files.iter().fold(&mut command, |command, file| command.arg("-f").arg(file))
            }
            Self::Envoy => {
                let main = folder.join("main.yaml");
                fs::write(&main, bootstrap(configurations)).expect("the target can be written");
                command.args(["--config-path", &text(&main), "--log-level", "error", "--concurrency", "2"]);
                command.args(["--disable-hot-restart", "--reject-unknown-dynamic-fields"])
            }
        };
        let log = fs::File::create(folder.join("log")).expect("the target can be written");
        let errors = log.try_clone().expect("a file");
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        let mut running =
            Running { child: command.spawn().expect("it is installed"), log: folder.join("log") };
        let start = Instant::now();
        while TcpStream::connect(listens).is_err() {
            let has_ended = running.child.try_wait().expect("a child").is_some();
            assert!(!has_ended && start.elapsed() < MAX_START, "{}: {}", self.name(), running.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    pub(super) fn folder(self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{}-{name}", self.name()));
        // Files of an earlier run.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the target can be written");
        folder
    }
}

fn nginx_main(folder: &Path, files: &[PathBuf]) -> PathBuf {
    let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("    {what}_temp_path {}/{what};\n", text(folder)))
        .concat();
    let includes =
        files.iter().map(|file| format!("    include {};\n", text(file))).collect::<Vec<_>>().concat();
    let main = folder.join("nginx.conf");
    // Run as one process, so ending it ends all of the proxy.
    let text = format!(
        "daemon off;\nmaster_process off;\npid {0}/pid;\nerror_log stderr error;\nevents {{}}\nhttp {{\n    access_log off;\n    variables_hash_max_size 8192;\n{paths}{includes}}}\n",
        text(folder)
    );
    fs::write(&main, text).expect("the target can be written");
    main
}

/// Envoy takes one file with all listeners and clusters.
fn bootstrap(configurations: &[String]) -> String {
    let (mut listeners, mut clusters, mut layers) = (Vec::new(), Vec::new(), Vec::new());
    for configuration in configurations {
        let document: Value = serde_yaml_ng::from_str(configuration).expect("YAML");
        let list = |value: &Value| value.as_sequence().cloned().unwrap_or_default();
        listeners.extend(list(&document["static_resources"]["listeners"]));
        clusters.extend(list(&document["static_resources"]["clusters"]));
        layers.extend(
            document.get("layered_runtime").map(|runtime| list(&runtime["layers"])).unwrap_or_default(),
        );
    }
    let document = serde_json::json!({
        "static_resources": { "listeners": listeners, "clusters": clusters },
        "layered_runtime": { "layers": layers },
    });
    document.to_string()
}

fn text(path: &Path) -> String {
    path.to_str().expect("the target's path is text").to_owned()
}

/// Ends with the test.
pub(super) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
