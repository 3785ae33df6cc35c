//! The console's lines of each engine, what they mean, and what they add to a request.

use super::{in_words, only, requests};
use crate::saved::Reason::*;
use crate::saved::{Reason, Stage};

const URL: &str = "https://api.example.com/items/1";
const APP: &str = "https://app.example.com";
const FIRST: Option<Stage> = Some(Stage::Preflight);
const REQUEST: Option<Stage> = Some(Stage::Request);

#[track_caller]
fn assert_means(rows: impl IntoIterator<Item = (String, Reason, Option<Stage>)>) {
    for (text, reason, stage) in rows {
        let saved = only(&text);
        let words = in_words(&saved);
        let blocked = saved.recorded.blocked.unwrap();
        assert_eq!((blocked.reason, blocked.stage), (reason, stage), "{text}");
        assert!(words.contains(URL), "{text}: {words}");
    }
}

#[test]
fn chromium() {
    const NONE: &str = "No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    const PREFLIGHT: &str = "Response to preflight request doesn't pass access control check: ";
    let rows = [
        (NONE, AllowOriginMissing, REQUEST),
        (&format!("{PREFLIGHT}{NONE}"), AllowOriginMissing, FIRST),
        (
            "The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not equal to the supplied origin.",
            AllowOriginMismatch(Some("https://b.example".to_owned())),
            REQUEST,
        ),
        (
            "The 'Access-Control-Allow-Origin' header contains the invalid value 'x'.",
            AllowOriginMismatch(Some("x".to_owned())),
            REQUEST,
        ),
        (
            "The 'Access-Control-Allow-Origin' header contains multiple values 'a, b', but only one is allowed.",
            AllowOriginTwice,
            REQUEST,
        ),
        (
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when \
             the request's credentials mode is 'include'.",
            AllowOriginWildcard,
            REQUEST,
        ),
        (
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' \
             when the request's credentials mode is 'include'.",
            AllowCredentials,
            REQUEST,
        ),
        (&format!("{PREFLIGHT}It does not have HTTP ok status."), PreflightStatus, FIRST),
        (&format!("{PREFLIGHT}Redirect is not allowed for a preflight request."), PreflightRedirected, FIRST),
        (
            "Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.",
            MethodNotAllowed(Some(http::Method::PATCH)),
            FIRST,
        ),
        (
            "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
            HeaderNotAllowed(Some("x-a".to_owned())),
            FIRST,
        ),
        (
            "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
            MalformedList,
            FIRST,
        ),
        (
            "Redirect location 'https://a:b@c.example/' contains a username and password, which is disallowed for \
             cross-origin requests.",
            Redirected,
            REQUEST,
        ),
        ("Cross origin requests are only supported for protocol schemes: http, https.", NotHttp, REQUEST),
        ("Permission was denied for this request to access the `loopback` address space.", NotCors, REQUEST),
        ("Words of another year.", Unknown, REQUEST),
    ];
    let line = |reason: &str| {
        format!(
            "app.js:12 Access to fetch at '{URL}' from origin '{APP}' has been blocked by CORS policy: {reason}"
        )
    };
    assert_means(rows.map(|(reason, meaning, stage)| (line(reason), meaning, stage)));
    assert_means([
        (
            format!(
                "Refused to connect to '{URL}' because it violates the following Content Security Policy directive: x"
            ),
            NotCors,
            None,
        ),
        (
            format!(
                "Mixed Content: The page at '{APP}/' was loaded over HTTPS, but requested an insecure resource '{URL}'."
            ),
            NotCors,
            None,
        ),
        (format!("PUT {URL} net::ERR_CONNECTION_REFUSED"), NoResponse, None),
    ]);
}

#[test]
fn firefox() {
    let rows = [
        ("CORS header ‘Access-Control-Allow-Origin’ missing", AllowOriginMissing, None),
        ("CORS header 'Access-Control-Allow-Origin' missing", AllowOriginMissing, None),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://b.example’",
            AllowOriginMismatch(Some("https://b.example".to_owned())),
            None,
        ),
        ("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed", AllowOriginTwice, None),
        (
            "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
            AllowOriginWildcard,
            None,
        ),
        ("expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’", AllowCredentials, None),
        ("CORS preflight response did not succeed", PreflightStatus, FIRST),
        ("Did not find method in CORS header ‘Access-Control-Allow-Methods’", MethodNotAllowed(None), FIRST),
        (
            "header ‘x-a’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response",
            HeaderNotAllowed(Some("x-a".to_owned())),
            FIRST,
        ),
        ("invalid token ‘a b’ in CORS header ‘Access-Control-Allow-Headers’", MalformedList, FIRST),
        ("CORS request external redirect not allowed", Redirected, None),
        ("CORS request not http", NotHttp, None),
        ("CORS request did not succeed", NoResponse, None),
    ];
    assert_means(rows.map(|(reason, meaning, stage)| (of_firefox(reason), meaning, stage)));
}

