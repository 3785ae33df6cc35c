//! The feature `tracing`: what a log is told, and that no request can make it say something else.

use std::fmt;
use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use http::Request;
use serde_json::{Map, Value, json};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::MakeWriter;

use crate::net::Server;
use crate::support::{APP, App, STRANGER, allow_app, preflight, request};

/// Keeps every event as its level and its fields.
#[derive(Clone, Default)]
struct Capture {
    events: Arc<Mutex<Vec<(Level, Value)>>>,
}

impl Capture {
    fn take(&self) -> Vec<(Level, Value)> {
        std::mem::take(&mut self.events.lock().expect("no panic"))
    }

    fn take_at(&self, level: Level) -> Vec<Value> {
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

/// Makes a subscriber that of the test's thread.
fn listen(subscriber: impl Subscriber + Send + Sync + 'static) -> DefaultGuard {
    // While there is but one subscriber, `tracing` asks that of the thread that first gets to an event whether anybody wants it:
    // the thread of another test, which has none. With a second one it asks all of them.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Capture::default()));
    LazyLock::force(&SECOND);
    set_default(subscriber)
}

fn behind(policy: CorsPolicyBuilder) -> App {
    App::behind(&CorsLayer::from(policy.build().expect("a policy")), &[])
}

fn get(origin: &str) -> Request<String> {
    request("GET", &[("origin", origin)])
}

#[tokio::test]
async fn each_denial_is_one_event_with_typed_fields() {
    let long = format!("{}{}", "X".repeat(80), "...");
    let cases = [
        (allow_app(), get(STRANGER), "origin-not-allowed", STRANGER, "GET", "allow_origins", false),
        (allow_app(), get("null"), "null-origin", "null", "GET", "allow_origins", false),
        (allow_app(), get(""), "malformed-origin", "", "GET", "allow_origins", false),
        (
            allow_app(),
            request("GET", &[("origin", APP), ("origin", STRANGER)]),
            "several-origins",
            APP,
            "GET",
            "allow_origins",
            false,
        ),
        (
            allow_app().reject_disallowed_origins(true),
            request("DELETE", &[("origin", STRANGER)]),
            "origin-not-allowed",
            STRANGER,
            "DELETE",
            "allow_origins",
            false,
        ),
        (allow_app(), preflight("PUT", &[]), "method-not-allowed", APP, "PUT", "allow_methods", true),
        (allow_app(), preflight("TRACE", &[]), "forbidden-method", APP, "TRACE", "allow_methods", true),
        (allow_app(), preflight("P T", &[]), "malformed-method", APP, "P T", "allow_methods", true),
        (allow_app(), preflight(&"X".repeat(999), &[]), "method-too-long", APP, &long, "allow_methods", true),
        (allow_app(), preflight("GET", &["x-a"]), "header-not-allowed", APP, "GET", "allow_headers", true),
        (
            allow_app().allow_any_header(),
            preflight("GET", &["authorization"]),
            "authorization-not-listed",
            APP,
            "GET",
            "allow_headers",
            true,
        ),
        (allow_app(), preflight("GET", &["?x"]), "malformed-headers", APP, "GET", "allow_headers", true),
        (
            allow_app(),
            preflight("GET", &[&",".repeat(999)]),
            "too-many-headers",
            APP,
            "GET",
            "allow_headers",
            true,
        ),
    ];
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    for (policy, request, kind, origin, method, rule, is_preflight) in cases {
        behind(policy).send(request).await;
        let events = capture.take_at(Level::DEBUG);
        let [event] = events.as_slice() else { panic!("{kind}: {events:?}") };
        let mut event = event.clone();
        let message = event.as_object_mut().expect("fields").remove("message").expect("a message");
        assert!(message.as_str().expect("text").starts_with("denied: "), "{message}");
        let fields = event.as_object_mut().expect("fields");
        // They have a test of their own.
        fields.remove("header");
        fields.remove("headers");
        let expected = json!({
            "kind": kind, "origin": origin, "method": method, "path": "/", "rule": rule, "preflight": is_preflight,
        });
        assert_eq!(event, expected);
    }
}

#[tokio::test]
async fn a_foreign_host_is_told_once_at_warn_and_each_time_at_debug() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app().reject_disallowed_origins(true).served_at(["https://api.example.com"]));
    let warning = |host: &str, origin: &str| {
        let message = "refused a new host: the request was sent to a host that is not in `served_at`. If the host is yours, name its \
                       origin in `served_at`; if a proxy set it, let it pass on the `Host`";
        (
            Level::WARN,
            json!({"message": message, "kind": "foreign-host", "origin": origin, "host": host, "suppressed": 0}),
        )
    };
    let denied = |host: &str, origin: &str, method: &str, is_preflight: bool| {
        let message = "denied: the request was sent to a host that is not in `served_at`";
        (
            Level::DEBUG,
            json!({
                "message": message, "kind": "foreign-host", "origin": origin, "host": host, "method": method, "path": "/",
                "rule": "served_at", "preflight": is_preflight,
            }),
        )
    };
    let rebound = |host: &str| request("GET", &[("host", host)]);
    app.send(rebound("evil.example")).await;
    assert_eq!(capture.take(), [denied("evil.example", "", "GET", false), warning("evil.example", "")]);
    app.send(rebound("evil.example")).await;
    assert_eq!(capture.take(), [denied("evil.example", "", "GET", false)]);
    app.send(rebound("b\u{85}\u{e9}")).await;
    assert_eq!(capture.take(), [denied("b\\u{85}é", "", "GET", false), warning("b\\u{85}é", "")]);
    // None at all, of a preflight.
    app.send(preflight("PUT", &[])).await;
    assert_eq!(capture.take(), [denied("", APP, "PUT", true), warning("", APP)]);
}

