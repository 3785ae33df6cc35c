//! The three servers, and their end: no new connection is accepted, and answers that have begun are finished.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::serve::{ListenerExt, TapIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How long the answers that have begun may take at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Listeners {
    page: TcpListener,
    gateway: TcpListener,
    provider: TcpListener,
}

/// Always `localhost`: browsers accept a `Secure` cookie from it over plain HTTP.
#[derive(Clone)]
pub(crate) struct Origins {
    pub(crate) page: String,
    pub(crate) gateway: String,
    pub(crate) provider: String,
}

impl Listeners {
    /// On `port` and the two after it; on any three with 0.
    pub(crate) async fn from(port: u16) -> Result<Self, String> {
        Ok(Self {
            page: listen(port, 0).await?,
            gateway: listen(port, 1).await?,
            provider: listen(port, 2).await?,
        })
    }

    pub(crate) fn origins(&self) -> io::Result<Origins> {
        let origin = |listener: &TcpListener| -> io::Result<String> {
            Ok(format!("http://localhost:{}", listener.local_addr()?.port()))
        };
        Ok(Origins {
            page: origin(&self.page)?,
            gateway: origin(&self.gateway)?,
            provider: origin(&self.provider)?,
        })
    }
}

async fn listen(first: u16, offset: u16) -> Result<TcpListener, String> {
    let port = if first == 0 { 0 } else { first.checked_add(offset).ok_or("PORT is too high")? };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        format!(
            "cannot listen on port {port}: {error}. Choose others: PORT=5100 cargo run -p example-ai-gateway"
        )
    })
}

/// Serves until it is told to end. The provider ends after the gateway, to finish its last answers.
pub(crate) async fn until(
    end: impl Future<Output = ()> + Send + 'static,
    listeners: Listeners,
    gateway: Router,
    page: Router,
    provider: Option<Router>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut others = JoinSet::new();
    for (listener, app) in [(listeners.page, Some(page)), (listeners.provider, provider)] {
        let Some(app) = app else { continue };
        others.spawn(async move { axum::serve(without_delay(listener), app).await });
    }

    let (ending, mut has_begun_to_end) = tokio::sync::oneshot::channel();
    let gateway = gateway.into_make_service_with_connect_info::<SocketAddr>();
    let gateway = axum::serve(without_delay(listeners.gateway), gateway).with_graceful_shutdown(async {
        end.await;
        let _ = ending.send(());
    });
    let mut gateway = pin!(gateway.into_future());
    tokio::select! {
        served = &mut gateway => return Ok(served?),
        Some(other) = others.join_next() => other??,
        _ = &mut has_begun_to_end => {}
    }
    tokio::select! {
        served = gateway => Ok(served?),
        () = sleep(SHUTDOWN_TIMEOUT) => {
            eprintln!("not every answer ended within {SHUTDOWN_TIMEOUT:?}");
            Ok(())
        }
    }
}

/// Sends each token when it is written: the operating system would wait for more of them (Nagle's algorithm).
fn without_delay(listener: TcpListener) -> TapIo<TcpListener, impl FnMut(&mut TcpStream) + Send + 'static> {
    listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("cannot send without delay: {error}");
        }
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
