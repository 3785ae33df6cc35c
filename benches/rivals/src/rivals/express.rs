//! Not a Rust layer: the npm package, in a process of its own.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use super::{Built, NotBuilt, Rival};
use crate::policy::{APP, Headers, Origins, Policy};
use crate::service::{Layered, mark_run};

pub(super) const RIVAL: Rival =
    Rival { name: "express", subdomains: "regex", careless: "`origin: true`", is_elsewhere: true, build };

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/express");

pub(super) fn has_npm() -> bool {
    Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn build(policy: &Policy) -> Built {
    if policy.switch.is_some() {
        return Err(NotBuilt::Absent);
    }
    let folder = installed();
    let options = folder.join("options.js");
    fs::write(&options, javascript(policy)).expect("a file");
    let mut process = Command::new("node")
        .args([&folder.join("server.js"), &options])
        .env("NODE_ENV", "test")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let mut port = String::new();
    let output = process.stdout.take().expect("an output");
    BufReader::new(output).read_line(&mut port).expect("a line");
    match port.trim().parse() {
        Ok(port) => Ok(Box::new(Express { process, port })),
        Err(_) => Err(NotBuilt::Panic),
    }
}

/// The folder of the packages: installed once for each lockfile.
fn installed() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let program = env::current_exe().expect("a program");
        let folder = program.parent().and_then(Path::parent).expect("a folder").join("express");
        fs::create_dir_all(&folder).expect("a folder");
        let lock = fs::read(Path::new(SOURCES).join("package-lock.json")).expect("a file");
        // Written last, to mark a complete installation.
        let done = folder.join("installed.json");
        for name in ["package.json", "package-lock.json", "server.js"] {
            fs::copy(Path::new(SOURCES).join(name), folder.join(name)).expect("a copy");
        }
        if fs::read(&done).ok().as_ref() != Some(&lock) {
            let arguments = ["ci", "--no-fund", "--no-audit", "--ignore-scripts", "--loglevel=error"];
            let status = Command::new("npm").args(arguments).current_dir(&folder).status().expect("npm");
            assert!(status.success(), "npm ci: {status}");
            fs::write(&done, lock).expect("a file");
        }
        folder
    };
    FOLDER.get_or_init(make).clone()
}

/// The options, as its README writes them.
fn javascript(policy: &Policy) -> String {
    let origin = match &policy.origins {
        Origins::List(origins) => format!("{origins:?}"),
        Origins::Any => "'*'".to_owned(),
        Origins::Below(domain) => format!(r"/\.{}$/", domain.replace('.', r"\.")),
        Origins::Careless => "true".to_owned(),
        Origins::LookedUp => {
            format!("(origin, done) => setImmediate(() => done(null, origin === '{APP}' && origin))")
        }
    };
    let mut options = format!(
        "{{ origin: {origin}, credentials: {}, methods: {:?}, maxAge: {}",
        policy.credentials,
        policy.methods,
        policy.max_age.as_secs(),
    );
    if let Headers::List(names) = &policy.headers {
        write!(options, ", allowedHeaders: {names:?}").expect("text");
    }
    options + " }"
}

struct Express {
    process: Child,
    port: u16,
}

impl Drop for Express {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Layered for Express {
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let mut text =
            format!("{} {} HTTP/1.1\r\nconnection: close\r\n", request.method(), request.uri().path())
                .into_bytes();
        if !request.headers().contains_key("host") {
            text.extend(b"host: localhost\r\n");
        }
        for (name, value) in request.headers() {
            text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        text.extend(b"\r\n");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.write_all(&text).expect("a request");
        let mut response = Vec::new();
        // A server that refuses a long head closes the connection while it is sent.
        let _ = stream.read_to_end(&mut response);
        let (status, headers) = parse(&response);
        if headers.contains_key("x-handler-ran") {
            mark_run();
        }
        (status, headers)
    }
}

fn parse(response: &[u8]) -> (StatusCode, HeaderMap) {
    let mut lines = response.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let status = lines.next().and_then(|line| line.get(9..12)).expect("a status");
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let colon = line.iter().position(|byte| *byte == b':').expect("a header");
        let name = HeaderName::from_bytes(&line[..colon]).expect("a name");
        headers.append(name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).expect("a value"));
    }
    (StatusCode::from_bytes(status).expect("a status"), headers)
}
