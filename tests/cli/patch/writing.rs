//! How the file is written, and what is refused.

use std::fs;

use serde_json::{Value, json};

use super::Folder;

const POLICY: &str = "allow_origins = [\"https://app.example.com\"]\n";
const PATCHED: &str = "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\"]\n";
const PUT: [&str; 4] = ["--origin", "https://app.example.com", "--method", "PUT"];

fn with<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    [&PUT, flags].concat()
}

#[test]
fn write_needs_patch() {
    let folder = Folder::new("needs").with_policy(POLICY);
    let ran = folder.explain(&with(&["--write"]));
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert!(ran.errors.contains("--patch"), "{}", ran.errors);
    assert_eq!(folder.policy(), POLICY);
}

#[test]
fn the_standard_input_is_patched_and_not_written() {
    let folder = Folder::new("stdin");
    let run = |flags: &[&str]| {
        crate::program::run_in(&folder.0, [&["explain", "-"], with(flags).as_slice()].concat(), POLICY)
    };
    let ran = run(&["--patch"]);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""));
    assert!(ran.output.starts_with("--- -\n+++ -\n@@"), "{}", ran.output);
    let ran = run(&["--patch", "--write"]);
    let error = "tower-cors: `--write` needs the policy in a file, not on the standard input\n";
    assert_eq!((ran.status, ran.output.as_str(), ran.errors.as_str()), (2, "", error));
}

#[test]
fn a_name_with_a_blank_ends_with_a_tab_as_patch_expects_it() {
    let folder = Folder::new("blank");
    folder.write("my policy.toml", POLICY);
    let ran = folder.run(&[&["explain", "my policy.toml"], with(&["--patch"]).as_slice()].concat());
    assert!(ran.output.starts_with("--- my policy.toml\t\n+++ my policy.toml\t\n@@"), "{}", ran.output);
}

#[test]
fn nothing_but_the_policy_is_left_in_the_folder() {
    let folder = Folder::new("alone").with_policy(POLICY);
    assert_eq!(folder.explain(&with(&["--patch", "--write"])).status, 0);
    assert_eq!(folder.policy(), PATCHED);
    let names: Vec<_> =
        fs::read_dir(&folder.0).expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert_eq!(names, ["policy.toml"]);
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = Folder::new("link");
    fs::create_dir(folder.0.join("shared")).expect("a folder");
    folder.write("shared/real.toml", POLICY);
    let real = folder.0.join("shared/real.toml");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("shared/real.toml", folder.0.join("policy.toml")).expect("a link");

    assert_eq!(folder.explain(&with(&["--patch", "--write"])).status, 0);
    assert_eq!(folder.read("shared/real.toml"), PATCHED);
    assert_eq!(fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.0.join("policy.toml")).expect("a link").is_symlink());
}

/// As with `sudo`: those who could read the policy still can.
#[cfg(unix)]
#[test]
fn the_owner_stays() {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let folder = Folder::new("owner").with_policy(POLICY);
    let path = folder.0.join("policy.toml");
    // Only root may change the owner of a file. For any other user, the owner stays the same.
    let _ = chown(&path, Some(65534), Some(65534));
    let owner = || fs::metadata(&path).map(|metadata| (metadata.uid(), metadata.gid())).expect("a file");
    let before = owner();
    assert_eq!(folder.explain(&with(&["--patch", "--write"])).status, 0);
    assert_eq!((folder.policy().as_str(), owner()), (PATCHED, before));
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let folder = Folder::new("read-only").with_policy(POLICY);
    let path = folder.0.join("policy.toml");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("permissions");
    let ran = folder.explain(&with(&["--patch", "--write"]));
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert_eq!(ran.errors, "tower-cors: cannot write `policy.toml`: it is read-only\n");
    assert_eq!(folder.policy(), POLICY);
}

#[test]
fn the_json_document_has_the_patch_where_one_is_asked_for() {
    let folder = Folder::new("json").with_policy(POLICY);
    let document = |flags: &[&str]| {
        let ran = folder.explain(&with(flags));
        (ran.status, serde_json::from_str::<Value>(&ran.output).expect("JSON"))
    };
    let (status, plain) = document(&["--json"]);
    assert_eq!((status, plain.get("patch")), (1, None));

    let (status, patched) = document(&["--json", "--patch"]);
    assert_eq!((status, &patched["readable"]), (0, &json!(false)));
    let expected = json!({
        "additions": [{ "policy": 0, "field": "allow_methods", "value": "PUT" }],
        "diff": "--- policy.toml\n+++ policy.toml\n@@ -1 +1,2 @@\n \
                 allow_origins = [\"https://app.example.com\"]\n+allow_methods = [\"PUT\"]\n",
        "refusal": null,
        "advice": [],
    });
    assert_eq!(patched["patch"], expected);

    let (status, refused) = document(&["--json", "--patch", "--header", "x-*"]);
    assert_eq!(status, 1);
    let expected = json!({
        "additions": [],
        "diff": null,
        "refusal": "adding to the policy's lists would not fix this:",
        "advice": [
            "requested headers `x-*`: `x-*` has a `*` in it and cannot be listed. \
             Fix: remove `x-*` from the page's request.",
        ],
    });
    assert_eq!(refused["patch"], expected);

    folder.write("policy.toml", PATCHED);
    let (status, nothing) = document(&["--json", "--patch"]);
    let expected = json!({ "additions": [], "diff": null, "refusal": null, "advice": [] });
    assert_eq!((status, &nothing["patch"]), (0, &expected));
}

#[cfg(unix)]
#[test]
fn only_a_regular_file_is_written() {
    use std::process::Command;

    let folder = Folder::new("pipe").with_policy(POLICY);
    // A pipe can be read only once, and replacing it would not change the policy.
    let made = Command::new("mkfifo").arg(folder.0.join("pipe.toml")).status();
    assert!(made.expect("mkfifo is installed").success());
    let writer = std::thread::spawn({
        let pipe = folder.0.join("pipe.toml");
        move || fs::write(pipe, POLICY)
    });
    let ran = folder.run(&[&["explain", "pipe.toml"], with(&["--patch", "--write"]).as_slice()].concat());
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert_eq!(ran.errors, "tower-cors: cannot write `pipe.toml`: it is not a regular file\n");
    writer.join().expect("no panic").expect("it was read");
}
