//! A WebSocket: bytes in both directions, until one side ends or nothing moves any more.

use std::io;
use std::time::Duration;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

/// How much is read at once.
const BUFFER: usize = 16 * 1024;

pub(super) async fn run(client: OnUpgrade, upstream: OnUpgrade, idle: Duration) {
    // An error says that one of them was gone before it began. The other is closed as it is dropped.
    let (Ok(client), Ok(upstream)) = tokio::join!(client, upstream) else { return };
    let (from_client, to_client) = tokio::io::split(TokioIo::new(client));
    let (from_upstream, to_upstream) = tokio::io::split(TokioIo::new(upstream));

    let moved = Notify::new();
    tokio::select! {
        // A side that has ended may still be told something, so both directions have to end, each in its own time. Of an error
        // both sides learn as the connections are closed.
        _ = async { tokio::try_join!(copy(from_client, to_upstream, &moved), copy(from_upstream, to_client, &moved)) } => {}
        () = async { while timeout(idle, moved.notified()).await.is_ok() {} } => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    moved: &Notify,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
        // A connection may hold back what it was given.
        to.flush().await?;
        moved.notify_one();
    }
}
