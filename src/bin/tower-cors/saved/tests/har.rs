//! What is read of a HAR.

use super::{APP, URL, assert_reads, only, requests};

/// A HAR of a `PUT` that was never sent, and its preflight.
fn har(creator: &str, preflight_first: bool) -> String {
    let request = format!(
        r#"{{"request": {{"method": "PUT", "url": "{URL}", "headers": [{{"name": "content-type", "value": "application/json"}}, {{"name": "if-none-match", "value": "x"}}]}},
        "response": {{"status": 0, "headers": [], "_error": "net::ERR_FAILED"}}, "_resourceType": "fetch", "_initiator": {{"type": "script"}}}}"#
    );
    let preflight = format!(
        r#"{{"request": {{"method": "OPTIONS", "url": "{URL}", "headers": [{{"name": "Origin", "value": "{APP}"}}, {{"name": "Access-Control-Request-Method", "value": "PUT"}},
        {{"name": "Access-Control-Request-Headers", "value": "authorization,content-type"}}]}}, "response": {{"status": 403.0, "headers": [{{"name": "vary", "value": "Origin\nAccept"}}]}}}}"#
    );
    let image =
        r#"{"request": {"method": "GET", "url": "https://cdn.example/a.png"}, "_resourceType": "image"}"#;
    let socket = r#"{"request": {"method": "GET", "url": "wss://api.example.com/live"}, "_resourceType": "websocket"}"#;
    let entries = if preflight_first { [&preflight, &request] } else { [&request, &preflight] };
    format!(
        r#" {{"log": {{"creator": {{"name": "{creator}"}}, "entries": [{image}, {}, {}, {socket}]}}}}"#,
        entries[0], entries[1]
    )
}

#[test]
fn a_har_completes_a_request_by_its_preflight() {
    for text in [har("WebInspector", false), har("Firefox", true)] {
        assert_eq!(
            requests(&text),
            [format!(
                "PUT {URL} from {APP}, preflighted; content-type: application/json; authorization: (not shown)"
            )]
        );
        let saved = only(&text);
        let preflight = saved.recorded.preflight.unwrap();
        assert_eq!(
            (preflight.status().as_u16(), preflight.headers().get_all("vary").iter().count()),
            (403, 2)
        );
        assert!(saved.recorded.response.is_none());
        assert_eq!(saved.recorded.blocked.unwrap().words, "net::ERR_FAILED");
    }
}

/// Recorded of `EventSource`: the page closes it when it has read enough.
#[test]
fn a_response_that_the_page_ended_was_read() {
    let entry = |kind: &str, status: u16, error: &str| {
        only(&format!(
            r#"{{"log": {{"entries": [{{"request": {{"method": "GET", "url": "{URL}", "headers": [{{"name": "Origin", "value": "{APP}"}}]}},
            "response": {{"status": {status}, "headers": [], "_error": "{error}"}}, "_resourceType": "{kind}"}}]}}}}"#
        ))
    };
    for (kind, status, error, is_refused) in [
        ("eventsource", 200, "net::ERR_ABORTED", false),
        ("eventsource", 0, "net::ERR_ABORTED", true),
        ("eventsource", 200, "net::ERR_FAILED", true),
        ("stylesheet", 200, "net::ERR_ABORTED", true),
    ] {
        let saved = entry(kind, status, error);
        assert_eq!(saved.recorded.blocked.is_some(), is_refused, "{kind} {status} {error}");
    }
}

#[test]
fn what_firefox_sent_to_another_origin_without_an_origin_is_not_a_cors_request() {
    let entry = |headers: &str| {
        format!(
            r#"{{"request": {{"method": "GET", "url": "http://cdn.example/a.js", "headers": [{headers}]}}, "response": {{"status": 200}}}}"#
        )
    };
    let header = |name: &str, value: &str| format!(r#"{{"name": "{name}", "value": "{value}"}}"#);
    let referrer = header("Referer", "http://app.example/");
    let with_origin = format!("{referrer}, {}", header("Origin", "http://app.example"));
    let of_page = header("Referer", "http://cdn.example/");
    let got = "GET http://cdn.example/a.js from http://app.example";
    let rows = [
        (vec![&referrer, &with_origin], vec![got]),
        (vec![&with_origin], vec![got]),
        (vec![&referrer, &of_page], vec!["GET http://cdn.example/a.js from http://cdn.example"]),
    ];
    for (headers, expected) in rows {
        let entries: Vec<_> = headers.into_iter().map(|headers| entry(headers)).collect();
        assert_eq!(requests(&format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(","))), expected);
    }
}

#[test]
fn an_options_of_the_page_in_a_har_has_a_preflight_of_its_own() {
    let entry = |method: &str, asked: &str| {
        let header = r#"{"name": "Access-Control-Request-Method", "value": "#;
        let headers = if asked.is_empty() { String::new() } else { format!("{header}\"{asked}\"}}") };
        format!(
            r#"{{"request": {{"method": "{method}", "url": "https://a.example/", "headers": [{headers}]}}, "response": {{"status": 200}}}}"#
        )
    };
    let entries =
        [entry("OPTIONS", ""), entry("OPTIONS", "OPTIONS"), entry("DELETE", ""), entry("OPTIONS", "DELETE")];
    let text = format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(","));
    let expected =
        ["OPTIONS https://a.example/ from -, preflighted", "DELETE https://a.example/ from -, preflighted"];
    assert_reads(&[(&text, &expected)]);
}

#[test]
fn other_json_is_not_a_har() {
    for (text, expected) in [
        ("{}", "the HAR cannot be read: missing field `log` at line 1 column 2"),
        ("{\"log\": {\"entries\": []}}", "the text has no request"),
        (
            r#"{"log": {"entries": [{"request": {"method": "GET", "url": "data:,"}}, {"request": {"method": "GET", "url": "https://a.example/", "headers": [{"name": "Sec-Fetch-Mode", "value": "no-cors"}, {"name": "Sec-Fetch-Dest", "value": "image"}]}}]}}"#,
            "CORS does not apply to what the text has (loads without CORS, such as images: 1; not HTTP: 1)",
        ),
    ] {
        assert_eq!(requests(text), [expected]);
    }
}
