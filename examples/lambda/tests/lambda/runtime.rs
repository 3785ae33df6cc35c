//! The runtime API, and a function that takes its events from it: `lambda_runtime`'s own client, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::PROGRAM;

/// Enough time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The function's process, which ends when it is dropped, and its requests.
pub(crate) struct Function {
    process: Child,
    requests: Receiver<Received>,
    /// The connection of the last request.
    connection: Option<TcpStream>,
}

struct Received {
    line: String,
    body: String,
    connection: TcpStream,
}

impl Function {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it has an address").to_string();
        let process = Command::new(PROGRAM)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "example")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || receive_all(&listener, &sender));
        Self { process, requests, connection: None }
    }

    /// Hands an event over, and returns the function's answer.
    pub(crate) fn invoke(&mut self, event: &Value) -> Value {
        let (line, _) = self.receive();
        assert_eq!(line, "GET /2018-06-01/runtime/invocation/next HTTP/1.1");
        let head = "lambda-runtime-aws-request-id: one\r\n\
                    lambda-runtime-deadline-ms: 9999999999999\r\n\
                    lambda-runtime-invoked-function-arn: arn:aws:lambda:local:111122223333:function:example\r\n";
        self.send("200 OK", head, &event.to_string());
        let (line, answer) = self.receive();
        assert_eq!(line, "POST /2018-06-01/runtime/invocation/one/response HTTP/1.1", "{answer}");
        self.send("202 Accepted", "", "");
        serde_json::from_str(&answer).expect("JSON")
    }

    /// The function's next request: its first line, and its body.
    fn receive(&mut self) -> (String, String) {
        let Received { line, body, connection } = self.requests.recv_timeout(PATIENCE).expect("a request");
        self.connection = Some(connection);
        (line, body)
    }

    fn send(&mut self, status: &str, head: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{head}\r\n{body}"
        );
        let connection = self.connection.as_mut().expect("a connection");
        connection.write_all(answer.as_bytes()).expect("it is sent");
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads every connection at the same time: the client may open a second one, and keep the first one open.
fn receive_all(listener: &TcpListener, sender: &Sender<Received>) {
    for stream in listener.incoming().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            while let Some((line, body)) = read_request(&mut reader) {
                let connection = reader.get_ref().try_clone().expect("a connection");
                if sender.send(Received { line, body, connection }).is_err() {
                    return;
                }
            }
        });
    }
}

/// `None` where the connection has ended.
fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let value = |name: &str| {
        lines.iter().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)))
    };
    let body = match (value("content-length"), value("transfer-encoding")) {
        (Some((_, length)), _) => read(reader, length.parse().ok()?)?,
        (None, Some(_)) => read_chunks(reader)?,
        (None, None) => Vec::new(),
    };
    Some((lines.first()?.clone(), String::from_utf8(body).ok()?))
}

fn read(reader: &mut impl Read, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn read_chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim_end(), 16).ok()?;
        body.extend(read(reader, size)?);
        read(reader, 2)?;
        if size == 0 {
            return Some(body);
        }
    }
}
