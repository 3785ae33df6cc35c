//! `tower-cors check`, word for word. `UPDATE=1` in the environment rewrites the expected output: read its diff.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::program::{Ran, run, run_with};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/check").join(name)
}

/// Compares the whole output.
fn assert_written(expected: &str, ran: &Ran, status: i32) {
    let errors = ran.errors.lines().flat_map(|line| ["(stderr) ", line, "\n"]);
    let written = ran.output.clone() + &errors.collect::<String>();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(data(expected), &written).expect("it can be written");
    }
    assert_eq!(written, fs::read_to_string(data(expected)).expect("what is expected"));
    assert_eq!(ran.status, status, "{written}");
}

fn check(arguments: &[&str], input: &str) -> Ran {
    run([&["check"], arguments].concat(), input)
}

#[test]
fn each_format_is_reported_as_compilers_do_it() {
    assert_written("wrong.toml.txt", &check(&["tests/cli/check/wrong.toml"], ""), 1);
    assert_written("wrong.json.txt", &check(&["tests/cli/check/wrong.json"], ""), 1);
    assert_written("wrong.yaml.txt", &check(&["tests/cli/check/wrong.yaml"], ""), 1);
    assert_written("wrong.env.txt", &check(&["tests/cli/check/wrong.env"], ""), 1);
    assert_written("torn.json.txt", &check(&["tests/cli/check/torn.json"], ""), 2);
}

#[test]
fn a_file_that_is_right_is_described_in_a_line_for_each_policy() {
    assert_written("right.toml.txt", &check(&["tests/cli/check/right.toml"], ""), 0);
    assert_written("doubtful.yaml.txt", &check(&["tests/cli/check/doubtful.yaml"], ""), 0);
}

#[test]
fn warnings_are_denied_where_that_is_asked_for() {
    let doubtful = "tests/cli/check/doubtful.yaml";
    assert_eq!(check(&["--deny-warnings", doubtful], "").status, 1);
    assert_eq!(check(&["--deny-warnings", "tests/cli/check/right.toml"], "").status, 0);
    assert_eq!(check(&["--deny-warnings", "--json", doubtful], "").status, 1);
}

#[test]
fn programs_get_annotations_or_a_document() {
    let files = ["tests/cli/check/wrong.toml", "tests/cli/check/doubtful.yaml", "tests/cli/check/torn.json"];
    assert_written("github.txt", &check(&[&["--format", "github"], &files[..]].concat(), ""), 2);
    assert_written("json.txt", &check(&[&["--json"], &files[..]].concat(), ""), 2);
    let document = |arguments: &[&str]| check(arguments, "").output;
    assert_eq!(document(&["--json", files[0]]), document(&["--format=json", files[0]]));
    let both = check(&["--json", "--format", "github", files[0]], "");
    assert_eq!(both.status, 2);
    assert!(both.errors.contains("cannot be used with"), "{}", both.errors);
}

