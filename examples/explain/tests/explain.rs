//! The program, as it is started: what it prints, and how it exits.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use proptest::prelude::*;

/// The policy of the service whose answers the saved requests have.
const POLICY: &str = include_str!("requests/policy.toml");

const LIST: &str = r#"
[[cors]]
allow_origins     = "https://app.example.com"
allow_credentials = true

[[cors]]
allow_origins     = "*"
"#;

/// Writes a policy where no other test does.
fn policy_file(name: &str, policy: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("explain-{name}.toml"));
    std::fs::write(&path, policy).expect("it is written");
    path.to_str().expect("text").to_owned()
}

/// Whether it exits with 0 or 1, and what it prints; or, with 2, its error.
fn run(arguments: &[&str], input: &str) -> Result<(bool, String), String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_example-explain"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // It may exit before it has read everything, or anything.
    let _ = program.stdin.take().expect("it is piped").write_all(input.as_bytes());
    let output = program.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    let (printed, errors) = (text(output.stdout), text(output.stderr));
    match output.status.code() {
        Some(code @ (0 | 1)) => {
            assert_eq!(errors, "");
            Ok((code == 0, printed))
        }
        Some(2) => {
            let error = errors.strip_prefix("explain: ").and_then(|error| error.strip_suffix('\n'));
            Err(error.expect("an error").to_owned())
        }
        code => panic!("{code:?}: {errors}"),
    }
}

/// Explains a saved request by the policy above.
fn explain_saved(name: &str, saved: &str) -> Result<(bool, String), String> {
    run(&[&policy_file(name, POLICY), "--request", "-"], saved)
}

fn saved(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/requests").join(name);
    std::fs::read_to_string(path).expect("a saved request")
}

#[test]
fn without_arguments_it_shows_an_example_and_how_to_call_it() {
    let (is_fine, shown) = run(&[], "").expect("an example");
    assert!(is_fine);
    assert!(shown.contains("`https://*.preview.example.com` does not cover the domain itself"), "{shown}");
    assert!(shown.contains("usage: explain POLICY.toml --origin ORIGIN"), "{shown}");
}

#[test]
fn a_pages_request_is_sent_as_a_browser_sends_it() {
    let policy = policy_file("page", POLICY);
    let app = [&policy, "--origin", "https://app.example.com"];
    let cases: [(&[&str], bool, &[&str]); 6] = [
        (&[], true, &["GET https://server.test/"]),
        (
            &["--method", "PUT", "--header", "content-type"],
            true,
            &["OPTIONS https://server.test/", "PUT https://server.test/"],
        ),
        (&["--method", "PATCH"], false, &["OPTIONS https://server.test/"]),
        (&["--header", "x-a", "--url", "/items"], false, &["OPTIONS https://server.test/items"]),
        // CORS-safelisted: no preflight.
        (&["--header", "accept"], true, &["GET https://server.test/"]),
        (
            &["--credentials", "--url", "https://api.example.com/items"],
            true,
            &["GET https://api.example.com/items"],
        ),
    ];
    for (arguments, is_allowed, sent) in cases {
        let (allowed, shown) = run(&[&app[..], arguments].concat(), "").expect("an explanation");
        assert_eq!(allowed, is_allowed, "{arguments:?}: {shown}");
        let requests: Vec<_> =
            shown.lines().filter(|line| line.contains(" https://") && !line.starts_with(' ')).collect();
        let requests: Vec<_> = requests.into_iter().filter(|line| !line.starts_with("the browser")).collect();
        assert_eq!(requests, sent, "{arguments:?}");
    }
}

#[test]
fn of_several_policies_the_deciding_one_is_named() {
    let policy = policy_file("list", LIST);
    for (origin, decides, credentials, is_allowed) in [
        (
            "https://app.example.com",
            "policy 1 of 2 decides: it is the first that allows the origin",
            true,
            true,
        ),
        (
            "https://stranger.example",
            "policy 2 of 2 decides: it is the first that allows the origin",
            false,
            true,
        ),
        (
            "https://stranger.example",
            "policy 2 of 2 decides: it is the first that allows the origin",
            true,
            false,
        ),
    ] {
        let mut arguments = vec![policy.as_str(), "--origin", origin];
        arguments.extend(credentials.then_some("--credentials"));
        let (allowed, shown) = run(&arguments, "").expect("an explanation");
        assert!(shown.contains(decides), "{shown}");
        assert_eq!(allowed, is_allowed, "{shown}");
    }
}

