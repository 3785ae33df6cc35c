//! Requests that were saved as text, and flags beside them.

use super::{POLICY, explain, file, unwrapped};

/// A call as Chromium copies it, without what the browser adds.
fn call(method: &str, url: &str, headers: &str, referrer: &str, credentials: &str) -> String {
    format!(
        "fetch(\"{url}\", {{\n  \"headers\": {{ {headers} }},\n  {referrer}\"body\": null,\n  \
         \"method\": \"{method}\",\n  \"mode\": \"cors\",\n  \"credentials\": \"{credentials}\"\n}});"
    )
}

const APP: &str = "\"referrer\": \"https://app.example.com/\",\n  ";
const ITEMS: &str = "https://api.example.com/items";

/// The output of `explain` for a text and a policy, on one line.
fn explained(name: &str, policy: &str, text: &str, flags: &[&str]) -> (i32, String) {
    let policy = file(&format!("saved-{name}.toml"), policy);
    let ran = explain(&[&[&policy, "--request", "-"], flags].concat(), text);
    (ran.status, unwrapped(&(ran.output + &ran.errors)))
}

#[test]
fn a_request_can_be_the_second_argument() {
    let policy = file("saved-positional.toml", POLICY);
    let request = file("saved-positional.js", call("PUT", ITEMS, "", APP, "omit"));
    assert_eq!(explain(&[&policy, &request], "").status, 0);
    assert_eq!(explain(&[&policy, "--request", &request], "").status, 0);
    assert_eq!(explain(&[&policy, "-"], &call("PATCH", ITEMS, "", APP, "omit")).status, 1);
}

#[test]
fn a_page_that_the_text_does_not_show_is_asked_for_and_supplied() {
    for referrer in ["", "\"referrer\": \"\",\n  "] {
        let text = call("GET", ITEMS, "", referrer, "omit");
        let (status, shown) = explained("origin", POLICY, &text, &[]);
        let missing = "tower-cors: the text does not show the page's origin: give it with `--origin`";
        assert_eq!((status, shown.as_str()), (2, missing));
        assert_eq!(explained("origin", POLICY, &text, &["--origin", "https://app.example.com"]).0, 0);
        assert_eq!(explained("origin", POLICY, &text, &["--origin", "null"]).0, 1);
    }
    // It overrides what the text shows.
    let text = call("GET", ITEMS, "", APP, "omit");
    assert_eq!(explained("origin", POLICY, &text, &["--origin", "https://stranger.example"]).0, 1);
}

#[test]
fn credentials_are_asked_for_only_where_they_decide() {
    let without = POLICY.replace("allow_credentials = true\n", "");
    // Developer tools write `include` for each request with `Authorization`.
    let text = call("GET", ITEMS, "\"authorization\": \"Bearer x\"", APP, "include");
    let (status, shown) = explained("credentials", &without, &text, &[]);
    assert_eq!(status, 2);
    assert!(shown.contains("give `--credentials include` or `--credentials omit`"), "{shown}");
    for (flags, status) in [
        (&["--credentials"][..], 1),
        (&["--credentials", "include"], 1),
        (&["--credentials", "omit"], 0),
        (&["--credentials", "same-origin"], 0),
    ] {
        assert_eq!(explained("credentials", &without, &text, flags).0, status, "{flags:?}");
    }
    // Both modes pass; then both modes fail.
    assert_eq!(explained("credentials-allowed", POLICY, &text, &[]).0, 0);
    let (status, shown) = explained("credentials-method", &without, &text.replace("GET", "PATCH"), &[]);
    assert_eq!(status, 1, "{shown}");
    assert!(shown.contains("the policy does not allow the requested method (`PATCH`)"), "{shown}");
}

#[test]
fn flags_replace_what_the_text_says() {
    let text = call("PATCH", ITEMS, "", APP, "omit");
    assert_eq!(explained("flags", POLICY, &text, &[]).0, 1);
    assert_eq!(explained("flags", POLICY, &text, &["--method", "PUT"]).0, 0);
    assert_eq!(explained("flags", POLICY, &text, &["--method", "PUT", "--header", "x-a"]).0, 1);
    assert_eq!(explained("flags", POLICY, &text, &["--url", "https://app.example.com/items"]).0, 0);
}

