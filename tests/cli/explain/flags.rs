//! A request in flags.

use super::{LIST, POLICY, explain, file, unwrapped};

const APP: &str = "https://app.example.com";

#[test]
fn the_exit_status_is_what_a_browser_lets_the_page_read() {
    let policy = file("flags.toml", POLICY);
    let json = "content-type: application/json";
    let cases: [(&[&str], i32); 28] = [
        (&[], 0),
        (&["--method", "PUT"], 0),
        // Browsers normalize it.
        (&["--method", "put"], 0),
        (&["--method", "PATCH"], 1),
        (&["--method", "patch"], 1),
        (&["--method", "HEAD"], 0),
        (&["--method", "TRACE"], 1),
        (&["--method", "OPTIONS"], 1),
        (&["--header", json], 0),
        (&["--header", "content-type"], 0),
        (&["--header", "Authorization: Bearer x"], 0),
        (&["--header", "x-a"], 1),
        (&["--header", "x-a: 1", "--header", json], 1),
        // CORS-safelisted, and forbidden to pages.
        (&["--header", "accept"], 0),
        (&["--header", "cookie: a=b"], 0),
        (&["--credentials"], 0),
        (&["--credentials", "include", "--method", "DELETE"], 0),
        (&["--credentials", "omit"], 0),
        (&["--credentials=same-origin"], 0),
        (&["--url", "https://api.example.com/items?q=1#top"], 0),
        (&["--url", "/items"], 0),
        (&["--url", "items"], 0),
        (&["--url", "https://app.example.com/items", "--method", "PATCH"], 0),
        (&["--url", "https://user:secret@api.example.com/"], 1),
        (&["--url", "ftp://api.example.com/"], 1),
        (&["--url", "data:,x"], 1),
        (&["--url", "localhost:3000/x"], 1),
        (&["--url", "items?at=12:30"], 0),
    ];
    for (arguments, status) in cases {
        let ran = explain(&[&[&policy, "--origin", APP], arguments].concat(), "");
        assert_eq!(ran.status, status, "{arguments:?}: {}{}", ran.output, ran.errors);
    }
    for (origin, status) in [
        ("https://app.example.com/a/page.html", 0),
        ("https://APP.example.com", 0),
        ("https://a.preview.example.com", 0),
        ("https://preview.example.com", 1),
        ("http://localhost:5173", 0),
        ("http://app.example.com", 1),
        ("null", 1),
        ("file:///tmp/page.html", 1),
    ] {
        assert_eq!(explain(&[&policy, "--origin", origin], "").status, status, "{origin}");
    }
}

#[test]
fn the_preflight_comes_first_and_the_request_after_it() {
    let policy = file("order.toml", POLICY);
    let sent = |arguments: &[&str]| {
        let ran = explain(
            &[&[&policy, "--origin", APP, "--url", "https://api.example.com/x"], arguments].concat(),
            "",
        );
        let is_numbered = |line: &&str| line.starts_with(|first: char| first.is_ascii_digit());
        ran.output.lines().filter(is_numbered).map(str::to_owned).collect::<Vec<_>>()
    };
    let [preflight, put, get] = [
        "1. OPTIONS https://api.example.com/x (preflight)",
        "2. PUT https://api.example.com/x",
        "1. GET https://api.example.com/x",
    ];
    assert_eq!(sent(&["--method", "PUT"]), [preflight, put]);
    assert_eq!(sent(&["--method", "PATCH"]), [preflight]);
    assert_eq!(sent(&[]), [get]);
}

#[test]
fn credentials_are_refused_where_the_policy_does_not_allow_them() {
    let policy = file("credentials.toml", "allow_origins = ['https://app.example.com']");
    let with = |credentials: &[&str]| explain(&[&[&policy, "--origin", APP], credentials].concat(), "");
    assert_eq!(with(&[]).status, 0);
    assert_eq!(with(&["--credentials=omit"]).status, 0);
    let refused = with(&["--credentials"]);
    assert_eq!(refused.status, 1);
    assert!(
        unwrapped(&refused.output).contains("has no `Access-Control-Allow-Credentials: true`"),
        "{}",
        refused.output
    );
}

#[test]
fn of_several_policies_the_deciding_one_is_named() {
    let policy = file("list.toml", LIST);
    let stranger = "https://stranger.example";
    for (origin, credentials, decides, status) in [
        (APP, true, "policy 1 of 2 decides", 0),
        (stranger, false, "policy 2 of 2 decides", 0),
        (stranger, true, "policy 2 of 2 decides", 1),
    ] {
        let arguments = [&policy, "--origin", origin, "--credentials"];
        let ran = explain(if credentials { &arguments } else { &arguments[..3] }, "");
        assert!(ran.output.contains(decides), "{}", ran.output);
        assert_eq!(ran.status, status, "{}", ran.output);
    }
}

