//! Chromium's console. It has the reasons that scripts do not get.

use std::collections::BTreeMap;

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::Value;
use url::{ParseError, Url};

/// Reads the console since the last time. This command exists only in `ChromeDriver`.
#[derive(Debug)]
pub(crate) struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/se/log", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(r#"{"type":"browser"}"#.to_owned()))
    }
}

/// The reasons in the console, in order, by the id of the case.
pub(crate) type Console = BTreeMap<String, Vec<String>>;

pub(crate) fn reasons(log: &Value) -> Console {
    let mut reasons = Console::new();
    let entries = log.as_array().into_iter().flatten();
    for message in entries.filter_map(|entry| entry["message"].as_str()) {
        if let (Some(id), Some(reason)) = (case_id(message), reason(message)) {
            reasons.entry(id.to_owned()).or_default().push(reason.to_owned());
        }
    }
    reasons
}

/// The first segment of a path that is a case's: a word and a number.
fn case_id(message: &str) -> Option<&str> {
    let mut segments =
        message.split('\'').filter_map(|quoted| quoted.strip_prefix("http://")?.split('/').nth(1));
    segments.find(|segment| segment.rsplit_once('-').is_some_and(|(_, number)| number.parse::<u32>().is_ok()))
}

/// A part of Chromium's message, and the model's word for it.
pub(crate) const WORDS: [(&str, &str); 11] = [
    ("No 'Access-Control-Allow-Origin' header is present", "allow-origin-missing"),
    ("must not be the wildcard '*' when", "allow-origin-wildcard"),
    ("'Access-Control-Allow-Origin' header has a value", "allow-origin-mismatch"),
    ("'Access-Control-Allow-Origin' header contains", "allow-origin-mismatch"),
    ("'Access-Control-Allow-Credentials' header", "allow-credentials"),
    ("It does not have HTTP ok status", "preflight-status"),
    ("Redirect is not allowed for a preflight request", "preflight-status"),
    ("Cannot parse Access-Control-Allow-", "malformed-list"),
    ("is not allowed by Access-Control-Allow-Methods", "method-not-allowed"),
    ("is not allowed by Access-Control-Allow-Headers", "header-not-allowed"),
    ("contains a username and password", "redirect-credentials"),
];

/// The model's word for Chromium's message. `None`: the message is not about CORS.
fn reason(message: &str) -> Option<&'static str> {
    if !message.contains("has been blocked by CORS policy") {
        return None;
    }
    WORDS.iter().find(|(part, _)| message.contains(part)).map(|(_, word)| *word).or(Some("not understood"))
}
