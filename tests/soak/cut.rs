//! A connection that breaks at a byte.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Breaks after this many bytes were written, or this many read.
#[derive(Debug)]
pub(crate) struct Cut {
    stream: TcpStream,
    writable: usize,
    readable: usize,
}

impl Cut {
    pub(crate) fn after(writable: usize, readable: usize, stream: TcpStream) -> Self {
        Self { stream, writable, readable }
    }

    pub(crate) fn never(stream: TcpStream) -> Self {
        Self::after(usize::MAX, usize::MAX, stream)
    }
}

fn broken<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
}

impl AsyncRead for Cut {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.readable == 0 {
            return broken();
        }
        let mut bytes = [0; 8192];
        let most = bytes.len().min(self.readable).min(buffer.remaining());
        let mut part = ReadBuf::new(&mut bytes[..most]);
        let poll = Pin::new(&mut self.stream).poll_read(cx, &mut part);
        buffer.put_slice(part.filled());
        self.readable -= part.filled().len();
        poll
    }
}

impl AsyncWrite for Cut {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.writable == 0 {
            return broken();
        }
        let bytes = &bytes[..bytes.len().min(self.writable)];
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(written)) = poll {
            self.writable -= written;
        }
        poll
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
