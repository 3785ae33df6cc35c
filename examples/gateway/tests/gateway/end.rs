//! How the program begins and ends.

use std::process::Output;

use tokio::net::TcpListener;
use tokio::process::Command;

use super::wire::{Gateway, soon};

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-gateway");

async fn run(arguments: &[&str], port: &str) -> (Output, String) {
    let output =
        soon(Command::new(PROGRAM).args(arguments).env("PORT", port).output()).await.expect("it starts");
    let errors = String::from_utf8(output.stderr.clone()).expect("text");
    (output, errors)
}

#[tokio::test]
async fn mistakes_in_the_file_end_it_and_all_of_them_are_printed() {
    let folder = std::env::temp_dir().join(format!("tower-cors-gateway-mistakes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for a folder");
    let file = folder.join("gateway.toml");
    let text = "[[route]]\npath = 'v1'\nupstream = 'http://127.0.0.1:9000'\n\
        cors.allow_origins = ['https://app.example.com/']\ncors.allow_methods = ['patch']\n";
    std::fs::write(&file, text).expect("there is room for a file");
    let name = file.display().to_string();
    let (output, errors) = run(&[&name], "0").await;
    std::fs::remove_dir_all(&folder).expect("it can be removed");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{errors}");
    let lines: Vec<_> = errors.lines().collect();
    let starts = ["path: must start with `/`", "cors: allow_origins: ", "cors: allow_methods: "];
    assert_eq!(lines.len(), starts.len(), "{errors}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(&format!("{name}: route \"v1\": {start}")), "{line}");
    }

    let (output, errors) = run(&[&name], "0").await;
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.starts_with(&format!("{name}: cannot be read: ")), "{errors}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let port = listener.local_addr().expect("it has an address").port().to_string();
    let (output, errors) = run(&[], &port).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.starts_with(&format!("cannot listen on port {port}: ")), "{errors}");
    assert!(errors.ends_with(". Choose another: PORT=4001 cargo run -p example-gateway\n"), "{errors}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_has_begun_is_answered_before_it_ends() {
    let gateway = Gateway::start().await;
    let mut client = gateway.ask("GET /v1", &[], "").await;
    let mut upstream = gateway.accept().await;
    upstream.head().await;

    gateway.program.terminate().await;
    let address = gateway.program.address.clone();
    soon(async { while tokio::net::TcpStream::connect(&address).await.is_ok() {} }).await;

    upstream.say("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    assert_eq!(client.head().await.start, "HTTP/1.1 200 OK");
    assert_eq!(client.text(5).await, "hello");
    gateway.program.ends().await;
}
