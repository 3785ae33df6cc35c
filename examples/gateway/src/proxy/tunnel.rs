//! A WebSocket: bytes in both directions, until one side ends or nothing arrives for some time.

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
    // On an error, one side was gone before it began. Dropping the other closes it.
    let (Ok(client), Ok(upstream)) = tokio::join!(client, upstream) else { return };
    let (from_client, to_client) = tokio::io::split(TokioIo::new(client));
    let (from_upstream, to_upstream) = tokio::io::split(TokioIo::new(upstream));

    let moved = Notify::new();
    tokio::select! {
        // A side that has ended may still receive data, so both directions must end, each in its own time. After an error,
        // both connections are closed, so both sides learn of it.
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
        // A connection may buffer what was written.
        to.flush().await?;
        moved.notify_one();
    }
}