#[test]
fn the_policy_can_come_from_the_standard_input() {
    assert_eq!(explain(&["-", "--origin", APP], POLICY).status, 0);
}

#[test]
fn values_that_may_be_secrets_are_not_shown() {
    let policy = file("secrets.toml", POLICY);
    let arguments = [&policy, "--origin", APP, "--header", "authorization: Bearer hush"];
    for extra in [&[][..], &["--json"]] {
        let ran = explain(&[&arguments, extra].concat(), "");
        assert!(ran.output.contains("authorization") && !ran.output.contains("hush"), "{}", ran.output);
    }
}

#[test]
fn nothing_that_a_terminal_would_interpret_comes_from_the_input() {
    let policy = file("escapes.toml", POLICY);
    for arguments in [
        ["--origin", "https://app.example.com/\u{1b}[31m\u{202e}"],
        ["--origin", "\u{1b}[31m"],
        ["--method", "\u{1b}[31m"],
        ["--url", "https://api.example.com/\u{1b}[31m\u{202e}"],
        ["--header", "a\u{1b}: b"],
        ["--header", "a: b\u{1b}"],
    ] {
        let ran = explain(
            &[&[&policy, "--origin", APP][..if arguments[0] == "--origin" { 1 } else { 3 }], &arguments]
                .concat(),
            "",
        );
        let shown = ran.output + &ran.errors;
        let is_printable = |char: char| char == '\n' || !(char.is_control() || char == '\u{202e}');
        assert!(shown.chars().all(is_printable), "{shown:?}");
    }
}

#[test]
fn a_service_is_asked_at_an_origin_of_its_own() {
    let policy = file(
        "served-at.toml",
        "allow_origins = ['https://app.example.com']\nreject_disallowed_origins = true\n\
         served_at = ['https://*.example.net', 'https://api.example.com']",
    );
    let ran = explain(&[&policy, "--origin", APP], "");
    assert!(ran.output.contains("GET https://api.example.com/"), "{}", ran.output);
    assert_eq!(ran.status, 0, "{}", ran.output);
    let ran = explain(&[&policy, "--origin", APP, "--url", "https://rebound.example/"], "");
    assert!(ran.output.contains("the layer answers 421"), "{}", ran.output);
    assert_eq!(ran.status, 1);
}

#[test]
fn mixed_content_is_noted() {
    let policy = file("mixed.toml", POLICY);
    let output = |url| explain(&[&policy, "--origin", APP, "--url", url], "").output;
    assert!(output("http://api.example.com/").contains("(mixed content)"));
    assert!(!output("http://localhost:3000/").contains("(mixed content)"));
    assert!(!output("http://[::1]/").contains("(mixed content)"));
    assert!(output("http://127.evil.example/").contains("(mixed content)"));
}

#[test]
fn where_engines_go_beyond_the_standard_it_is_noted() {
    let policy = file("authorization.toml", "allow_origins = '*'\nallow_headers = '*'");
    let noted = |headers: &[&str]| {
        let ran = explain(&[&[&policy, "--origin", APP], headers].concat(), "");
        assert_eq!(ran.status, 1);
        unwrapped(&ran.output).contains("still let `*` cover `Authorization`")
    };
    assert!(noted(&["--header", "authorization"]));
    assert!(noted(&["--header", "authorization", "--header", "x-a"]));
    assert!(!noted(&["--header", "authorization", "--method", "PUT"]));
}

#[test]
fn colours_are_for_terminals_and_those_who_ask_for_them() {
    let policy = file("colours.toml", POLICY);
    let output = |variable: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_tower-cors"));
        program.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env(variable, "1");
        let ran =
            program.args(["explain", &policy, "--origin", APP]).output().expect("the program was built");
        String::from_utf8(ran.stdout).expect("text")
    };
    assert!(output("CLICOLOR_FORCE").starts_with("\u{1b}[1m\u{1b}[32mreadable:\u{1b}[0m the page at"));
    assert!(output("NO_COLOR").starts_with("readable: the page at"));
    assert!(output("TERM").starts_with("readable: the page at"), "a pipe");
}

#[test]
fn the_help_has_examples_and_fits_80_columns() {
    for (flag, expected) in [
        ("-h", &["Examples:", "Exit status:"][..]),
        ("--help", &["Examples:", "Exit status:", "JSON document (`--json`):"]),
    ] {
        let ran = explain(&[flag], "");
        assert_eq!(ran.status, 0);
        assert!(expected.iter().all(|part| ran.output.contains(part)), "{}", ran.output);
    }
}
