//! A streamed answer on its way from the provider to the page: each event is passed on when it arrives.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use hyper::body::Incoming;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::auth::User;
use super::events::Events;
use super::ledger::{Entry, Ledger, Purpose, Usage};
use super::models::Model;
use super::provider::Failure;
use super::{ApiError, Gateway};
use crate::store::{Key, LONGEST_ANSWER};

/// The longest pause between two tokens.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long the provider may take from the last event to the end of its answer.
const LONGEST_END: Duration = Duration::from_secs(1);

/// The end of a complete stream.
const DONE: &str = "[DONE]";

/// The parts of a chunk that the gateway reads.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Map<String, Value>,
    finish_reason: Option<IgnoredAny>,
}

impl Chunk {
    fn parse(data: &str) -> Option<Self> {
        serde_json::from_str(data).ok().filter(|chunk: &Self| chunk.error.is_none())
    }

    /// Text, a tool call, or the end: the first chunk often has only the role.
    fn has_token(&self) -> bool {
        let is_something = |value: &Value| match value {
            Value::String(text) => !text.is_empty(),
            value => !value.is_null(),
        };
        self.choices.iter().any(|choice| {
            choice.finish_reason.is_some()
                || choice.delta.iter().any(|(name, value)| name != "role" && is_something(value))
        })
    }
}

/// A stream up to its first token. Until then, another model can answer instead.
pub(super) struct Started {
    events: Events<Incoming>,
    first: VecDeque<String>,
}

impl Started {
    pub(super) async fn read(body: Incoming) -> Result<Self, Failure> {
        let mut events = Events::of(body);
        let mut first = VecDeque::new();
        loop {
            let broken = |what: String| Failure::Unreachable(format!("before the first token: {what}"));
            let data = events.next().await.map_err(|error| broken(error.0))?;
            let data = data.ok_or_else(|| broken("the stream ended".to_owned()))?;
            let chunk = Chunk::parse(&data).ok_or_else(|| broken("an error in the stream".to_owned()))?;
            first.push_back(data);
            if chunk.has_token() {
                return Ok(Self { events, first });
            }
        }
    }
}

/// Written into the ledger when it is dropped: generated tokens cost money, whether the answer ended or was stopped.
pub(super) struct Bill {
    pub(super) ledger: Arc<Ledger>,
    pub(super) user: User,
    pub(super) request: String,
    pub(super) model: Model,
    /// The question's tokens from the start, the answer's as they arrive.
    pub(super) estimate: Usage,
    pub(super) told: Option<Usage>,
}

impl Drop for Bill {
    fn drop(&mut self) {
        let usage = self.told.unwrap_or(self.estimate);
        let request = std::mem::take(&mut self.request);
        let mut entry = Entry::new(request, &self.model, Purpose::Answer, usage);
        entry.is_estimate = self.told.is_none();
        self.ledger.add(&self.user, entry);
    }
}

pub(super) struct Relay {
    pub(super) gateway: Arc<Gateway>,
    pub(super) started: Started,
    /// `None` once it is settled.
    pub(super) bill: Option<Bill>,
    pub(super) wants_usage: bool,
    pub(super) recording: Option<Recording>,
}

/// An answer that is stored if it is completed.
pub(super) struct Recording {
    pub(super) key: Key,
    pub(super) text: BytesMut,
}

impl Relay {
    /// Polled by the connection to the page. If the page stops the answer, both connections are dropped.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, async |mut relay| {
            let event = relay.next().await?;
            Some((Ok(event), relay))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if self.bill.is_none() {
            // Reads to the end of the body, so the connection to the provider can be used again.
            let _ = timeout(LONGEST_END, self.started.events.next()).await;
            return None;
        }
        loop {
            let Some(data) = self.data().await else { return Some(self.break_off()) };
            if data == DONE {
                // Before the page sees the end and asks for the cost.
                self.bill = None;
                let last = self.write(&data);
                if let Some(Recording { key, text }) = self.recording.take() {
                    self.gateway.store.keep(key, text.freeze()).await;
                }
                return Some(last);
            }
            let Some(chunk) = Chunk::parse(&data) else { return Some(self.break_off()) };
            if let Some(bill) = &mut self.bill {
                bill.told = chunk.usage.or(bill.told);
                bill.estimate.completion_tokens += u64::from(chunk.has_token());
            }
            // Clients that did not ask for it may not expect a chunk without choices.
            if !chunk.choices.is_empty() || self.wants_usage {
                return Some(self.write(&data));
            }
        }
    }

    async fn data(&mut self) -> Option<String> {
        if let Some(data) = self.started.first.pop_front() {
            return Some(data);
        }
        timeout(LONGEST_PAUSE, self.started.events.next()).await.ok()?.ok()?
    }

    fn write(&mut self, data: &str) -> Bytes {
        // Data of several lines becomes several lines again.
        let event = Bytes::from(format!("data: {}\n\n", data.replace('\n', "\ndata: ")));
        let is_too_long = self.recording.as_mut().is_some_and(|recording| {
            recording.text.extend_from_slice(&event);
            recording.text.len() > LONGEST_ANSWER
        });
        if is_too_long {
            self.recording = None;
        }
        event
    }

    /// The status was sent long ago, so the error is an event. OpenAI's clients throw it.
    fn break_off(&mut self) -> Bytes {
        self.bill = None;
        self.recording = None;
        let error = ApiError::new(StatusCode::BAD_GATEWAY, "the answer was interrupted. Ask again");
        Bytes::from(format!("data: {}\n\n", error.to_json()))
    }
}
