//! The output without a policy.

use super::{explain, file};

#[test]
fn without_arguments_there_is_an_example() {
    let ran = explain(&[], "");
    assert_eq!(ran.status, 0);
    assert!(
        ran.output.contains("`https://*.preview.example.com` does not cover the domain itself"),
        "{}",
        ran.output
    );
    assert!(ran.output.contains("`tower-cors explain --help`"), "{}", ran.output);
}

#[test]
fn what_the_browser_sends_is_shown_with_a_policy_that_allows_it() {
    let request =
        ["--origin", "https://app.example.com", "--method", "put", "--header", "x-a", "--credentials"];
    let ran = explain(&request, "");
    assert_eq!(ran.status, 0);
    assert!(ran.output.starts_with("needs: a preflight, before the browser sends put /\n"), "{}", ran.output);
    let policy: String = ran
        .output
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| !line.starts_with(' '))
        .fold(String::new(), |policy, line| policy + line + "\n");
    assert_eq!(
        policy,
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\"]\nallow_headers = [\"x-a\"]\n\
         allow_credentials = true\n"
    );
    let policy = file("proposed.toml", policy);
    assert_eq!(explain(&[&[policy.as_str()][..], &request].concat(), "").status, 0);
}

#[test]
fn a_policy_that_would_be_refused_is_not_proposed() {
    let ran = explain(&["--origin", "null"], "");
    assert_eq!(ran.status, 0);
    assert!(ran.output.contains("A policy that allows exactly this is not valid:\n  - "), "{}", ran.output);
    assert!(!ran.output.contains("allow_origins = "), "{}", ran.output);
}

#[test]
fn a_same_origin_request_needs_none() {
    let ran = explain(&["--origin", "https://app.example.com", "--url", "https://app.example.com/x"], "");
    assert_eq!((ran.status, ran.output.starts_with("needs: no policy")), (0, true), "{}", ran.output);
}

#[test]
fn what_no_browser_sends_is_said() {
    let ran = explain(&["--origin", "https://app.example.com", "--method", "TRACE"], "");
    assert_eq!(
        (ran.status, ran.output.starts_with("blocked: no browser sends")),
        (1, true),
        "{}",
        ran.output
    );
}
