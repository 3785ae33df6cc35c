//! Input that cannot be understood gets one clear line, and status 2.

use super::{POLICY, explain, file};
use crate::program::run;
use crate::saved::scenarios;

#[test]
fn what_is_missing_is_asked_for_by_name() {
    let policy = file("missing.toml", POLICY);
    for (arguments, expected) in [
        (&[policy.as_str()][..], "the page's origin is missing: give it with `--origin`"),
        (&["--method", "PUT"], "the page's origin is missing: give it with `--origin`"),
        (&[&policy, "--origin", "nonsense"], "`nonsense` is not a valid page"),
        (&[&policy, "--origin", "https://a.example", "--url", "https://"], "`https://` is not a valid URL"),
        (&[&policy, "--origin", "https://a.example", "--method", "GET /"], "the method is not valid"),
        (&[&policy, "--origin", "https://a.example", "--header", "a b"], "a header is not valid"),
        (&["/nowhere.toml", "--origin", "https://a.example"], "\"/nowhere.toml\": No such file"),
        (&[&policy, "--request", "/nowhere.har"], "\"/nowhere.har\": No such file"),
        (&[".", "--origin", "https://a.example"], "\".\": Is a directory"),
        (&["-", "-"], "cannot both be the standard input"),
        (&["--origin", "https://a.example", "--json"], "`--json` needs a policy"),
    ] {
        let ran = explain(arguments, "");
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.errors.contains(expected), "{arguments:?}: {}", ran.errors);
    }
}

#[test]
fn wrong_arguments_are_status_2() {
    let policy = file("arguments.toml", POLICY);
    for (arguments, expected) in [
        (&["explain", &policy, "--frobnicate"][..], "unexpected argument '--frobnicate'"),
        (&["explain", &policy, "--orign", "https://a.example"], "a similar argument exists: '--origin'"),
        (&["explain", &policy, "--origin"], "a value is required"),
        (
            &["explain", &policy, "--credentials", "sometimes"],
            "[possible values: include, omit, same-origin]",
        ),
        (&["explain", &policy, "a.har", "--request", "b.har"], "cannot be used with"),
    ] {
        let ran = run(arguments.iter().copied(), "");
        assert_eq!(ran.status, 2, "{arguments:?}");
        assert!(ran.errors.contains(expected), "{arguments:?}: {}", ran.errors);
    }
}

#[test]
fn a_broken_policy_is_refused_with_what_was_meant() {
    let policy = file("slash.toml", "cors.allow_origins = 'https://a.example/'");
    let ran = run(["explain", &policy, "--origin", "https://a.example"], "");
    assert_eq!(ran.status, 2);
    assert!(ran.errors.contains("did you mean `https://a.example`?"), "{}", ran.errors);
}

#[test]
fn what_is_not_text_is_refused_in_one_line() {
    let policy = file("not-text.toml", POLICY);
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("latin1", b"fetch(\"https://a.example/caf\xe9\")".to_vec(), "not text in UTF-8: see byte 29"),
        ("binary", [0x7f, b'E', b'L', b'F', 0, 0xff].repeat(1000), "not text in UTF-8: see byte 6"),
        ("half a unit", b"\xff\xfea".to_vec(), "not text in UTF-16"),
        ("huge", vec![b'a'; 100 << 20], "longer than 64 MiB"),
    ];
    for (name, bytes, expected) in cases {
        let request = file(name, bytes);
        let ran = explain(&[&policy, "--request", &request], "");
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{name}");
        assert!(ran.errors.contains(expected), "{name}: {}", ran.errors);
    }
}

/// As Windows `PowerShell` redirects it.
#[test]
fn a_saved_request_can_be_text_in_utf_16() {
    let policy = file("utf-16.toml", POLICY);
    let call =
        "\u{feff}fetch(\"https://api.example.com/\", { \"referrer\": \"https://app.example.com/\" });\r\n";
    let little: Vec<u8> = call.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = call.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let expected = explain(&[&policy, "-"], call).output;
    for (name, bytes) in [("little", little), ("big", big)] {
        let ran = explain(&[&policy, "--request", &file(name, bytes)], "");
        assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{name}");
        assert_eq!(ran.output, expected, "{name}");
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    use std::process::{Command, Stdio};

    let policy = file("pipe.toml", POLICY);
    let mut program = Command::new(env!("CARGO_BIN_EXE_tower-cors"))
        .args(["explain", &policy, "--origin", "https://a.example"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    drop(program.stdout.take());
    let ran = program.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
}

#[test]
fn a_har_that_is_cut_is_not_understood() {
    let policy = file("cut.toml", POLICY);
    let hars = scenarios().into_iter().flat_map(|scenario| {
        let hars = ["default.har", "all.har"].map(|name| scenario.path(name));
        hars.into_iter().filter(|path| path.exists()).take(1).collect::<Vec<_>>()
    });
    let mut cuts = 0;
    for path in hars.step_by(20) {
        let har = std::fs::read(&path).expect("a HAR");
        for end in [1, har.len() / 4, har.len() / 2, har.len() - 2] {
            let ran = explain(&[&policy, "--request", "-"], &String::from_utf8_lossy(&har[..end]));
            assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{} up to {end}", path.display());
            cuts += 1;
        }
    }
    assert!(cuts > 20, "{cuts}");
}

#[test]
fn no_text_that_is_cut_or_changed_makes_it_panic() {
    let policy = file("changed.toml", POLICY);
    let texts = scenarios()
        .into_iter()
        .flat_map(|scenario| scenario.texts.iter().map(|text| scenario.path(&text.file)).collect::<Vec<_>>());
    for (index, path) in texts.enumerate().step_by(9) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a text")).into_owned();
        let chars = text.chars().count();
        let cut: String = text.chars().take(index * 7919 % chars).collect();
        let changed = cut.clone() + "\u{1b}\"'{[^\u{202e}" + &text[cut.len()..];
        for text in [cut, changed] {
            // Checks that hold for every answer and every failure.
            explain(&[&policy, "--request", "-", "--origin", "https://app.example.com"], &text);
        }
    }
}
