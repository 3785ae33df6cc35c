//! The gateway's server, and its end: nothing new is taken, and the answers that have begun are finished.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long the answers that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) async fn listen(first: u16, offset: u16) -> Result<TcpListener, String> {
    let port = if first == 0 { 0 } else { first.checked_add(offset).ok_or("PORT is too high")? };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        format!(
            "cannot listen on port {port}: {error}. Choose others: PORT=5200 cargo run -p example-gateway"
        )
    })
}

pub(crate) async fn until(
    end: impl Future<Output = ()> + Send + 'static,
    listener: TcpListener,
    app: Router,
) -> Result<(), Box<dyn std::error::Error>> {
    // Each piece of a stream is sent when it is there: the operating system would wait for more (Nagle's algorithm).
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("cannot send without delay: {error}");
        }
    });
    let (ending, has_begun_to_end) = oneshot::channel();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async {
        end.await;
        let _ = ending.send(());
    });
    let too_late = async {
        let _ = has_begun_to_end.await;
        sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        ended = server => Ok(ended?),
        () = too_late => {
            eprintln!("not every answer ended within {SHUTDOWN_TIMEOUT:?}");
            Ok(())
        }
    }
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
