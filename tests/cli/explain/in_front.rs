//! Saved responses that the policy did not produce: what probably answered instead.

use super::{LIST, POLICY, explain, file, unwrapped};

const PREFLIGHT: &str = "\
> OPTIONS /items/1 HTTP/1.1
> Host: api.example.com
> User-Agent: curl/7.88.1
> Accept: */*
> Origin: https://app.example.com
> Access-Control-Request-Method: PUT
> Access-Control-Request-Headers: content-type
>
< HTTP/1.1 204 No Content
< vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
< access-control-allow-origin: https://app.example.com
< access-control-allow-credentials: true
< access-control-allow-methods: PUT, DELETE
< access-control-allow-headers: authorization, content-type
< access-control-max-age: 600
< date: Sat, 21 Nov 2026 05:53:55 GMT
<
";

const GET: &str = "\
> GET /items HTTP/2
> Host: api.example.com
> user-agent: curl/7.88.1
> accept: */*
> origin: https://app.example.com
>
< HTTP/2 200
< content-type: application/json
< x-request-id: 1
< vary: Origin
< access-control-allow-origin: https://app.example.com
< access-control-allow-credentials: true
< access-control-expose-headers: x-request-id
< content-length: 16
<
";

/// The status line of an answer without CORS headers, in place of the answer of a saved exchange.
fn answered(saved: &str, head: &str) -> String {
    let request = saved.lines().take_while(|line| !line.starts_with('<'));
    let head = head.lines().map(|line| format!("< {line}"));
    request.map(str::to_owned).chain(head).map(|line| line + "\n").collect()
}

/// The exit status for a saved exchange, and the output.
fn explained(name: &str, policy: &str, saved: &str) -> (i32, String) {
    let policy = file(&format!("in-front-{name}.toml"), policy);
    let ran = explain(&[&policy, "--request", "-"], saved);
    (ran.status, unwrapped(&format!("{}{}", ran.output, ran.errors)))
}

#[test]
fn a_response_of_the_policy_is_recognised() {
    for (saved, what) in
        [(PREFLIGHT, "the preflight's response (status 204)"), (GET, "the response (status 200)")]
    {
        let (status, shown) = explained("own", POLICY, saved);
        assert_eq!(status, 0, "{shown}");
        assert!(shown.contains(&format!("recorded: {what} is what this policy answers")), "{shown}");
    }
}

