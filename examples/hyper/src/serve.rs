//! Serves connections until it is told to end, whatever clients send.

use std::convert::Infallible;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tower::Service;

use crate::body::Body;

/// How long a client may take to send the head of a request, the first or the next on its connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the requests that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be accepted. Others end meanwhile.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Then it accepts no new connection, and answers the requests that have begun.
pub(crate) async fn until<S>(end: impl Future<Output = ()>, listener: TcpListener, service: S)
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // Only HTTP/1: `auto::Builder` waits without limit for the first bytes, to tell it from HTTP/2.
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let connections = GracefulShutdown::new();

    let mut end = pin!(end);
    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            () = &mut end => break,
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("connection: {error}");
            }
        });
    }
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = sleep(SHUTDOWN_TIMEOUT) => eprintln!("not every connection ended within {SHUTDOWN_TIMEOUT:?}"),
    }
}

/// The next connection. No error ends the server: it concerns one connection, or is temporary.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
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
