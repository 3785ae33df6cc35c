//! `client.html` in Chromium, where it is allowed and where it is not.

use std::path::Path;

use serde_json::Value;

use crate::chromium::report;
use crate::local::Program;

/// What the page shows of each method; or says why nothing was tried.
fn shown_at(host: &str) -> Option<Vec<(String, String, String)>> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder.join("chromium").is_file()) {
        let required =
            std::env::var("TOWER_CORS_BROWSERS").is_ok_and(|browsers| browsers.contains("chromium"));
        assert!(!required, "chromium is missing");
        eprintln!("not tried in Chromium: chromium is missing");
        return None;
    }
    let page = include_str!("../../client.html").to_owned();
    let page = page + "<script type=\"module\" src=\"report.js\"></script>\n";
    let files = vec![("/", page), ("/report.js", include_str!("report.js").to_owned())];
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("profile-at-{host}"));
    std::fs::create_dir_all(&profile).expect("there is room for a profile");
    let program = Program::start();
    let report = report(files, host, &format!("http://{}/greeting", program.address), &profile);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let rows = report.as_array().expect("a list").iter();
    Some(rows.map(|row| (text(&row[0]), text(&row[1]), text(&row[2]))).collect())
}

#[test]
fn an_allowed_page_shows_what_it_can_read() {
    // The function allows `http://localhost:*`.
    let Some(shown) = shown_at("localhost") else { return };
    let row = |method: &str, class: &str, text: &str| (method.to_owned(), class.to_owned(), text.to_owned());
    let type_and_length =
        |length| format!("content-length: {length}\ncontent-type: text/plain; charset=utf-8");
    let [get, put, delete] = shown.try_into().expect("three methods");
    assert_eq!(get, row("GET", "shown", &format!("200 OK\n{}\n\nHello\n", type_and_length(6))));
    assert_eq!(put, row("PUT", "shown", &format!("200 OK\n{}\n\nnoted\n", type_and_length(6))));
    // Not a method of the policy: the browser asks, and does not send it.
    assert!(delete.1 == "failed" && delete.2.starts_with("Failed to fetch\n"), "{delete:?}");
}

/// Its origin is not the one with `localhost`.
#[test]
fn another_page_shows_that_it_can_read_nothing() {
    let Some(shown) = shown_at("127.0.0.1") else { return };
    assert_eq!(shown.len(), 3);
    for (method, class, text) in shown {
        assert!(class == "failed" && text.starts_with("Failed to fetch\n"), "{method}: {text}");
    }
}