#[test]
fn a_same_origin_request_is_said_to_be_one() {
    let text = call("PATCH", "https://app.example.com/items", "", APP, "include");
    let (status, shown) = explained("same-origin", POLICY, &text, &[]);
    assert_eq!(status, 0);
    assert!(shown.contains("is a same-origin request of the page at https://app.example.com"), "{shown}");
}

#[test]
fn each_of_several_requests_is_judged_and_the_worst_is_the_answer() {
    let calls = |methods: &[&str]| {
        let calls: Vec<_> = methods.iter().map(|method| call(method, ITEMS, "", APP, "omit")).collect();
        calls.join(" ;\n")
    };
    let (status, shown) = explained("several", POLICY, &calls(&["GET", "PUT"]), &[]);
    assert_eq!(status, 0);
    assert!(shown.starts_with("readable (line 1): "), "{shown}");
    assert!(shown.ends_with("2 requests: 2 readable, 0 blocked"), "{shown}");

    let (status, shown) = explained("several", POLICY, &calls(&["GET", "PATCH", "PUT"]), &[]);
    assert_eq!(status, 1);
    assert!(
        shown.contains("blocked (line 9): ") && shown.contains("FAIL requested method: `PATCH`"),
        "{shown}"
    );
    assert!(shown.ends_with("3 requests: 2 readable, 1 blocked"), "{shown}");

    let same_origin = calls(&["GET"]) + " ;\n" + &call("PUT", "https://app.example.com/", "", APP, "omit");
    let (status, shown) = explained("several", POLICY, &same_origin, &[]);
    assert_eq!((status, shown.contains("(line 9)")), (0, false), "{shown}");
    assert!(shown.ends_with("2 requests: 2 readable (1 same-origin), 0 blocked"), "{shown}");

    let unknown = calls(&["GET", "PATCH"]) + " ;\n" + &call("GET", ITEMS, "", "", "omit");
    let (status, shown) = explained("several", POLICY, &unknown, &[]);
    assert_eq!(status, 2);
    assert!(
        shown.contains("3 requests: 1 readable, 1 blocked, 1 unknown tower-cors: line 17: the text"),
        "{shown}"
    );

    let policy = file("saved-several.toml", POLICY);
    let ran = explain(&[&policy, "--json", "--request", "-"], &unknown);
    assert_eq!(ran.status, 2);
    let document: serde_json::Value = serde_json::from_str(&ran.output).expect("JSON");
    let verdicts: Vec<_> =
        document["requests"].as_array().expect("a list").iter().map(|request| &request["verdict"]).collect();
    assert_eq!(verdicts, ["readable", "blocked", "unknown"]);
    assert_eq!(document["readable"], false);
}

#[test]
fn a_line_of_the_console_is_explained_by_the_policy_or_by_what_is_in_front() {
    let refused = "Access to fetch at 'https://api.example.com/items' from origin 'https://app.example.com' has been blocked \
                   by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.";
    let (status, shown) = explained("console", POLICY, refused, &[]);
    assert_eq!(status, 1);
    assert!(shown.contains("fix: add `PATCH` to `allow_methods`"), "{shown}");

    let (status, shown) = explained("console", POLICY, &refused.replace("PATCH", "PUT"), &[]);
    assert_eq!(status, 1);
    assert!(shown.contains("this policy allows it, but something in front answered"), "{shown}");
    assert!(shown.contains("recorded: the browser said: "), "{shown}");

    let status_of_preflight = "Access to fetch at 'https://api.example.com/items' from origin 'https://app.example.com' has been \
                               blocked by CORS policy: Response to preflight request doesn't pass access control check: It does \
                               not have HTTP ok status.";
    let (status, shown) = explained("console", POLICY, status_of_preflight, &[]);
    assert_eq!(status, 1);
    assert!(shown.contains("Put the layer in front of it."), "{shown}");
}