#[test]
fn several_files_are_checked_in_their_order_and_the_worst_is_the_answer() {
    let (right, doubtful) = ("tests/cli/check/right.toml", "tests/cli/check/doubtful.yaml");
    assert_eq!(check(&[right, doubtful], "").status, 0);
    assert_eq!(check(&[right, "tests/cli/check/wrong.env", doubtful], "").status, 1);
    let ran = check(&["missing.toml", right, "tests/cli/check"], "");
    assert_eq!(ran.status, 2);
    assert!(ran.output.starts_with("valid: tests/cli/check/right.toml: policy 1: "), "{}", ran.output);
    let errors: Vec<_> = ran.errors.lines().collect();
    assert!(
        matches!(errors[..], [missing, folder]
        if missing.starts_with("tower-cors: \"missing.toml\": ") && folder.starts_with("tower-cors: \"tests/cli/check\": ")),
        "{errors:?}"
    );
    let ran = check(&["--json", "missing.toml", right], "");
    let document: Value = serde_json::from_str(&ran.output).expect("a document");
    assert_eq!(document["failures"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["files"][0]["policies"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_standard_input_is_recognised_by_its_text_or_read_as_is_said() {
    for (text, policy) in [
        ("allow_origins = '*'", "any origin"),
        ("[[cors]]\nallow_origins = '*'", "any origin"),
        ("{ \"allow_origins\": \"*\" }", "any origin"),
        ("allow_origins: '*'\n", "any origin"),
        ("CORS_ALLOW_ORIGINS=*\nCORS_ALLOW_METHODS=PUT", "any origin; PUT"),
    ] {
        assert_eq!(check(&["-"], text).output, format!("valid: <stdin>: {policy}\n"), "{text}");
    }
    let text = "APP_CORS__ALLOW_ORIGINS=*";
    let ran = check(&["--input", "env", "--env-prefix", "APP_CORS__", "-"], text);
    assert_eq!((ran.status, ran.output.as_str()), (0, "valid: <stdin>: any origin\n"));
    assert_eq!(check(&["--input", "json", "-"], "allow_origins: '*'").status, 2);
}

#[test]
fn the_environment_is_checked_too() {
    let ran = run_with(
        ["check", "--env"],
        "",
        &[
            ("CORS_ALLOW_ORIGINS", "https://a.example,https://B.example"),
            ("CORS_ALLOWED_METHODS", "PUT"),
            ("CORSAIR", "1"),
        ],
    );
    assert_written("environment.txt", &ran, 1);
    let ran = run_with(["check", "--env", "--env-prefix=MY_"], "", &[("my_allow_origins", "*")]);
    assert_eq!((ran.status, ran.output.as_str()), (0, "valid: <environment>: any origin\n"));
}

#[test]
fn without_a_file_nothing_is_checked() {
    let ran = check(&[], "");
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
}

#[test]
fn what_is_no_text_gets_one_line() {
    let binary = std::env::temp_dir().join(format!("tower-cors-check-{}.toml", std::process::id()));
    fs::write(&binary, [b'a', 0xff, 0xfe, 0]).expect("a file");
    let name = binary.to_str().expect("a name").to_owned();
    let ran = check(&[&name], "");
    fs::remove_file(binary).expect("it was there");
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert_eq!(ran.errors, format!("tower-cors: {name:?}: not text in UTF-8: see byte 2\n"));
    let ran = check(&["-"], &"a".repeat((4 << 20) + 1));
    assert_eq!((ran.status, ran.errors.as_str()), (2, "tower-cors: \"-\": longer than 4 MiB\n"));
}

#[test]
fn the_standard_input_is_read_once() {
    let ran = check(&["-", "-"], "allow_origins = 'https://app.example.com'");
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert_eq!(ran.errors, "tower-cors: the standard input (`-`) can be read only once: give it once\n");
}

#[test]
fn the_longest_policy_is_read() {
    let text = format!("allow_origins = 'https://app.example.com'\n#{}", " ".repeat((4 << 20) - 43));
    assert_eq!(text.len(), 4 << 20);
    assert_eq!(check(&["-"], &text).status, 0);
}

#[test]
fn what_yaml_does_not_merge_is_said() {
    let merged = "base: &base\n  allow_origins: [https://app.example.com]\ncors:\n  <<: *base\n";
    let ran = check(&["--input", "yaml", "-"], merged);
    assert_eq!(ran.status, 1);
    assert!(ran.output.contains("help: merge keys (`<<`) are not supported."), "{}", ran.output);
}

#[test]
fn a_key_that_is_not_text_is_underlined_alone() {
    let ran = check(&["--input", "json", "-"], "{\"\\ud800\": 1, \"max_age\": 1}");
    assert_eq!(ran.status, 2);
    assert!(ran.output.contains("\n1 | {\"\\ud800\": 1, \"max_age\": 1}\n  |  ^^^^^^^^\n"), "{}", ran.output);
}

#[test]
fn a_password_in_an_env_file_is_not_shown() {
    for text in
        ["PASSWORD=correct horse\nCORS_MAX_AGE=1\n", "A=1\ncorrect\n", "PASSWORD='correct\nCORS_MAX_AGE=1\n"]
    {
        for format in ["human", "github", "json"] {
            let ran = check(&["--input", "env", "--format", format, "-"], text);
            assert_eq!(ran.status, 2, "{text}");
            assert!(!(ran.output + &ran.errors).contains("correct"), "{text}");
        }
    }
}

#[test]
fn an_empty_text_allows_nobody() {
    for (format, text) in [
        ("toml", ""),
        ("toml", "# a\r\n"),
        ("yaml", ""),
        ("yaml", "# a"),
        ("env", ""),
        ("env", "\u{feff}# a"),
    ] {
        let ran = check(&["--input", format, "-"], text);
        assert_eq!(ran.status, 1, "{format} {text}");
        assert!(
            ran.output.starts_with("error[no-origin]: allow_origins: no origin is allowed."),
            "{}",
            ran.output
        );
    }
    assert_eq!(check(&["--input", "json", "-"], "").status, 2);
}

#[test]
fn a_hundred_thousand_origins_are_checked_in_seconds() {
    let origins: Vec<_> = (0..100_000).map(|number| format!("https://h{number}.example/")).collect();
    let text = format!("allow_origins = '{}'", origins.join(","));
    let ran = check(&["-"], &text);
    assert_eq!(ran.status, 1);
    assert!(ran.output.ends_with("\n... and 99900 more\n\ninvalid: <stdin>: 100000 errors\n"));
    assert_eq!(ran.output.matches("error[").count(), 100);
    assert!(ran.output.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn a_change_is_told_by_what_it_opens_and_closes() {
    let against = |old: &str, arguments: &[&str]| {
        let old = format!("tests/cli/check/{old}");
        check(&[&["--against", &old], arguments].concat(), "")
    };
    let (old, new) = ("tests/cli/check/change-old.toml", "tests/cli/check/change-new.yaml");
    assert_written("change.txt", &against("change-old.toml", &[new]), 0);
    assert_written("change.json.txt", &against("change-old.toml", &["--json", new]), 0);
    assert_written("change.github.txt", &against("change-old.toml", &["--format", "github", new]), 0);
    let back = against("change-new.yaml", &[old, "--deny-widening"]);
    assert_eq!(back.status, 1);
    assert!(back.output.contains("\nwidens: "), "{}", back.output);
    let same = against("change-old.toml", &["--deny-widening", old]);
    assert_eq!(same.status, 0);
    assert!(same.output.ends_with(&format!("\nsame: {old}, compared with {old}\n")), "{}", same.output);
}

#[test]
fn only_what_widens_is_denied() {
    let old = "allow_origins = ['https://a.example', 'https://b.example']\nmax_age = 600\n";
    let denied = |text: &str, verdict: &str, status: i32| {
        let new = std::env::temp_dir().join(format!("tower-cors-against-{}.toml", std::process::id()));
        fs::write(&new, text).expect("a file");
        let name = new.to_str().expect("a name");
        let ran = check(&["--against", "-", "--deny-widening", name], old);
        let github = check(&["--against", "-", "--deny-widening", "--format", "github", name], old);
        fs::remove_file(&new).expect("it was there");
        assert!(ran.output.contains(&format!("\n{verdict}: {name}, compared with -\n")), "{}", ran.output);
        assert_eq!((ran.status, github.status), (status, status), "{}", ran.output);
        assert_eq!(github.output.contains("::error file="), status == 1, "{}", github.output);
    };
    denied("allow_origins = ['https://b.example', 'https://a.example']\nmax_age = 600\n", "same", 0);
    denied("allow_origins = ['https://b.example', 'https://a.example']\nmax_age = 60\n", "changes", 0);
    denied("allow_origins = ['https://a.example']\nmax_age = 600\n", "narrows", 0);
    denied("allow_origins = ['https://a.example', 'https://*.c.example']\nmax_age = 600\n", "widens", 1);
}

#[test]
fn of_a_list_each_policy_is_compared_with_the_one_in_its_place() {
    let policy = |origin: &str| format!("[[cors]]\nallow_origins = ['https://{origin}.example']\n");
    let compared = |old: &[&str], new: &[&str]| {
        let [old, new] =
            [old, new].map(|origins| origins.iter().map(|origin| policy(origin)).collect::<String>());
        let file = std::env::temp_dir().join(format!("tower-cors-list-{}.toml", std::process::id()));
        fs::write(&file, new).expect("a file");
        let ran = check(&["--against", "-", file.to_str().expect("a name")], &old);
        fs::remove_file(&file).expect("it was there");
        let (_, compared) = ran.output.split_once(", compared with -\n").expect("a comparison");
        let verdict = ran.output.lines().find(|line| line.ends_with(", compared with -")).expect("a verdict");
        (verdict.split(':').next().unwrap_or_default().to_owned(), compared.to_owned())
    };
    let told = |verdict: &str, lines: &str| (verdict.to_owned(), lines.to_owned());
    assert_eq!(
        compared(&["a", "b"], &["a", "c"]),
        told("widens", "  opens   policy 2: + https://c.example\n  closes  policy 2: - https://b.example\n")
    );
    // Requests from `a` are now decided by the second policy, whatever it allows.
    let handed = compared(&["a", "b"], &["b", "b"]);
    assert!(handed.0 == "widens" && handed.1.contains("note: a later policy of the list"), "{handed:?}");
    let shorter = compared(&["a", "b"], &["a"]);
    assert!(
        shorter.0 == "widens" && shorter.1.starts_with("  note: 2 policies before, 1 now."),
        "{shorter:?}"
    );
}

#[test]
fn a_comparison_needs_one_policy_file_and_a_valid_older_one() {
    let right = "tests/cli/check/change-old.toml";
    for arguments in [&["--against", right, right, right][..], &["--against", right, "--env", right]] {
        let ran = check(arguments, "");
        assert_eq!((ran.status, ran.output.as_str()), (2, ""));
        assert!(ran.errors.contains("`--against` compares one policy file"), "{}", ran.errors);
    }
    let ran = check(&["--against", "-", "-"], "");
    assert!(ran.status == 2 && ran.errors.contains("can be read only once"), "{}", ran.errors);
    let ran = check(&["--deny-widening", right], "");
    assert!(ran.status == 2 && ran.errors.contains("--against"), "{}", ran.errors);
    let ran = check(&["--against", "tests/cli/check/wrong.toml", right], "");
    assert!(ran.status == 2 && ran.errors.contains("not a valid policy"), "{}", ran.errors);
    let ran = check(&["--against", right, "tests/cli/check/wrong.toml"], "");
    assert!(ran.status == 1 && !ran.output.contains("compared with"), "{}", ran.output);
}

#[test]
fn another_command_reports_the_same_and_has_no_answer() {
    let file = "tests/cli/check/wrong.toml";
    let ran = run(["explain", file, "--origin", "https://app.example.com"], "");
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    let report = check(&[file], "").output;
    let (report, counts) = report.rsplit_once("invalid: tests/cli/check/wrong.toml: ").expect("a summary");
    assert_eq!(ran.errors, format!("{report}tower-cors: {file:?}: not a valid policy: {counts}"));
}

#[test]
fn the_help_fits_a_terminal_and_its_examples_are_true() {
    let ran = check(&["--help"], "");
    assert_eq!(ran.status, 0);
    assert!(ran.output.lines().all(|line| line.chars().count() <= 80), "{}", ran.output);
    let examples = ran.output.lines().filter_map(|line| line.trim().strip_prefix("tower-cors check "));
    let flags = examples.flat_map(|line| line.split(' ')).filter(|word| word.starts_with("--"));
    assert!(flags.map(|flag| assert!(ran.output.contains(&format!("      {flag}")), "{flag}")).count() > 3);
}
