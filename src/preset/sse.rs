//! Server-sent events.

use super::preset;

preset! {
    /// Server-sent events with a client that uses `fetch`. A browser's own `EventSource` needs no preset: it sends the last event's
    /// id without a preflight.
    ///
    /// Such clients are for requests with a token or a body: list those headers too (`authorization`, `content-type`).
    SSE = "sse", tested with ["eventsource 5.1.5", "eventsource 4.1.1", "@microsoft/fetch-event-source 2.0.1"];
    allow_headers {
        "last-event-id": "a stream that broke off does not go on", "https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header";
    }
}