#[test]
fn a_saved_exchange_is_explained_and_its_response_compared() {
    let (is_fine, shown) = explain_saved("http1", &saved("preflight.txt")).expect("an explanation");
    assert!(!is_fine);
    assert!(
        shown.starts_with("OPTIONS /items/1\nrefused: the policy does not allow the requested method"),
        "{shown}"
    );
    assert!(shown.contains("fix: add `PATCH` to `allow_methods`"), "{shown}");
    assert!(shown.contains("fix: add `x-a` to `allow_headers`"), "{shown}");
    assert!(shown.ends_with("the response is what this policy answers\n\n"), "{shown}");

    let (is_fine, shown) = explain_saved("http2", &saved("http2.txt")).expect("an explanation");
    assert!(is_fine, "{shown}");
    assert!(shown.starts_with("GET /items\nallowed\n"), "{shown}");
    assert!(shown.ends_with("the response is what this policy answers\n\n"), "{shown}");
}

#[test]
fn an_empty_list_grants_nothing() {
    let empty = policy_file("empty", "cors = []");
    let (is_allowed, shown) =
        run(&[&empty, "--origin", "https://app.example.com"], "").expect("an explanation");
    assert!(!is_allowed);
    assert!(shown.contains("\nrefused: no policy applies to the request\n"), "{shown}");
}

#[test]
fn the_response_of_several_policies_is_compared_with_the_choice() {
    let of_anyone = "\
> GET / HTTP/1.1
> Origin: https://stranger.example
>
< HTTP/1.1 200 OK
< Access-Control-Allow-Origin: *
< Vary: Origin
";
    let list = policy_file("choice", LIST);
    let arguments = [&list, "--request", "-"];
    let (is_fine, shown) = run(&arguments, of_anyone).expect("an explanation");
    assert!(is_fine, "{shown}");
    assert!(shown.ends_with("the response is what this policy answers\n\n"), "{shown}");
    // A partner would have got another one, which a cache has to know.
    let (is_fine, shown) =
        run(&arguments, &of_anyone.replace("< Vary: Origin\n", "")).expect("an explanation");
    assert!(!is_fine);
    assert!(shown.ends_with("\n  vary: without origin\n\n"), "{shown}");
}

#[test]
fn a_response_of_something_in_front_is_told_by_its_headers() {
    let preflight = saved("preflight.txt");
    let of_a_gateway = preflight
        .replace("204 No Content", "401 Unauthorized")
        .replace("< access-control-max-age: 600\n", "")
        .replace(
            "< vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n",
            "< vary: Origin\n",
        )
        .replace(
            "< access-control-allow-origin: https://app.example.com\n",
            "< access-control-allow-origin: https://app.example.com\n< access-control-allow-origin: *\n",
        );
    let (is_fine, shown) =
        explain_saved("gateway", &of_a_gateway.replace('\n', "\r\n")).expect("an explanation");
    assert!(!is_fine);
    let expected = "\
the response is not what this policy answers: something in front answered, or changed it
  status: 401, not 204
  access-control-allow-origin: \"https://app.example.com\" and \"*\", not \"https://app.example.com\"
  access-control-max-age: nothing, not \"600\"
  vary: without access-control-request-method
  vary: without access-control-request-headers

";
    assert!(shown.ends_with(expected), "{shown}");
}

#[test]
fn what_chromium_copies_as_fetch_is_explained() {
    let (is_allowed, shown) = explain_saved("chromium", &saved("chromium.js")).expect("an explanation");
    assert!(is_allowed, "{shown}");
    assert!(shown.starts_with("OPTIONS https://api.example.com/items/1\nallowed\n"), "{shown}");
    // What the browser itself has added, the page does not ask for.
    assert!(shown.contains("requested headers: `authorization, content-type`"), "{shown}");
    assert!(shown.contains("\nPUT https://api.example.com/items/1\nallowed\n"), "{shown}");
}