#[test]
fn a_page_that_asked_with_no_cors_reads_nothing() {
    let text = "curl 'https://api.example.com/items' -H 'Referer: https://app.example.com/' -H 'Sec-Fetch-Mode: no-cors' \
                -H 'Sec-Fetch-Dest: empty'";
    let (status, shown) = explained("no-cors", POLICY, text, &[]);
    assert_eq!(status, 1);
    assert!(shown.contains("change it to `cors`"), "{shown}");
}

#[test]
fn a_preflight_itself_is_explained_as_it_is() {
    let preflight = "OPTIONS /items HTTP/1.1\r\nHost: api.example.com\r\nOrigin: https://app.example.com\r\n\
                     Access-Control-Request-Method: PATCH\r\n\r\n";
    let (status, shown) = explained("preflight", POLICY, preflight, &[]);
    assert_eq!(status, 1);
    assert!(
        shown.starts_with("blocked: the preflight of the page at https://app.example.com to "),
        "{shown}"
    );
    let (status, shown) = explained("preflight", POLICY, &preflight.replace("PATCH", "PUT"), &[]);
    assert_eq!((status, shown.starts_with("readable: the preflight of the page")), (0, true), "{shown}");
}

#[test]
fn flags_beside_a_preflight_say_more_of_its_page() {
    let without = POLICY.replace("allow_credentials = true\n", "");
    let preflight = "OPTIONS /items HTTP/1.1\nHost: api.example.com\nOrigin: https://app.example.com\n\
                     Access-Control-Request-Method: PUT\n";
    let note = "note: a preflight does not show whether the page asks with credentials.";
    for (policy, is_said) in [(without.as_str(), true), (POLICY, false)] {
        let (status, shown) = explained("preflight-mode", policy, preflight, &[]);
        assert_eq!((status, shown.contains(note)), (0, is_said), "{shown}");
    }
    for (flags, status) in [
        (&["--credentials", "include"][..], 1),
        (&["--credentials", "omit"], 0),
        (&["--origin", "https://app.example.com"], 0),
        (&["--origin", "https://stranger.example"], 1),
        (&["--method", "PATCH"], 1),
        (&["--header", "x-unlisted: 1"], 1),
    ] {
        assert_eq!(explained("preflight-flags", &without, preflight, flags).0, status, "{flags:?}");
    }
}

#[test]
fn what_a_list_assumes_is_said_once_below_it() {
    let text = [call("GET", ITEMS, "", APP, "omit"), call("PUT", ITEMS, "", APP, "omit")].join("\n");
    let (status, shown) = explained("list-notes", POLICY, &text, &[]);
    assert_eq!((status, shown.matches("add `--credentials include`").count()), (0, 1), "{shown}");
    let (_, shown) = explained("list-notes", POLICY, &text, &["--credentials", "include"]);
    assert_eq!(shown.matches("--credentials").count(), 1, "{shown}");
}

#[test]
fn without_a_policy_a_recorded_answer_is_judged_by_a_browser() {
    let exchange = "> GET /items HTTP/1.1\n> Host: api.example.com\n> Origin: https://app.example.com\n>\n< HTTP/1.1 200 OK\n\
                    < Access-Control-Allow-Origin: *\n";
    let ran = explain(&["--request", "-"], exchange);
    assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
    assert!(ran.output.contains("recorded: a browser accepts the response to the request"), "{}", ran.output);
    let ran = explain(&["--request", "-"], &exchange.replace(": *", ": https://other.example"));
    assert_eq!(ran.status, 1);
    assert!(
        unwrapped(&ran.output).contains("has `Access-Control-Allow-Origin: https://other.example`"),
        "{}",
        ran.output
    );
}

#[test]
fn what_cannot_be_read_is_one_line_with_the_files_name() {
    let policy = file("saved-broken.toml", POLICY);
    for text in [
        "",
        "nonsense",
        "{",
        "{\"log\": {\"entries\": [{\"request\": {\"method\"",
        "fetch(",
        "curl '",
        "\0\0\0",
    ] {
        let ran = explain(&[&policy, "--request", "-"], text);
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{text}");
        assert!(ran.errors.starts_with("tower-cors: \"-\": "), "{text}: {}", ran.errors);
    }
}
