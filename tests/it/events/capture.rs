//! Records the events of a subscriber.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// Keeps every event as its level and its fields.
#[derive(Clone, Default)]
pub(super) struct Capture {
    events: Arc<Mutex<Vec<(Level, Value)>>>,
}

impl Capture {
    pub(super) fn take(&self) -> Vec<(Level, Value)> {
        std::mem::take(&mut self.events.lock().expect("no panic"))
    }

    pub(super) fn take_at(&self, level: Level) -> Vec<Value> {
        self.take().into_iter().filter(|(at, _)| *at == level).map(|(_, event)| event).collect()
    }
}

impl Subscriber for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "tower_cors"
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = *event.metadata().level();
        self.events.lock().expect("no panic").push((level, Value::Object(fields.0)));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

/// Sets a subscriber for the test's thread.
pub(super) fn listen(subscriber: impl Subscriber + Send + Sync + 'static) -> DefaultGuard {
    // With only one subscriber, `tracing` decides once whether an event is wanted, on the first thread that reaches it. That can
    // be the thread of another test, which has no subscriber. With a second subscriber, it asks all of them.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Capture::default()));
    LazyLock::force(&SECOND);
    set_default(subscriber)
}
