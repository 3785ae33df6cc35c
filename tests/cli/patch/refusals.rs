//! Requests without a patch: the message, word for word. Nothing is written.

use super::Folder;

const POLICY: &str = "\
allow_origins = [\"https://app.example.com\", \"https://*.preview.example.com\"]
allow_methods = [\"PATCH\"]
allow_headers = [\"x-request-id\"]
";

/// The problem with a request, its flags, and the answer.
const REFUSED: &[(&str, &[&str], &str)] = &[
    (
        "a look-alike",
        &["--origin", "https://app.example.co"],
        "\
No patch: adding to the policy's lists would not fix this:
  - allowed origin `https://app.example.co`: similar to
    `https://app.example.com`, which is allowed. Check for a typo or a
    look-alike. Fix: serve the page from `https://app.example.com`, which is
    allowed.
",
    ),
    (
        "an opaque origin",
        &["--origin", "null"],
        "\
No patch: adding to the policy's lists would not fix this:
  - allowed origin `null`: sandboxed frames, `file:` and `data:` pages and some
    redirected requests of any site send `null`; no other rule covers it. Fix:
    give the page an origin that the policy allows: serve it over https, give
    its frame `allow-same-origin`, and do not redirect its requests to another
    origin. A patch never uses a `dangerously_` field.
",
    ),
    (
        "a method in lower case",
        &["--origin", "https://app.example.com", "--method", "patch"],
        "\
No patch: adding to the policy's lists would not fix this:
  - requested method `patch`: `patch` is not the same as `PATCH`: methods are
    case-sensitive. Fix: change the page's method to `PATCH`.
",
    ),
    (
        "a header with a slip of the hand, beside one that could be added",
        &["--origin", "https://app.example.com", "--header", "x-requst-id", "--header", "x-other"],
        "\
No patch: adding to the policy's lists would not fix this:
  - requested headers `x-requst-id`: `x-requst-id` is not listed, but similar to
    `x-request-id`, which is. Check for a typo. Fix: change the page's header
    `x-requst-id` to `x-request-id`.
",
    ),
    (
        "a header that is a prefix to a policy",
        &["--origin", "https://app.example.com", "--header", "x-*"],
        "\
No patch: adding to the policy's lists would not fix this:
  - requested headers `x-*`: `x-*` has a `*` in it and cannot be listed. Fix:
    remove `x-*` from the page's request.
",
    ),
    (
        "a header that is any to a policy",
        &["--origin", "https://app.example.com", "--header", "*"],
        "\
No patch: adding to the policy's lists would not fix this:
  - requested headers `*`: `*` has a `*` in it and cannot be listed. Fix: remove
    `*` from the page's request.
",
    ),
    (
        "a method that is any to a policy",
        &["--origin", "https://app.example.com", "--method", "*"],
        "\
No patch: adding to the policy's lists would not fix this:
  - requested method `*`: `*` is not listed. Fix: change the page's method to
    exactly one that pages may use, such as `POST`.
",
    ),
    (
        "credentials",
        &["--origin", "https://app.example.com", "--credentials"],
        "\
No patch: GET https://server.test/, from a page at `https://app.example.com`,
          was blocked: the response has no `Access-Control-Allow-Credentials:
          true`, but the request has credentials. If the page needs its
          visitors' cookies, allow credentials on the server
          (`Access-Control-Allow-Credentials: true`), for preflights too. If
          not, send the request without credentials. A patch adds names to
          lists; it never allows credentials or `*`.
",
    ),
    (
        "credentials from a new origin",
        &["--origin", "https://new.test", "--credentials"],
        "\
No patch: GET https://server.test/, from a page at `https://new.test`, was
          blocked: the response has no `Access-Control-Allow-Credentials: true`,
          but the request has credentials. If the page needs its visitors'
          cookies, allow credentials on the server
          (`Access-Control-Allow-Credentials: true`), for preflights too. If
          not, send the request without credentials. A patch adds names to
          lists; it never allows credentials or `*`.
",
    ),
    (
        "a method that no page may use",
        &["--origin", "https://app.example.com", "--method", "TRACE"],
        "\
No patch: no browser sends this request: browsers do not let pages send `TRACE`:
          use another method
",
    ),
];

#[test]
fn without_a_patch_the_reason_is_said_and_nothing_is_written() {
    for (fact, flags, expected) in REFUSED {
        let folder = Folder::new("refusals").with_policy(POLICY);
        let ran = folder.explain(&[flags, &["--patch", "--write"][..]].concat());
        assert_eq!((ran.status, ran.errors.as_str()), (1, ""), "{fact}");
        assert_eq!(ran.output, *expected, "{fact}");
        assert_eq!(folder.policy(), POLICY, "{fact}");
    }
}

/// The file of another policy, and the message about it.
#[test]
fn a_patch_allows_no_more_than_one_origin_that_no_policy_is_similar_to() {
    let rows = [
        (
            "an origin similar to one of a policy that does not decide",
            "\
[[cors]]
allow_origins = [\"https://app.example.com\"]

[[cors]]
allow_origins = [\"https://unlike.test\"]
",
            "https://app.example.co",
            "\
No patch: adding to the policy's lists would not fix this:
  - allowed origin `https://app.example.co`: similar to
    `https://app.example.com`, which is allowed. Check for a typo or a
    look-alike. Fix: serve the page from `https://app.example.com`, which is
    allowed.
",
        ),
        (
            "http beside https, with credentials",
            "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\n",
            "http://app.example.com",
            "\
No patch: adding to the policy's lists would not fix this:
  - allowed origin `http://app.example.com`: `https://app.example.com` is
    allowed, but not with the scheme `http`. Fix: serve the page from
    `https://app.example.com`, which is allowed.
",
        ),
        (
            "a new http origin, with credentials",
            "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\n",
            "http://new.test",
            "\
No patch: adding to the policy's lists would not fix this:
  - allowed origin `http://new.test`: no rule is similar to it. Fix: serve the
    page from an origin that the policy allows.
",
        ),
    ];
    for (fact, policy, origin, expected) in rows {
        let folder = Folder::new("similar").with_policy(policy);
        let ran = folder.explain(&["--origin", origin, "--patch", "--write"]);
        assert_eq!((ran.status, ran.output.as_str()), (1, expected), "{fact}");
        assert_eq!(folder.policy(), policy, "{fact}");
    }
}

#[test]
fn an_insecure_origin_is_added_beside_a_policy_with_credentials_that_would_not_accept_it() {
    let policy = "\
[[cors]]
allow_origins = [\"https://app.example.com\"]
allow_credentials = true

[[cors]]
allow_origins = [\"https://unlike.test\"]
";
    let folder = Folder::new("insecure").with_policy(policy);
    let ran = folder.explain(&["--origin", "http://new.test", "--patch", "--write"]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    let changed =
        policy.replace("[\"https://unlike.test\"]", "[\"https://unlike.test\", \"http://new.test\"]");
    assert_eq!(folder.policy(), changed);
}

#[test]
fn the_hosts_of_a_service_are_not_extended_by_a_server_that_nobody_named() {
    let patterns = "\
allow_origins = [\"https://app.example.com\"]
reject_disallowed_origins = true
served_at = [\"https://*.api.example.com\"]
";
    let two = "\
[[cors]]
allow_origins = [\"https://app.example.com\"]
reject_disallowed_origins = true
served_at = [\"https://api.example.com\"]

[[cors]]
allow_origins = [\"https://unlike.test\"]
reject_disallowed_origins = true
served_at = [\"https://www.example.com\"]
";
    for policy in [patterns, two] {
        let folder = Folder::new("hosts").with_policy(policy);
        let ran = folder.explain(&["--origin", "https://app.example.com", "--patch", "--write"]);
        let expected = "\
No patch: only requests to the hosts in `served_at` are allowed. Give the
          request's whole URL, with its host.
";
        assert_eq!((ran.status, ran.output.as_str()), (1, expected));
        assert_eq!(folder.policy(), policy);
    }
}

#[test]
fn what_is_missing_is_named_where_the_file_cannot_be_patched() {
    let rows = [
        (
            "policy.json",
            "{ \"allow_origins\": [\"https://app.example.com\"] }",
            "\
No patch: only TOML can be patched, not JSON. Change this policy by hand:
  - add `https://new.test` to `allow_origins`
  - add `PUT` to `allow_methods`
",
        ),
        (
            "policy.yaml",
            "cors:\n- allow_origins: https://app.example.com\n- allow_origins: https://unlike.test\n",
            "\
No patch: only TOML can be patched, not YAML. Change this policy by hand:
  - add `https://new.test` to `allow_origins` of policy 2
  - add `PUT` to `allow_methods` of policy 2
",
        ),
        (
            ".env",
            "CORS_ALLOW_ORIGINS=\"https://app.example.com\"",
            "\
No patch: only TOML can be patched, not `.env`. Change this policy by hand:
  - add `https://new.test` to `allow_origins`
  - add `PUT` to `allow_methods`
",
        ),
        (
            "policy.toml",
            "allow_origins = [\"https://new.test\"]\nallow_methods = \"\"\"PATCH \\\n  \"\"\"\n",
            "\
No patch: a policy that is written like this cannot be patched. Change it by
          hand:
  - add `PUT` to `allow_methods`
",
        ),
    ];
    for (name, text, expected) in rows {
        let folder = Folder::new("by-hand");
        folder.write(name, text);
        let flags = ["--origin", "https://new.test", "--method", "PUT", "--patch", "--write"];
        let ran = folder.run(&[&["explain", name], &flags[..]].concat());
        assert_eq!((ran.status, ran.output.as_str(), ran.errors.as_str()), (1, expected, ""), "{name}");
        assert_eq!(folder.read(name), text);
    }
}
