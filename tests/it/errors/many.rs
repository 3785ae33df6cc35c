//! How much of an error is printed, whatever is wrong.

use tower_cors::{CorsPolicy, PolicyError};

use crate::support::assert_rows;

fn error(count: usize) -> PolicyError {
    let origins = (0..count).map(|number| format!("https://{number}.example/"));
    CorsPolicy::builder().allow_origins(origins).build().expect_err("each has a slash")
}

#[test]
fn twenty_issues_are_printed_and_all_are_there() {
    let cases = [
        (2, "the CORS policy has 2 issues:", 3, " 2. allow_origins: `https://1.example/` "),
        (20, "the CORS policy has 20 issues:", 21, "20. allow_origins: `https://19.example/` "),
        (21, "the CORS policy has 21 issues:", 22, "... and 1 more"),
        (100_000, "the CORS policy has 100000 issues:", 22, "... and 99980 more"),
    ];
    assert_rows(cases.map(|(count, first, lines, last)| {
        let error = error(count);
        let message = error.to_string();
        let starts = message.starts_with(first);
        let ends = message.lines().last().is_some_and(|line| line.starts_with(last));
        let seen = (error.issues().count(), starts, message.lines().count(), ends);
        (format!("{count} issues"), seen, (count, true, lines, true))
    }));
}

#[test]
fn twenty_issues_are_printed_for_debugging_too() {
    let lines = |count| format!("{:#?}", error(count)).matches("field: \"allow_origins\"").count();
    assert_rows([1, 20, 21].map(|count| (count, lines(count), count.min(20))));
    let debug = format!("{:?}", error(100_000));
    assert!(debug.ends_with(", 99980 more])") && debug.len() < 10_000, "{debug}");
}

#[test]
fn a_value_is_cut_for_debugging_too() {
    let long = format!("https://a.example/\u{1b}[2J{}", "x".repeat(10_000));
    let debug = format!("{:?}", CorsPolicy::builder().allow_origin(long).build());
    let value = format!("value: Some(`https://a.example/\\u{{1b}}[2J{}`...)", "x".repeat(58));
    assert!(debug.contains(&value) && debug.len() < 250, "{debug}");
}
