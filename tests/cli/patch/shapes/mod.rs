//! The diff for each way to write a policy, word for word.

mod table;

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use self::table::{SHAPES, Shape};
use super::Folder;
use super::applied::applied;

#[test]
fn the_diff_adds_what_is_missing_in_the_style_of_the_policy_and_nothing_else() {
    for Shape { fact, policy, flags, hunks } in SHAPES {
        let folder = Folder::new("shapes").with_policy(policy);
        let ran = folder.explain(&[flags, &["--patch"][..]].concat());
        assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{fact}: {}", ran.output);
        assert_eq!(ran.output, format!("--- policy.toml\n+++ policy.toml\n{hunks}"), "{fact}");
        assert_eq!(folder.policy(), *policy, "{fact}: without `--write` nothing is written");
    }
}

#[test]
fn after_write_the_file_is_what_the_diff_makes_of_it_and_the_request_passes() {
    for Shape { fact, policy, flags, hunks } in SHAPES {
        let folder = Folder::new("written").with_policy(policy);
        assert_eq!(folder.explain(flags).status, 1, "{fact}");
        let ran = folder.explain(&[flags, &["--patch", "--write"][..]].concat());
        let diff = format!("--- policy.toml\n+++ policy.toml\n{hunks}");
        assert_eq!((ran.status, &ran.output), (0, &diff), "{fact}");
        assert_eq!(Some(folder.policy()), applied(&diff, policy), "{fact}");
        assert_eq!(folder.explain(flags).status, 0, "{fact}");
        let ran = folder.explain(&[flags, &["--patch"][..]].concat());
        let nothing = "Nothing to change: the page can read the response.\n";
        assert_eq!((ran.status, ran.output.as_str()), (0, nothing), "{fact}");
    }
}

/// Skipped if these programs are not installed.
#[test]
fn patch_and_git_apply_the_diff() {
    for program in [&["patch", "-p0"][..], &["git", "apply", "-p0", "--whitespace=nowarn"]] {
        for Shape { fact, policy, flags, .. } in SHAPES {
            let folder = Folder::new(program[0]).with_policy(policy);
            let diff = folder.explain(&[flags, &["--patch"][..]].concat()).output;
            let started = Command::new(program[0])
                .args(&program[1..])
                .current_dir(&folder.0)
                // Git must not use the checkout that this folder is in.
                .env("GIT_CEILING_DIRECTORIES", env!("CARGO_TARGET_TMPDIR"))
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn();
            let mut started = match started {
                Err(error) if error.kind() == ErrorKind::NotFound => break,
                started => started.expect("the program starts"),
            };
            let mut stdin = started.stdin.take().expect("a pipe");
            stdin.write_all(diff.as_bytes()).expect("it reads");
            drop(stdin);
            assert!(started.wait().expect("it ends").success(), "{fact}: {program:?}");
            assert_eq!(Some(folder.policy()), applied(&diff, policy), "{fact}: {program:?}");
        }
    }
}