/// Another layer's, most likely, which was meant to decide.
#[tokio::test]
async fn a_grant_of_the_service_s_own_that_the_policy_overrules_is_told() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let long = "x".repeat(999);
    let (long, cut): (&'static str, _) = (long.leak(), format!("{}...", "x".repeat(80)));
    let cases = [
        (STRANGER, APP, json!({ "replaced": STRANGER, "with": APP })),
        ("*", APP, json!({ "replaced": "*", "with": APP })),
        (APP, STRANGER, json!({ "replaced": APP })),
        (long, APP, json!({ "replaced": cut, "with": APP })),
    ];
    for (own, origin, fields) in cases {
        let layer = CorsLayer::new(allow_app().build().expect("a policy"));
        App::behind(&layer, &[("access-control-allow-origin", own)]).send(get(origin)).await;
        let told =
            capture.take_at(Level::DEBUG).into_iter().filter(|event| event["kind"] == "grant-replaced");
        let [mut event] = <[Value; 1]>::try_from(told.collect::<Vec<_>>()).expect("one event");
        let event = event.as_object_mut().expect("fields");
        event.remove("kind");
        let message = event.remove("message").expect("a message");
        assert!(message.as_str().expect("text").contains("`leave_to_inner`"), "{message}");
        assert_eq!(Value::Object(event.clone()), fields, "{own}");
    }
}

#[tokio::test]
async fn what_the_service_said_in_the_policy_s_words_or_said_nothing_of_is_not_told() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let layer = CorsLayer::new(allow_app().build().expect("a policy"));
    for own in [&[("access-control-allow-origin", APP)][..], &[("access-control-expose-headers", "x")], &[]] {
        App::behind(&layer, own).send(get(APP)).await;
    }
    assert_eq!(capture.take_at(Level::DEBUG), [] as [Value; 0]);
    // What is left to another layer is not even looked at.
    let layer = layer.leave_to_inner(|_| true);
    App::behind(&layer, &[("access-control-allow-origin", "*")]).send(get(STRANGER)).await;
    assert_eq!(capture.take(), []);
}

