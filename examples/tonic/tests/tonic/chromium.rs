//! A server for the page, and Chromium, which opens the page and sends back what it shows.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

/// Time for all calls together, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The files of the page: a path and its content.
pub(crate) type Files = Vec<(&'static str, String)>;

/// Opens the page at this host, and returns what it reports.
pub(crate) fn report(files: Files, host: &str, api: &str, profile: &Path) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it has an address").port();
    let (sender, reports) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (files, sender) = (files.clone(), sender.clone());
            // A browser opens more connections than it uses.
            std::thread::spawn(move || serve(&stream, &files, &sender));
        }
    });
    let _browser = Browser::open(&format!("http://{host}:{port}/?api={api}"), profile);
    receive(&reports)
}

fn receive(reports: &Receiver<String>) -> Value {
    let report = reports.recv_timeout(PATIENCE).expect("the page reports what it has shown");
    serde_json::from_str(&report).expect("JSON")
}

/// One request on each connection.
fn serve(mut stream: &TcpStream, files: &Files, reports: &Sender<String>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut request_line = String::new();
    reader.read_line(&mut request_line).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let path = request_line.split(' ').nth(1)?.split('?').next()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let content = files.iter().find(|(name, _)| *name == path).map(|(_, content)| content.as_str());
    let status = if content.is_some() || path == "/report" { "200 OK" } else { "404 Not Found" };
    let kind = if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "js") {
        "text/javascript"
    } else {
        "text/html"
    };
    let content = content.unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        content.len()
    );
    stream.write_all((head + content).as_bytes()).ok()?;
    if path == "/report" {
        reports.send(String::from_utf8(body).ok()?).ok()?;
    }
    Some(())
}

/// The process. Dropping it ends it.
struct Browser(Child);

impl Browser {
    fn open(url: &str, profile: &Path) -> Self {
        let mut command = Command::new("chromium");
        command
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg("--disable-dev-shm-usage")
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(url)
            .env("HOME", profile)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self(command.spawn().expect("Chromium starts"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // So it ends the processes that it has started.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}
