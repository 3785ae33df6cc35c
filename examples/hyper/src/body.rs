//! A body that could also be a stream. It does not implement `Default`.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};

pub(crate) struct Body(UnsyncBoxBody<Bytes, Infallible>);

impl Body {
    pub(crate) fn empty() -> Self {
        Self(Empty::new().boxed_unsync())
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self(Full::from(text).boxed_unsync())
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