/// The lines of requested headers and the target of a preflight, and the fields `header`, `headers` and `path` of its event.
type Told<'a> = (&'a [&'a str], &'a str, Option<&'a str>, Option<&'a str>, &'a str);

#[tokio::test]
async fn a_denial_has_the_requested_headers_and_the_path_without_its_query() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let cut = |text: &str| format!("{}...", &text[..80]);
    let (long_name, long_path) = ("x".repeat(999), format!("/{}", "p".repeat(999)));
    let many = vec!["x-a"; 60].join(",");
    let cases: [Told<'_>; 8] = [
        (&[], "/", None, None, "/"),
        (&["x-a,x-b,x-c"], "/v1/items?token=secret", Some("x-b"), Some("x-a,x-b,x-c"), "/v1/items"),
        (&["x-a", "X-B"], "/", Some("X-B"), Some("x-a, X-B"), "/"),
        (&["x-a,\u{85}x b"], "/a%0Ab", None, Some("x-a,\\u{85}x b"), "/a%0Ab"),
        (&[&many, "x-b"], "/", Some("x-b"), Some(&cut(&many)), "/"),
        (&[&long_name], &long_path, Some(&cut(&long_name)), Some(&cut(&long_name)), &cut(&long_path)),
        (&[&",".repeat(999)], "/", None, Some(&cut(&",".repeat(999))), "/"),
        // Many lines are not put together to the last one.
        (&["x-b"; 60], "/", Some("x-b"), Some(&cut(&vec!["x-b"; 60].join(", "))), "/"),
    ];
    for (lines, target, header, headers, path) in cases {
        let mut request = preflight("PUT", lines);
        *request.uri_mut() = target.parse().expect("a URI");
        behind(allow_app().allow_headers(["x-a"]).allow_methods(["PUT"]).reject_disallowed_origins(true))
            .send(request.clone())
            .await;
        let events = capture.take_at(Level::DEBUG);
        if lines.is_empty() {
            assert_eq!(events, [] as [Value; 0]);
            continue;
        }
        let [event] = events.as_slice() else { panic!("{lines:?}: {events:?}") };
        let seen = ["header", "headers", "path"].map(|field| event.get(field).cloned());
        let expected = [header, headers, Some(path)].map(|value| value.map(Value::from));
        assert_eq!(seen, expected, "{lines:?}");
    }
    // They are of no interest where there is no preflight.
    let request = request("GET", &[("origin", STRANGER), ("access-control-request-headers", "x-a")]);
    behind(allow_app()).send(request).await;
    assert_eq!(capture.take_at(Level::DEBUG)[0].get("headers"), None);
}

/// Look-ups with a bug, in each place that one can be in.
fn broken() -> [CorsLayer; 4] {
    fn fail() -> Option<CorsPolicy> {
        panic!("a bug\nof the look-up")
    }
    [
        CorsLayer::per_request(|_| fail()),
        CorsLayer::per_request_async(|_| std::future::ready(fail())),
        CorsLayer::per_request_async(|_| async { fail() }),
        CorsLayer::per_request_async(|_| async {
            tokio::task::yield_now().await;
            fail()
        }),
    ]
}

