//! Bodies with a time limit between their pieces.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

/// A body, piece by piece as it arrives: nothing is kept, and the next piece is read only after the last one was taken.
pub(super) struct Timed<B> {
    body: B,
    idle: Duration,
    /// Runs while nothing arrives.
    timer: Option<Pin<Box<Sleep>>>,
    upload: Option<Upload>,
}

/// The progress of a request's body, for the code that waits for the answer.
#[derive(Clone, Default)]
pub(super) struct Upload(Arc<UploadState>);

#[derive(Default)]
struct UploadState {
    waits_for_client: AtomicBool,
    changed: Notify,
}

impl Upload {
    /// Until a piece was sent, or one is waited for.
    pub(super) async fn changed(&self) {
        self.0.changed.notified().await;
    }

    /// Whether it is the client's turn: it has announced more, but sends nothing.
    pub(super) fn waits_for_client(&self) -> bool {
        self.0.waits_for_client.load(Ordering::Relaxed)
    }

    fn set(&self, waits_for_client: bool) {
        let waited = self.0.waits_for_client.swap(waits_for_client, Ordering::Relaxed);
        if !waits_for_client || !waited {
            self.0.changed.notify_one();
        }
    }
}

/// Nothing has arrived within the limit.
#[derive(Debug)]
pub(super) struct Idle;

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body does not arrive")
    }
}

impl std::error::Error for Idle {}

impl<B> Timed<B> {
    pub(super) fn upload(body: B, idle: Duration, upload: Upload) -> Self {
        Self { body, idle, timer: None, upload: Some(upload) }
    }

    pub(super) fn download(body: B, idle: Duration) -> Self {
        Self { body, idle, timer: None, upload: None }
    }
}

impl<B> Body for Timed<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = &mut *self;
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        if let Some(upload) = &this.upload {
            upload.set(frame.is_pending());
        }
        if let Poll::Ready(frame) = frame {
            this.timer = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(this.idle)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Some(Err(Idle.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
