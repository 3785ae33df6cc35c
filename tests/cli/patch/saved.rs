//! Patches for requests that were saved as text.

use super::Folder;
use crate::program::{Ran, run_in};

const POLICY: &str = "allow_origins = [\"https://app.example.com\"]\n";

fn patched(name: &str, policy: &str, request: &str, flags: &[&str]) -> (Ran, String) {
    let folder = Folder::new(name).with_policy(policy);
    let explain =
        |flags: &[&str]| run_in(&folder.0, [&["explain", "policy.toml", "-"], flags].concat(), request);
    let ran = explain(&[flags, &["--patch", "--write"]].concat());
    if ran.status == 0 {
        let after = explain(flags);
        assert_eq!(after.status, 0, "{name}: {}{}", after.output, after.errors);
    }
    (ran, folder.policy())
}

/// A call as a browser copies it.
fn call(method: &str, page: &str, headers: &str, rest: &str) -> String {
    format!(
        "fetch(\"https://api.example.com/items\", {{ \"headers\": {{ {headers} }}, \
         \"referrer\": \"{page}/\", \"method\": \"{method}\", {rest} }});"
    )
}

const CORS: &str = "\"mode\": \"cors\", \"credentials\": \"omit\"";

#[test]
fn one_patch_lets_all_requests_of_a_text_pass() {
    let calls = [
        call("GET", "https://app.example.com", "", CORS),
        call("PUT", "https://app.example.com", "\"content-type\": \"application/json\"", CORS),
        call("DELETE", "https://new.test", "", CORS),
        call("PUT", "https://new.test", "\"x-a\": \"1\"", CORS),
    ];
    let (ran, policy) = patched("several", POLICY, &calls.join(" ;\n"), &[]);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{}", ran.output);
    assert_eq!(
        policy,
        "\
allow_origins = [\"https://app.example.com\", \"https://new.test\"]
allow_methods = [\"PUT\", \"DELETE\"]
allow_headers = [\"content-type\", \"x-a\"]
"
    );
}

#[test]
fn a_host_that_begins_like_a_listed_one_is_not_added() {
    let policies = [
        POLICY,
        "[[cors]]\nallow_origins = \"https://*.example.com\"\n[[cors]]\nallow_origins = \"https://a.test\"\n",
    ];
    for policy in policies {
        let request = call("GET", "https://app.example.com.evil.test", "", CORS);
        let (ran, after) = patched("begins-like", policy, &request, &[]);
        assert_eq!((ran.status, after.as_str()), (1, policy));
        assert!(ran.output.contains("Check for a typo"), "{}", ran.output);
    }
}

#[test]
fn one_request_that_cannot_pass_keeps_the_others_from_being_patched() {
    let calls =
        [call("PUT", "https://app.example.com", "", CORS), call("GET", "https://app.example.co", "", CORS)];
    let (ran, policy) = patched("one-of-two", POLICY, &calls.join(" ;\n"), &[]);
    assert_eq!((ran.status, policy.as_str()), (1, POLICY));
    let expected = "No patch: line 2: adding to the policy's lists would not fix this:\n";
    assert!(ran.output.starts_with(expected), "{}", ran.output);
}

#[test]
fn a_preflight_itself_is_patched() {
    let preflight = "\
OPTIONS /items HTTP/1.1
Host: api.example.com
Origin: https://app.example.com
Access-Control-Request-Method: DELETE
Access-Control-Request-Headers: x-a

";
    let (ran, policy) = patched("preflight", POLICY, preflight, &[]);
    assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
    assert_eq!(policy, format!("{POLICY}allow_methods = [\"DELETE\"]\nallow_headers = [\"x-a\"]\n"));

    let two_origins = preflight.replace("\nOrigin", "\nOrigin: https://b.test\nOrigin");
    let (ran, policy) = patched("two-origins", POLICY, &two_origins, &[]);
    assert_eq!((ran.status, policy.as_str()), (1, POLICY), "{}{}", ran.output, ran.errors);
}

#[test]
fn where_credentials_are_not_known_the_request_passes_with_them_and_without() {
    let either = "\"mode\": \"cors\", \"credentials\": \"include\"";
    // Developer tools write `include` for each request with `Authorization`.
    let request = call("GET", "https://app.example.com", "\"authorization\": \"Bearer x\"", either);
    let with = format!("{POLICY}allow_credentials = true\n");
    let (ran, policy) = patched("either", &with, &request, &[]);
    assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
    assert_eq!(policy, format!("{with}allow_headers = [\"authorization\"]\n"));

    let (ran, policy) = patched("unknown", POLICY, &request, &[]);
    assert_eq!((ran.status, ran.output.as_str(), policy.as_str()), (2, "", POLICY));
    assert!(ran.errors.contains("`--credentials omit`"), "{}", ran.errors);

    let (ran, policy) = patched("omit", POLICY, &request, &["--credentials", "omit"]);
    assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
    assert_eq!(policy, format!("{POLICY}allow_headers = [\"authorization\"]\n"));
}

#[test]
fn what_no_policy_decides_is_not_patched() {
    let opaque = call("GET", "https://new.test", "", "\"mode\": \"no-cors\"");
    let in_front = "\
> GET /items HTTP/1.1
> Host: api.example.com
> Origin: https://app.example.com
>
< HTTP/1.1 502 Bad Gateway
< content-length: 0
<
";
    let rows = [
        (
            opaque.as_str(),
            "\
No patch: the page asks with the mode `no-cors`, so it can read no response. Use
          the mode `cors`.
",
        ),
        (in_front, "No patch: the policy allows this already. What was recorded is not its answer.\n"),
    ];
    for (request, expected) in rows {
        let (ran, policy) = patched("undecided", POLICY, request, &[]);
        assert_eq!(
            (ran.status, ran.output.as_str(), policy.as_str()),
            (1, expected, POLICY),
            "{}",
            ran.errors
        );
    }
}

#[test]
fn without_a_policy_there_is_nothing_to_patch() {
    let folder = Folder::new("none");
    let ran = folder.run(&["explain", "--origin", "https://app.example.com", "--patch"]);
    let error = "tower-cors: `--patch` needs a policy: give its file as the first argument\n";
    assert_eq!((ran.status, ran.output.as_str(), ran.errors.as_str()), (2, "", error));
}
