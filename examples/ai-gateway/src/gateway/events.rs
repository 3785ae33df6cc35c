//! The data of server-sent events, one by one, as soon as each arrives.

use axum::body::HttpBody;
use bytes::{Buf, Bytes, BytesMut};
use http_body_util::BodyExt;

/// The longest event; a provider that sends a longer one is broken.
const LONGEST_EVENT: usize = 1024 * 1024;

pub(super) struct Events<B> {
    body: B,
    buffer: BytesMut,
    /// This many bytes of the buffer have no end of line.
    seen: usize,
    data: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) String);

impl<B> Events<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    pub(super) fn of(body: B) -> Self {
        Self { body, buffer: BytesMut::new(), seen: 0, data: String::new() }
    }

    /// The data of the next event; `None` at the end. Comments, names and numbers of events are left out: the format of
    /// chat completions has none.
    pub(super) async fn next(&mut self) -> Result<Option<String>, Broken> {
        loop {
            while let Some(line) = self.line() {
                let line = std::str::from_utf8(&line).map_err(|_| Broken("it is not UTF-8".to_owned()))?;
                if line.is_empty() && !self.data.is_empty() {
                    return Ok(Some(std::mem::take(&mut self.data)));
                }
                if let Some(data) = line.strip_prefix("data:") {
                    if !self.data.is_empty() {
                        self.data.push('\n');
                    }
                    self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
                }
                self.check_length()?;
            }
            self.check_length()?;
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.buffer.extend_from_slice(&data);
                    }
                }
                Some(Err(error)) => return Err(Broken(error.to_string())),
                None => return Ok(None),
            }
        }
    }

    /// The next whole line, without its end.
    fn line(&mut self) -> Option<BytesMut> {
        let Some(end) = self.buffer[self.seen..].iter().position(|byte| *byte == b'\n') else {
            self.seen = self.buffer.len();
            return None;
        };
        let mut line = self.buffer.split_to(self.seen + end);
        self.buffer.advance(1);
        self.seen = 0;
        if line.last() == Some(&b'\r') {
            line.truncate(line.len() - 1);
        }
        Some(line)
    }

    fn check_length(&self) -> Result<(), Broken> {
        if self.data.len() + self.seen > LONGEST_EVENT {
            return Err(Broken(format!("an event is longer than {LONGEST_EVENT} bytes")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;

    use super::*;

    async fn read(pieces: Vec<Vec<u8>>) -> Result<Vec<String>, Broken> {
        let pieces = pieces.into_iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
        let mut events = Events::of(Body::from_stream(stream::iter(pieces)));
        let mut all = Vec::new();
        while let Some(data) = events.next().await? {
            all.push(data);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn events_are_the_same_however_they_are_cut() {
        let text = ": hello\n\ndata: {\"a\":1}\n\nevent: x\r\ndata:two\r\ndata: lines\r\n\r\nid: 1\n\ndata: \u{fc}\n\ndata: lost";
        let expected = ["{\"a\":1}", "two\nlines", "\u{fc}"];
        for length in 1..text.len() {
            let pieces = text.as_bytes().chunks(length).map(<[u8]>::to_vec).collect();
            assert_eq!(read(pieces).await.expect("events"), expected, "{length}");
        }
    }

    #[tokio::test]
    async fn an_event_is_read_to_the_length_limit_and_not_one_past_it() {
        let event = |length| vec![b"data: ".to_vec(), vec![b'a'; length], b"\n\n".to_vec()];
        assert_eq!(read(event(LONGEST_EVENT - "data: ".len())).await.map(|all| all.len()), Ok(1));
        read(event(LONGEST_EVENT - "data: ".len() + 1)).await.expect_err("a line is too long");
        let mut lines = vec![b"data: a\n".to_vec(); LONGEST_EVENT / 2 + 1];
        assert!(read(lines.clone()).await.is_err(), "there are too many lines");
        lines.truncate(10);
        assert_eq!(read(lines).await, Ok(Vec::new()), "it has not ended");
    }
}