fn of_firefox(reason: &str) -> String {
    format!(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {URL}. \
         (Reason: {reason}). Status code: 403.[Learn More]"
    )
}

#[test]
fn webkit() {
    let rows = [
        (
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 403",
            AllowOriginMissingOrMismatch,
            None,
        ),
        ("Access-Control-Allow-Origin cannot contain more than one origin.", AllowOriginTwice, None),
        (
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
            AllowOriginWildcard,
            None,
        ),
        (
            "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
            AllowCredentials,
            None,
        ),
        ("Preflight response is not successful. Status code: 401", PreflightStatus, FIRST),
        (
            "Method PATCH is not allowed by Access-Control-Allow-Methods.",
            MethodNotAllowed(Some(http::Method::PATCH)),
            FIRST,
        ),
        (
            "Request header field X-A is not allowed by Access-Control-Allow-Headers.",
            HeaderNotAllowed(Some("x-a".to_owned())),
            FIRST,
        ),
        ("Header Access-Control-Allow-Methods has an invalid value: a b", MalformedList, FIRST),
        (
            "Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: x",
            Redirected,
            None,
        ),
        ("Cross origin requests are only supported for HTTP.", NotHttp, None),
    ];
    let lines = |reason: &str| {
        format!("[Error] {reason}\n[Error] Fetch API cannot load {URL} due to access control checks.\n")
    };
    assert_means(rows.map(|(reason, meaning, stage)| (lines(reason), meaning, stage)));
    let alone = format!("XMLHttpRequest cannot load {URL} due to access control checks.");
    assert_means([(alone, NoResponse, None)]);
}

#[test]
fn lines_complete_each_other_and_the_request() {
    let refused = format!(
        "Access to fetch at '{URL}' from origin '{APP}' has been blocked by CORS policy: Response to preflight request \
         doesn't pass access control check: The value of the 'Access-Control-Allow-Credentials' header in the response \
         is '' which must be 'true' when the request's credentials mode is 'include'."
    );
    let failed = format!("  PUT {URL} net::ERR_FAILED");
    let command = format!("curl --url '{URL}' -X PUT -H 'x-a: 1'");
    let missing = format!("GET {APP}/favicon.ico 404 (Not Found)");
    let asked = format!("PUT {URL} from {APP}, include, preflighted");
    let rows = [
        (vec![&refused, &failed], asked.clone()),
        (vec![&failed, &refused], asked.clone()),
        (vec![&refused, &failed, &missing], asked.clone()),
        (vec![&missing], format!("GET {APP}/favicon.ico from -")),
        (vec![&refused, &failed, &command], format!("{asked}; x-a: 1")),
        (vec![&command, &refused, &failed], format!("{asked}; x-a: 1")),
    ];
    for (lines, expected) in rows {
        let text: Vec<_> = lines.into_iter().map(String::as_str).collect();
        assert_eq!(requests(&text.join("\n")), [expected], "{text:?}");
    }
}

#[test]
fn firefox_tells_a_preflight_by_a_second_line() {
    let reason = of_firefox("CORS header ‘Access-Control-Allow-Origin’ missing");
    let second = of_firefox("CORS request did not succeed");
    let request = format!("XHR OPTIONS\n{URL}\nCORS Missing Allow Origin");
    for (lines, stage) in
        [(vec![&reason], None), (vec![&reason, &second], FIRST), (vec![&request, &reason, &second], FIRST)]
    {
        let text: Vec<_> = lines.into_iter().map(String::as_str).collect();
        let saved = only(&text.join("\n"));
        let preflighted = if stage == FIRST { ", preflighted" } else { "" };
        assert_eq!(in_words(&saved), format!("- {URL} from -{preflighted}"));
        let blocked = saved.recorded.blocked.unwrap();
        assert_eq!((blocked.reason, blocked.stage), (AllowOriginMissing, stage), "{text:?}");
        assert_eq!(blocked.status.unwrap(), 403);
    }
}

#[test]
fn the_url_of_a_redirect_is_the_one_that_was_refused() {
    let line = |page: &str| {
        format!(
            "Access to fetch at 'https://b.example/' (redirected from 'https://a.example/') from origin '{page}' has been \
             blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
        )
    };
    let saved = only(&line(APP));
    assert_eq!(in_words(&saved), "- https://b.example/ from null");
    assert!(saved.caveats[0].contains("\"https://a.example/\", which was redirected"), "{:?}", saved.caveats);
    // Only the second origin is foreign to the page.
    assert_eq!(requests(&line("https://a.example")), ["- https://b.example/ from https://a.example"]);
}
