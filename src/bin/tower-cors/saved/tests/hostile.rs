//! Texts that nobody means well with.

use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::texts::scenarios;
use super::{only, requests};
use crate::saved::parse;
use crate::saved::written::{MAX_HEADERS, MAX_REQUESTS};

/// One text of each form, of each program.
static RECORDED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let wanted = [
        "chromium/several-with-credentials",
        "chromium/put-refused",
        "firefox/put-json",
        "curl/service-html",
        "curl/put-json",
    ];
    let scenarios = scenarios();
    let of_one = |name: &str| {
        scenarios.iter().find(|scenario| scenario.name == name).unwrap_or_else(|| panic!("{name}"))
    };
    let texts = wanted.into_iter().map(of_one).flat_map(|scenario| {
        scenario.texts.iter().map(|text| fs::read_to_string(scenario.path(&text.file)).unwrap())
    });
    texts.collect()
});

/// What the forms begin with, and what can go wrong in them.
const PIECES: [&str; 36] = [
    "fetch(",
    "await fetch('",
    "\"https://a.example/\"",
    ", {",
    "headers: {",
    "}",
    ")",
    ";",
    "curl ",
    "curl.exe ",
    " -H ",
    "'x: 1'",
    "$'",
    "\\u00",
    "^\"",
    "^",
    "\\",
    "\n",
    "\r\n",
    "> GET / HTTP/1.1\n",
    "< HTTP/1.1 200 OK\n",
    "< ",
    "> ",
    "* Trying 1\n",
    "--:--:-- 0",
    "GET / HTTP/1.1\n",
    "HTTP/1.1 200 OK\n",
    "Host: a\n",
    ":method",
    ": PUT\n",
    "{\"log\":{\"entries\":[",
    "has been blocked by CORS policy: ",
    "Access to fetch at 'http://a' from origin 'http://b' ",
    "Cross-Origin Request Blocked: at http://a. (Reason: ",
    "XHR GET\nhttp://a\n",
    "é",
];

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_order_of_pieces_makes_it_panic(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        let _ = parse(&text);
    }

    #[test]
    fn no_change_of_a_recorded_text_makes_it_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0_u8..4, any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = RECORDED[which.index(RECORDED.len())].clone().into_bytes();
        for (change, one, other, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let (start, end) = (one.index(bytes.len()), other.index(bytes.len()));
            let range = start.min(end)..start.max(end);
            match change {
                0 => bytes.truncate(end),
                1 => drop(bytes.drain(range)),
                2 => bytes.extend_from_within(range),
                _ => bytes[start] = byte,
            }
        }
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }

    /// The rest of a text that was cut never counts as a complete request.
    #[test]
    fn a_call_or_a_command_that_is_cut_is_refused(length in 12_usize..200) {
        let fetch = "fetch(\"https://api.example.com/items/1\", {\"headers\": {\"x-a\": \"1\"}, \"referrer\": \"https://app.example.com/\", \"method\": \"DELETE\", \"mode\": \"cors\"})";
        prop_assume!(length < fetch.len());
        let failure = parse(&fetch[..length]).unwrap_err().to_string();
        prop_assert!(failure.contains("the text ends in the middle of a request"), "{}", failure);
    }
}

#[test]
fn a_har_that_is_cut_is_refused() {
    let har = RECORDED.iter().find(|text| text.starts_with('{')).unwrap();
    let half = har.char_indices().nth(har.len() / 2).unwrap().0;
    let failure = parse(&har[..half]).unwrap_err().to_string();
    assert!(failure.starts_with("the HAR cannot be read: EOF while parsing"), "{failure}");
}

#[test]
fn a_request_has_so_many_headers_and_no_more() {
    let text =
        |count: usize| format!("PUT /items HTTP/1.1\nHost: a.example\n{}", "x-a: 1\n".repeat(count - 1));
    assert_eq!(requests(&text(MAX_HEADERS)).len(), 1);
    only(&text(MAX_HEADERS));
    assert_eq!(requests(&text(MAX_HEADERS + 1)), ["line 1: the request has more than 1000 headers"]);
}

#[test]
fn a_text_has_so_many_requests_and_no_more() {
    let refused = format!("the text has more than {MAX_REQUESTS} requests: save fewer of them");
    for (piece, between) in [("curl a", ";"), ("curl a", "\n"), ("fetch('/a')", ";")] {
        let text = |count: usize| vec![piece; count].join(between);
        assert_eq!(parse(&text(MAX_REQUESTS)).unwrap().len(), MAX_REQUESTS);
        assert_eq!(requests(&text(MAX_REQUESTS + 1)), [refused.as_str()]);
    }
    let entry = r#"{"request":{"method":"GET","url":"https://a.example/"}}"#;
    let har = |count: usize| format!(r#"{{"log":{{"entries":[{}]}}}}"#, vec![entry; count].join(","));
    assert_eq!(parse(&har(MAX_REQUESTS)).unwrap().len(), MAX_REQUESTS);
    assert_eq!(requests(&har(MAX_REQUESTS + 1)), [refused.as_str()]);
}

#[test]
fn a_response_keeps_so_many_headers_and_no_more() {
    let distinct =
        |count: usize| (0..count).map(|index| format!("x-{index}: 1\n")).collect::<Vec<_>>().concat();
    for count in [MAX_HEADERS, MAX_HEADERS + 1, 100_000] {
        let response = only(&format!("HTTP/1.1 200 OK\n{}", distinct(count))).recorded.response.unwrap();
        assert_eq!(response.headers().len(), MAX_HEADERS);
    }
}

#[test]
fn json_is_nested_so_deep_and_no_deeper() {
    let har = |depth: usize| {
        let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let request = r#"{"method":"GET","url":"https://a.example/"}"#;
        format!(
            r#"{{"log":{{"entries":[{{"request":{request},"_initiator":{{"type":"script","stack":{deep}}}}}]}}}}"#
        )
    };
    only(&har(100));
    // To leave out what nobody asks for takes no recursion.
    only(&har(100_000));
}

/// A text of four times the length takes four times as long, and not sixteen times.
#[test]
fn long_texts_are_read_once() {
    let pieces = [
        "fetch(",
        ".fetch(",
        "curl a;",
        "curl '\n",
        "> ",
        "$ ",
        "^",
        "--:--:-- >",
        "GET / HTTP/1.1\n",
        "* Trying \n",
    ];
    let time = |piece: &str, count: usize| {
        let text = piece.repeat(count);
        let time = || {
            let start = Instant::now();
            drop(parse(&text));
            start.elapsed()
        };
        // Others use the machine as well.
        (0..3).map(|_| time()).min().unwrap()
    };
    for piece in pieces {
        let is_linear = || time(piece, 1 << 15) < 10 * time(piece, 1 << 13) + Duration::from_millis(2);
        assert!((0..3).any(|_| is_linear()), "{piece:?}");
    }
}