#[tokio::test]
async fn a_look_up_that_panics_is_an_error_and_a_denial_of_its_own() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let error = |path: &str| {
        let message = "the look-up of a policy panicked, so nothing is granted to this request. Fix the function of `per_request` \
                       or `per_request_async`";
        let panic = "a bug\\nof the look-up";
        (
            Level::ERROR,
            json!({"message": message, "kind": "lookup-panicked", "panic": panic, "method": "GET", "path": path}),
        )
    };
    let denied = json!({
        "message": "denied: the look-up of a policy panicked, so nothing is granted",
        "kind": "lookup-panicked", "origin": APP, "method": "GET", "path": "/items", "preflight": false,
    });
    for layer in broken() {
        let app = App::behind(&layer, &[]);
        let mut cross_origin = get(APP);
        *cross_origin.uri_mut() = "/items?token=secret".parse().expect("a URI");
        app.send(cross_origin).await;
        // Not as a refused origin: it has nothing to do with it.
        assert_eq!(capture.take(), [error("/items"), (Level::DEBUG, denied.clone())]);
        // Nothing is denied here, but the bug is there all the same.
        app.send(request::<&str>("GET", &[])).await;
        assert_eq!(capture.take(), [error("/")]);
    }
    // What is no text is not shown.
    let layer = CorsLayer::per_request(|_| std::panic::panic_any(7));
    App::behind(&layer, &[]).send(request::<&str>("GET", &[])).await;
    let events = capture.take_at(Level::ERROR);
    assert_eq!((events.len(), events[0].get("panic")), (1, None));
}

#[tokio::test]
async fn where_there_is_no_policy_no_rule_is_named() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    App::behind(&CorsLayer::per_request(|_| None), &[]).send(get(APP)).await;
    let later = CorsLayer::per_request_async(|_| async {
        tokio::task::yield_now().await;
        None
    });
    App::behind(&later, &[]).send(get(APP)).await;
    App::behind(&CorsLayer::first_match([]), &[]).send(get(APP)).await;
    let expected = json!({
        "message": "denied: no policy applies to the request",
        "kind": "no-policy", "origin": APP, "method": "GET", "path": "/", "preflight": false,
    });
    assert_eq!(capture.take_at(Level::DEBUG), [expected.clone(), expected.clone(), expected]);
}

#[tokio::test]
async fn a_newly_refused_origin_is_warned_about_once() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    for origin in [STRANGER, STRANGER, "null", STRANGER, "null"] {
        app.send(get(origin)).await;
    }
    // A refused method is about no origin.
    app.send(preflight("PUT", &[])).await;
    let warning =
        |kind, origin, message| json!({"kind": kind, "origin": origin, "suppressed": 0, "message": message});
    assert_eq!(
        capture.take_at(Level::WARN),
        [
            warning(
                "origin-not-allowed",
                STRANGER,
                "refused a new origin: the policy does not allow the origin. If the page is yours, allow its origin"
            ),
            warning(
                "null-origin",
                "null",
                "refused a new origin: the policy does not allow the origin `null`, which sandboxed and redirected pages send"
            ),
        ]
    );
}

/// As most programs have it.
#[tokio::test]
async fn a_log_without_debug_has_the_warnings_alone() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .without_time()
        .with_max_level(Level::INFO)
        .finish();
    let guard = listen(subscriber);
    let app = behind(allow_app());
    for request in [get(STRANGER), get(STRANGER), get(APP), preflight("PUT", &[])] {
        app.send(request).await;
    }
    drop(guard);
    let expected = " WARN tower_cors: refused a new origin: the policy does not allow the origin. If the page is yours, allow its origin kind=\"origin-not-allowed\" origin=\"https://stranger.example\" suppressed=0\n";
    assert_eq!(log.text(), expected);
}

#[tokio::test]
async fn random_origins_do_not_fill_the_log() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    for index in 0..500 {
        app.send(get(&format!("https://{index}.example"))).await;
    }
    assert_eq!(capture.take_at(Level::WARN).len(), 10);
}

