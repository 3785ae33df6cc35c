//! Serves connections until it is told to end, whatever clients send.

mod patient;

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use patient::Patient;

/// How long a client may take to send the head of a request, the first or the next on its connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest head of a request. Beyond it, hyper itself answers 431.
const MAX_HEAD: usize = 64 * 1024;

/// How long the requests that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be accepted. Others end meanwhile.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Then it accepts no new connection, and answers the requests that have begun. A WebSocket ends with the program.
///
/// A client that reads nothing of an answer for `patience` is disconnected.
pub(crate) async fn until(
    end: impl Future<Output = ()>,
    listener: TcpListener,
    app: Router,
    patience: Duration,
) {
    // Only HTTP/1: the server in front of this one, where TLS ends, speaks HTTP/2 with browsers.
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD);
    let connections = GracefulShutdown::new();

    let mut end = pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut end => break,
        };
        // Streams are not held back until there is more data.
        let _ = stream.set_nodelay(true);
        let stream = TokioIo::new(Patient::new(stream, patience));
        // Each request carries the address of its client.
        let service = TowerToHyperService::new(app.clone().layer(Extension(ConnectInfo(peer))));
        let connection = http.serve_connection_with_upgrades(stream, service);
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            // An error concerns one client, which left or was too slow. Errors of an upstream are logged elsewhere.
            let _ = connection.await;
        });
    }
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = sleep(SHUTDOWN_TIMEOUT) => eprintln!("not every connection ended within {SHUTDOWN_TIMEOUT:?}"),
    }
}

/// The next connection. No error ends the server: it concerns one connection, or is temporary.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            // Too many files are open, most likely.
            Err(error) => {
                eprintln!("cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The client left before its turn came.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

/// Ends with Ctrl-C, or with the signal that supervisors send.
#[cfg(unix)]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(windows)]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
