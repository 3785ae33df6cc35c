//! Servers with TLS and a self-signed certificate.

use std::io::{BufReader, Write as _};
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use super::PAGE;
use super::server::{Server, read};
use crate::program::run;

/// For `localhost` and `127.0.0.1`. Its key is public and used only here.
const CERTIFICATE: &[u8] = include_bytes!("localhost.crt");
const KEY: &[u8] = include_bytes!("localhost.key");

/// A public API over TLS.
fn server() -> Server {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate], key));
    let config = Arc::new(config.expect("a configuration"));
    Server::on_connections(move |mut tcp, seen| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        let mut stream = Stream::new(&mut connection, &mut tcp);
        // A client that does not trust the certificate closes.
        let Some(request) = read(&mut BufReader::new(&mut stream)) else { return };
        seen.lock().expect("not poisoned").push(request);
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n");
    })
}

fn https(server: &Server) -> String {
    server.url("/v1/items").replace("http:", "https:")
}

#[test]
fn a_certificate_that_is_not_trusted_is_reported_with_what_to_do() {
    let server = server();
    let ran = run(["probe", &https(&server), "--origin", PAGE], "");
    assert_eq!(ran.status, 2, "{}", ran.output);
    assert!(ran.errors.contains("has a certificate that is not trusted"), "{}", ran.errors);
    assert!(ran.errors.contains("see `--insecure`") && ran.errors.lines().count() == 1, "{}", ran.errors);
    assert!(server.seen().is_empty());
}

#[test]
fn insecure_accepts_any_certificate() {
    let server = server();
    let ran = run(["probe", &https(&server), "--origin", PAGE, "--insecure"], "");
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{}", ran.output);
    assert!(ran.output.contains(&format!("> GET {}", https(&server))), "{}", ran.output);
}

/// The system's root certificates.
#[test]
#[cfg(target_os = "linux")]
fn a_certificate_that_the_system_trusts_is_accepted() {
    let server = server();
    let ran = Command::new(env!("CARGO_BIN_EXE_tower-cors"))
        .args(["probe", &https(&server), "--origin", PAGE])
        .env("SSL_CERT_FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/probe/localhost.crt"))
        .output()
        .expect("the program was built");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_server_that_speaks_no_tls_is_reported_with_what_to_do() {
    let server = Server::on_connections(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let ran = run(["probe", &https(&server)], "");
    assert_eq!(ran.status, 2, "{}", ran.output);
    assert!(ran.errors.contains("Does the server expect `http:`?"), "{}", ran.errors);
}

#[test]
fn a_server_that_never_ends_its_handshake_is_left_in_time() {
    let server = Server::on_connections(|stream, _| {
        std::thread::sleep(std::time::Duration::from_secs(3));
        drop(stream);
    });
    let ran = run(["probe", &https(&server), "--timeout", "1"], "");
    assert_eq!(ran.status, 2, "{}", ran.output);
    assert!(ran.errors.contains("did not answer within 1 s"), "{}", ran.errors);
}