#[tokio::test]
async fn what_passes_is_told_to_a_trace_alone() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let app = behind(allow_app());
    app.send(get(APP)).await;
    app.send(preflight("GET", &[])).await;
    app.send(request::<&str>("GET", &[])).await;
    app.send(request::<&str>("OPTIONS", &[])).await;
    let passed =
        |preflight| (Level::TRACE, json!({"message": "passed", "origin": APP, "preflight": preflight}));
    assert_eq!(capture.take(), [passed(false), passed(true)]);

    let own = request("POST", &[("origin", "https://api.example.com"), ("host", "api.example.com")]);
    app.send(own).await;
    assert!(
        capture.take().iter().all(|(level, _)| *level == Level::TRACE),
        "a same-origin request is no refusal"
    );
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What a client may put into a header: anything but CR, LF and most control bytes.
fn forgeries() -> Vec<Vec<u8>> {
    let texts = [
        "https://a.example\u{85}ERROR tower_cors: forged",
        "https://a.example\u{2028}ERROR tower_cors: forged",
        "https://a.example\" kind=\"forged\" rule=\"forged",
        "https://a.example kind=forged",
        "https://a.example\\\" kind=forged",
        "\u{202e}https://a.example",
        "\u{9b}31mforged",
        "a\tb",
    ];
    let bytes = [&b"\xff\xfe"[..], b"\x9b31mforged", b"\xc2", &[0x80; 9000]];
    let texts = texts.into_iter().map(|text| text.as_bytes().to_vec());
    texts.chain(bytes.into_iter().map(<[u8]>::to_vec)).collect()
}

async fn send_forgeries() {
    for forgery in forgeries() {
        let app = behind(allow_app());
        app.send(request("GET", &[("origin", &forgery)])).await;
        let headers = [("origin", APP.as_bytes()), ("access-control-request-method", &forgery)];
        app.send(request("OPTIONS", &headers)).await;
    }
}

#[tokio::test]
async fn no_line_and_no_field_of_a_text_log_can_be_forged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_max_level(Level::DEBUG)
        .finish();
    let guard = listen(subscriber);
    send_forgeries().await;
    drop(guard);
    let text = log.text();
    // Two denials and one warning for each.
    assert_eq!(text.lines().count(), 3 * forgeries().len(), "{text}");
    for line in text.lines() {
        assert!(line.contains(" tower_cors: "), "{line}");
        assert!(line.len() < 1200, "{} bytes", line.len());
        assert!(
            !line.contains(|char: char| char.is_control() || "\u{2028}\u{202e}".contains(char)),
            "{line:?}"
        );
        assert_eq!(outside_quotes(line).matches("kind=").count(), 1, "{line}");
    }
}

/// A line without what it has between quotes.
fn outside_quotes(line: &str) -> String {
    let (mut outside, mut quoted, mut escaped) = (String::new(), false, false);
    for char in line.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if !quoted => outside.push(char),
            _ => {}
        }
    }
    outside
}

#[tokio::test]
async fn every_line_of_a_json_log_is_one_event() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().json().with_writer(log.clone()).with_max_level(Level::DEBUG).finish();
    let guard = listen(subscriber);
    send_forgeries().await;
    drop(guard);
    let lines: Vec<Value> =
        log.text().lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    assert_eq!(lines.len(), 3 * forgeries().len());
    assert!(lines.iter().all(|line| line["target"] == "tower_cors"));
}

#[tokio::test]
async fn the_hook_is_called_beside_the_log() {
    let capture = Capture::default();
    let _guard = listen(capture.clone());
    let heard = Arc::new(Mutex::new(0));
    let hook = Arc::clone(&heard);
    let policy = allow_app().build().expect("a policy");
    let layer = CorsLayer::from(policy).on_denial(move |_, _| *hook.lock().expect("no panic") += 1);
    App::behind(&layer, &[]).send(get(STRANGER)).await;
    assert_eq!(*heard.lock().expect("no panic"), 1);
    assert_eq!(capture.take().len(), 2);
}

#[tokio::test]
async fn a_served_request_is_told_where_it_is_served() {
    let capture = Capture::default();
    // The server's tasks run on this test's own thread.
    let _guard = listen(capture.clone());
    let policy = allow_app().build().expect("a policy");
    let server = Server::axum(Router::new().layer(CorsLayer::from(policy))).await;
    server.send(get(STRANGER)).await;
    assert_eq!(capture.take_at(Level::DEBUG).len(), 1);
}