#[test]
fn the_probable_cause_is_named_with_the_headers_that_differ() {
    let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let rows: [(&str, String, i32, &[&str]); 16] = [
        (
            "401",
            answered(PREFLIGHT, "HTTP/1.1 401 Unauthorized\nserver: nginx/1.25\nvia: 1.1 edge"),
            1,
            &[
                "something in front answered, or changed the answer",
                "status: `401`, where the policy has `204`",
                "access-control-allow-origin: nothing, where the policy has `https://app.example.com`",
                "Preflights never carry credentials: put the layer in front of the authentication.",
                "Its headers name who answered: `server: nginx/1.25`, `via: 1.1 edge`.",
            ],
        ),
        ("403", answered(PREFLIGHT, "HTTP/1.1 403 Forbidden"), 1, &["A firewall", "Let `OPTIONS` pass it."]),
        (
            "404",
            answered(PREFLIGHT, "HTTP/1.1 404 Not Found"),
            1,
            &["A router without a route for `OPTIONS`"],
        ),
        ("405", answered(PREFLIGHT, "HTTP/1.1 405 Method Not Allowed"), 1, &["around the whole router"]),
        ("429", answered(GET, "HTTP/2 429"), 1, &["A limit in front of the layer answered"]),
        (
            "307",
            answered(PREFLIGHT, "HTTP/1.1 307 Temporary Redirect\nlocation: https://login.example/"),
            1,
            &["redirects to `https://login.example/", "browsers do not follow a redirected preflight"],
        ),
        ("502", answered(GET, "HTTP/2 502\ncf-ray: 1"), 1, &["A gateway answered", "`cf-ray: 1`"]),
        ("500", answered(GET, "HTTP/2 500"), 1, &["failed before the layer could answer"]),
        ("200", answered(GET, "HTTP/2 200"), 1, &["The service has no CORS layer"]),
        ("200 preflight", answered(PREFLIGHT, "HTTP/1.1 200 OK"), 1, &["answers `OPTIONS` by itself"]),
        (
            "doubled",
            GET.replace("< vary", "< access-control-allow-origin: *\n< vary"),
            1,
            &[
                "Two layers set `Access-Control-Allow-Origin`",
                "`*` and `https://app.example.com`, where the policy has",
            ],
        ),
        (
            "wildcard with credentials",
            GET.replace("origin: https://app.example.com\n< access", "origin: *\n< access"),
            0,
            &["sends `*` beside `Access-Control-Allow-Credentials`"],
        ),
        (
            "cache",
            GET.replace(
                "origin: https://app.example.com\n< access",
                "origin: https://a.preview.example.com\n< access",
            )
            .replace("< vary: Origin\n", "< x-cache: HIT\n< age: 5\n"),
            1,
            &[
                "A cache probably answered",
                "`x-cache: HIT`, `age: 5`",
                "vary: nothing, where the policy has `Origin`",
            ],
        ),
        (
            "another policy",
            GET.replace(
                "origin: https://app.example.com\n< access",
                "origin: https://a.preview.example.com\n< access",
            ),
            1,
            &["another policy answered, or a cache that ignores `Vary`"],
        ),
        (
            "vary",
            GET.replace("< vary: Origin\n", ""),
            0,
            &["though a browser accepts it", "Something in front removes names from `Vary`."],
        ),
        (
            "max-age",
            PREFLIGHT.replace("max-age: 600", "max-age: 5").replace(vary, &vary.to_lowercase()),
            0,
            &["access-control-max-age: `5`, where the policy has `600`", "sets CORS headers of its own"],
        ),
    ];
    for (name, saved, status, expected) in rows {
        for saved in [saved.replace('\n', "\r\n"), saved] {
            let (found, shown) = explained("causes", POLICY, &saved);
            assert_eq!(found, status, "{name}: {shown}");
            for part in expected {
                assert!(shown.to_lowercase().contains(&part.to_lowercase()), "{name}: {part}: {shown}");
            }
        }
    }
}

#[test]
fn a_delete_whose_preflight_the_policy_refuses_is_never_sent() {
    let policy = POLICY.replace(", \"DELETE\"", "");
    let delete = GET.replace("> GET", "> DELETE");
    let (status, shown) = explained("delete", &policy, &delete);
    assert_eq!(status, 1);
    assert!(shown.starts_with("blocked: the browser does not send DELETE"), "{shown}");
    assert_eq!(explained("delete-listed", POLICY, &delete).0, 0);
}

#[test]
fn a_response_to_a_stranger_that_the_policy_refuses_is_told() {
    let reflected = GET.replace("https://app.example.com", "https://stranger.example");
    let (status, shown) = explained("stranger", POLICY, &reflected);
    assert_eq!(status, 1);
    assert!(shown.contains("another CORS layer that reflects origins"), "{shown}");
}

#[test]
fn several_policies_answer_as_the_one_that_decides() {
    let of_anyone = GET
        .replace("https://app.example.com", "https://stranger.example")
        .replace(
            "origin: https://stranger.example\n< access-control-allow-credentials: true\n",
            "origin: *\n",
        )
        .replace("< access-control-expose-headers: x-request-id\n", "");
    let (status, shown) = explained("choice", LIST, &of_anyone);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("is what this policy answers"), "{shown}");
    // A partner would have got another response, so `Vary` must say so.
    let (_, shown) = explained("choice-vary", LIST, &of_anyone.replace("< vary: Origin\n", ""));
    assert!(shown.contains("vary: nothing, where the policy has `Origin`"), "{shown}");
}

#[test]
fn a_list_of_all_headers_need_not_have_those_that_the_server_adds() {
    let policy = POLICY.replace("[\"x-request-id\"]", "\"*\"");
    let all = "access-control-expose-headers: content-type, x-request-id";
    let saved = GET.replace("access-control-expose-headers: x-request-id", all);
    let (status, shown) = explained("expose", &policy, &saved);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("is what this policy answers"), "{shown}");
}
