//! Listens, serves until it is told to end, and ends whatever clients do.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long the requests that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Listens on `first` and the port after it; on any two with 0. Says which they are.
pub(crate) async fn listen(first: u16) -> Result<[(TcpListener, u16); 2], String> {
    Ok([listen_at(first, 0).await?, listen_at(first, 1).await?])
}

async fn listen_at(first: u16, offset: u16) -> Result<(TcpListener, u16), String> {
    let port = if first == 0 { 0 } else { first.checked_add(offset).ok_or("PORT is too high")? };
    let taken = |error: io::Error| {
        format!("cannot listen on port {port}: {error}. Choose others: PORT=4001 cargo run -p example-mcp")
    };
    // Only loopback: other machines cannot connect.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(taken)?;
    let port = listener.local_addr().map_err(taken)?.port();
    Ok((listener, port))
}

/// Serves all of them until `end`. Then they take no new connection, and answer the requests that have begun.
pub(crate) async fn until<E>(
    end: impl Fn() -> E,
    servers: impl IntoIterator<Item = (TcpListener, Router)>,
) -> Result<(), Box<dyn Error>>
where
    E: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for (listener, app) in servers {
        let server = axum::serve(listener, app).with_graceful_shutdown(end());
        running.spawn(server.into_future());
    }
    end().await;
    let ended = async {
        while let Some(server) = running.join_next().await {
            server??;
        }
        Ok(())
    };
    timeout(SHUTDOWN_TIMEOUT, ended).await.unwrap_or_else(|_| {
        eprintln!("not every connection ended within {SHUTDOWN_TIMEOUT:?}");
        Ok(())
    })
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