#[test]
fn what_firefox_copies_as_fetch_is_explained() {
    let (is_allowed, shown) = explain_saved("firefox", &saved("firefox.js")).expect("an explanation");
    assert!(!is_allowed);
    assert!(
        shown.starts_with("GET https://api.example.com/items\nrefused: the policy does not allow the origin"),
        "{shown}"
    );
    assert!(
        shown.contains("if this site is yours, add `https://stranger.example` to `allow_origins`"),
        "{shown}"
    );

    let policy = policy_file("override", POLICY);
    let arguments = [&policy, "--request", "-", "--origin", "https://app.example.com"];
    assert!(run(&arguments, &saved("firefox.js")).expect("an explanation").0);
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_where() {
    let cases = [
        ("", "it is neither `fetch(...)` nor the output of `curl -v`, whose request lines begin with `>`"),
        ("> nonsense\n", "line 1: it is neither a request line nor a header: \"> nonsense\""),
        ("\n< HTTP/1.1 200 OK\n", "line 2: there is no request that this answers: \"< HTTP/1.1 200 OK\""),
        ("> GET / HTTP/1.1\n< what\n", "line 2: it is neither a status line nor a header: \"< what\""),
        (
            "> GET / HTTP/1.1\n< HTTP/1.1 9\n",
            "line 2: it is neither a status line nor a header: \"< HTTP/1.1 9\"",
        ),
        ("fetch(", "`fetch(` has no URL"),
        ("fetch(1)", "the URL of `fetch(`: invalid type: integer `1`, expected a string at line 1 column 1"),
        ("fetch(\"/\", ", "`fetch(` has no second argument behind its comma"),
        ("fetch(\"/\", {})", "there is no `referrer` that names the page: give its origin with --origin"),
        ("fetch(\"/\", {a: 1})", "the second argument of `fetch(`: key must be a string at line 1 column 3"),
    ];
    for (saved, expected) in cases {
        assert_eq!(explain_saved("errors", saved).expect_err(saved), expected);
    }
    let policy = policy_file("arguments", POLICY);
    for (arguments, expected) in [
        (&["--origin"][..], "--origin needs a value"),
        (&["--origin", "https://a.example"], "no policy is given"),
        (&[&policy], "either --origin or --request is needed"),
        (&[&policy, "--origin", "nonsense"], "is not a valid page"),
        (&[&policy, "--frobnicate"], "\"--frobnicate\" is not understood"),
        (&["/nowhere.toml", "--origin", "https://a.example"], "\"/nowhere.toml\": No such file"),
    ] {
        let error = run(arguments, "").expect_err("an error");
        assert!(error.contains(expected), "{error}");
    }
    let broken = policy_file("broken", "cors.allow_origins = 'https://a.example/'");
    let error = run(&[&broken, "--origin", "https://a.example"], "").expect_err("a slash");
    assert!(error.contains("did you mean `https://a.example`?"), "{error}");
}

#[test]
fn an_input_is_read_to_the_limit_and_not_one_past_it() {
    let longest = format!("> GET / HTTP/1.1\n{}", "*".repeat((1 << 20) - "> GET / HTTP/1.1\n".len()));
    assert!(explain_saved("longest", &longest).is_ok());
    assert_eq!(
        explain_saved("longest", &(longest + "*")).expect_err("too long"),
        "\"-\" is longer than 1048576 bytes"
    );
}

proptest! {
    #[test]
    fn no_saved_text_makes_it_panic(
        text in "(fetch\\(|await fetch\\(|> |< )?[ -~\\n\"{}<>:]{0,200}",
        cut in 0_usize..700,
        which in prop::sample::select(vec!["preflight.txt", "http2.txt", "chromium.js", "firefox.js"]),
    ) {
        let _ = explain_saved("proptest", &text);
        let whole = saved(which);
        let _ = explain_saved("proptest", &whole.chars().take(cut).collect::<String>());
        let _ = explain_saved("proptest", &(whole.chars().take(cut).collect::<String>() + &text));
    }
}
