//! Origins that no browser sends.

use tower_cors::CorsPolicy;

use super::{assert_cases, issues};
use crate::support::Sentence;
use crate::support::assert_rows;

#[test]
fn an_origin_that_could_never_match_is_refused() {
    let slash = "ends with a slash, but an origin ends with its host or port";
    let path = "has a path, but an origin ends with its host or port. Paths are matched by the router";
    let upper_case = "has upper-case letters, but browsers write origins in lower case";
    let unicode = "has characters beyond ASCII, but browsers write such names in punycode (`xn--...`)";
    let no_scheme = "has no scheme. An origin starts with a scheme such as `https://`";
    let opaque = "can never match: browsers send `null` for pages of this scheme. Serve them over http or https, from `localhost` for example";
    let default_port = "names the scheme's default port, which browsers leave out";
    let invalid_port = "has a port that is not a number, or that starts with a zero";
    let port_range = "has a port outside 1 to 65535";
    let space = "contains white space. Remove it, or write each origin as a separate value";
    let web_socket = "can never match: the `Origin` of a WebSocket is the origin of the page that opens it, over http or https";
    let ftp = "can never match: browsers do not open pages over ftp";
    let user = "has a user name, but an origin has only a scheme, a host and a port";
    let cases: &[Sentence] = &[
        (
            "",
            "is empty. Check for an extra comma, or write an origin such as `https://app.example.com`",
            None,
        ),
        (
            "null",
            "is the origin of sandboxed frames on any site. To allow all of them, use `dangerously_allow_null_origin`",
            None,
        ),
        ("https://example.com/", slash, Some("https://example.com")),
        ("https://example.com/app", path, Some("https://example.com")),
        ("https://example.com/*", path, Some("https://example.com")),
        (
            "https://example.com?q",
            "has a query, but an origin ends with its host or port",
            Some("https://example.com"),
        ),
        (
            "https://example.com#f",
            "has a fragment, but an origin ends with its host or port",
            Some("https://example.com"),
        ),
        ("https://me@example.com", user, Some("https://example.com")),
        ("https://me:pw@example.com:8443", user, Some("https://example.com:8443")),
        ("https://good.example@evil.example", user, None),
        ("https://me@*.example.com", user, None),
        ("https://Example.com", upper_case, Some("https://example.com")),
        ("HTTPS://example.com", upper_case, Some("https://example.com")),
        ("https://bücher.example", unicode, Some("https://xn--bcher-kva.example")),
        ("https://BÜCHER.example", unicode, Some("https://xn--bcher-kva.example")),
        (" https://example.com", space, Some("https://example.com")),
        ("https://exam ple.com", space, None),
        ("https://a.example b.example", space, None),
        ("https://ｅｘａｍｐｌｅ.com", unicode, None),
        ("https://example。com", unicode, None),
        ("https://דוגמה.example", unicode, None),
        ("example.com", no_scheme, Some("https://example.com")),
        ("*.example.com", no_scheme, Some("https://*.example.com")),
        ("//example.com", no_scheme, Some("https://example.com")),
        ("localhost:3000", no_scheme, Some("http://localhost:3000")),
        ("me@example.com", no_scheme, None),
        ("192.168.1.5:3000", no_scheme, None),
        ("1a://example.com", "has an invalid scheme", None),
        ("file://", opaque, None),
        ("data:text/html,x", opaque, None),
        ("about:blank", opaque, None),
        ("wss://app.example.com", web_socket, Some("https://app.example.com")),
        ("ws://localhost:3000/socket", web_socket, Some("http://localhost:3000")),
        ("WSS://App.Example.com:443", web_socket, Some("https://app.example.com")),
        ("wss://*.example.com", web_socket, Some("https://*.example.com")),
        ("ftp://app.example.com", ftp, None),
        ("https://xn--bcher-kva.example/", slash, Some("https://xn--bcher-kva.example")),
        ("Capacitor://MyApp", upper_case, Some("capacitor://MyApp")),
        ("capacitor://MyApp/", slash, Some("capacitor://MyApp")),
        ("capacitor://büro", "has `ü` in its host, where it is not allowed", None),
        ("https://", "has no host", None),
        ("https://:8080", "has no host", None),
        ("https://example.com:443", default_port, Some("https://example.com")),
        ("http://example.com:80", default_port, Some("http://example.com")),
        ("https://example.com:", invalid_port, Some("https://example.com")),
        ("https://example.com:080", invalid_port, Some("https://example.com:80")),
        ("https://example.com:http", invalid_port, None),
        ("https://example.com:0", port_range, None),
        ("https://example.com:65536", port_range, None),
    ];
    assert_cases("allow_origins", cases, |origin| CorsPolicy::builder().allow_origin(origin));
}

#[test]
fn a_host_that_no_browser_sends_is_refused() {
    let wildcard = "is not valid: `*` is only allowed as `*.` before a domain, as `:*`, or alone";
    let empty_label = "has two dots in a row in its host, or only a dot";
    let leading_dot =
        "has a dot before its host. Write `*.` for all subdomains, or no dot for the host alone";
    let quad = "is an IPv4 address, but not in the form `127.0.0.1` that browsers send";
    let number = "has a host that ends with a number, but is not an IPv4 address";
    let ipv6 = "has a colon or brackets in its host, but not an IPv6 address in brackets. Write one as `http://[::1]:3000`";
    let long_ipv6 = "is an IPv6 address, but not in the short form that browsers send";
    let zone = "is an IPv6 address with a zone, which browsers do not accept. Remove the zone";
    let mapped = "is an IPv4 address written as IPv6. Write the IPv4 address";
    let part_of_a_label = "has a `*` that covers only part of a label. On a shared domain, a stranger could register a name that matches. List the origins, or check the whole host in `allow_origin_if`";
    let punycode = "can never match: a label starts with `xn--`, but is not valid punycode";
    let cases: &[Sentence] = &[
        ("https://xn--a.example", punycode, None),
        ("https://xn--", punycode, None),
        ("https://xn--abc-.example", punycode, None),
        ("https://*.xn--a.example", punycode, None),
        ("https://xn--a.example:*", punycode, None),
        ("https://a..example", empty_label, None),
        ("https://.", empty_label, None),
        ("https://.example.com", leading_dot, None),
        ("http://127.1", quad, None),
        ("http://127.0.0.01", quad, None),
        ("http://0x7f.0.0.1", quad, None),
        ("https://example.1", number, None),
        ("http://127.0.0.1.", quad, None),
        ("https://[example.com]", ipv6, None),
        ("http://::1", ipv6, None),
        ("http://::1:3000", ipv6, None),
        ("https://a:1:2", ipv6, None),
        ("http://[0:0:0:0:0:0:0:1]", long_ipv6, Some("http://[::1]")),
        ("http://[fe80::1%25eth0]", zone, None),
        ("http://[::ffff:127.0.0.1]", mapped, None),
        ("http://[::ffff:7f00:1]", mapped, None),
        ("https://*", wildcard, None),
        ("https://*example.com", part_of_a_label, None),
        ("https://app*.example.com", part_of_a_label, None),
        ("https://myapp-*.vercel.app", part_of_a_label, None),
        ("https://app.*.com", wildcard, None),
        ("https://example.*", wildcard, None),
        ("https://*.*.example.com", wildcard, None),
        ("https://*.127.0.0.1", wildcard, None),
        ("https://example.com:80*", wildcard, None),
        ("*://example.com", wildcard, None),
        ("tauri://*", wildcard, None),
        ("https://exa%6dple.com", "has `%` in its host, where it is not allowed", None),
    ];
    assert_cases("allow_origins", cases, |origin| CorsPolicy::builder().allow_origin(origin));
}

/// Texts that people write around an origin, or instead of one.
#[test]
fn another_notation_is_named() {
    let list = "contains more than one origin. Write each as a separate value; in an environment variable, put commas between them";
    let separator = "ends with a comma or semicolon. Remove it";
    let quotes = "has quotes around it. Remove them; in an environment variable, write origins without quotes, with commas between them";
    let json = "looks like a JSON list. In an environment variable, write origins without brackets or quotes, with commas between them";
    let regex = "looks like a regular expression. Move it to `allow_origin_regexes`, or write `https://*.example.com` for all subdomains of your domain";
    let slashes = "does not have `://` after its scheme";
    let backslash = "contains a backslash, which browsers read as a slash. Write `://` after the scheme, and nothing after the host or port";
    let unicode = "has characters beyond ASCII, but browsers write such names in punycode (`xn--...`)";
    let cases: &[Sentence] = &[
        ("https://a.example,https://b.example", list, None),
        ("https://a.example; https://b.example", list, None),
        ("https://a.example https://b.example", list, None),
        ("https://a.example, b.example,", list, None),
        ("https://a.example\nhttp://localhost:3000", list, None),
        ("https://a.example,", separator, Some("https://a.example")),
        ("https://a.example; ", separator, Some("https://a.example")),
        (",", separator, None),
        ("\"https://a.example\"", quotes, Some("https://a.example")),
        ("'https://A.example/'", quotes, Some("https://a.example")),
        ("\"https://a.example", quotes, None),
        ("\"https://a.example\",", quotes, Some("https://a.example")),
        ("\"http://[::1]:3000\"", quotes, Some("http://[::1]:3000")),
        ("[\"https://a.example\"]", json, Some("https://a.example")),
        ("[\"https://a.example\"", json, Some("https://a.example")),
        ("\"https://a.example\"]", json, Some("https://a.example")),
        ("[\"https://a.example\", \"https://b.example\"]", json, None),
        (r"^https://.*\.example\.com$", regex, None),
        (r"https://app\.example\.com", regex, None),
        (r"https://(a|b).example.com", regex, None),
        ("https://.*.example.com", regex, None),
        ("https//app.example.com", slashes, Some("https://app.example.com")),
        ("https:/app.example.com", slashes, Some("https://app.example.com")),
        ("https:app.example.com", slashes, Some("https://app.example.com")),
        ("http:/localhost:3000/", slashes, Some("http://localhost:3000")),
        ("https:", slashes, None),
        (r"https://good.example\@evil.example", backslash, None),
        (r"https:\\app.example.com", backslash, None),
        (r"https://app.example.com\", backslash, None),
        ("https://bu\u{308}cher.example", unicode, None),
        ("https://exam\u{ad}ple.com", unicode, None),
    ];
    let rows = cases.iter().map(|(value, sentence, suggestion)| {
        // One backslash is enough where it cannot be read as an escape.
        let shown: String = value.chars().map(|char| char.escape_debug().to_string()).collect();
        let shown = shown.replace("\\\"", "\"").replace("\\'", "'");
        let shown = [".", "@", "a"]
            .iter()
            .fold(shown, |shown, next| shown.replace(&format!("\\\\{next}"), &format!("\\{next}")));
        let did_you_mean = suggestion.map(|suggestion| format!("; did you mean `{suggestion}`?"));
        let expected = format!("allow_origins: `{shown}` {sentence}{}", did_you_mean.unwrap_or_default());
        (value, issues(CorsPolicy::builder().allow_origin(*value)), vec![expected])
    });
    assert_rows(rows);
    for (_, _, suggestion) in cases {
        assert!(
            suggestion
                .is_none_or(|suggestion| issues(CorsPolicy::builder().allow_origin(suggestion)).is_empty())
        );
    }
}

#[test]
fn lengths_are_refused_one_past_the_limit() {
    let label = "a".repeat(63);
    let domain = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    let scheme = "s".repeat(32);
    let accepted =
        [format!("https://{domain}"), format!("https://*.{}", &domain[2..]), format!("{scheme}://a")];
    let refused = [
        (format!("https://{label}a"), "has a label longer than 63 bytes, the limit for domains"),
        (
            format!("https://{domain}a"),
            "has a host longer than 253 bytes, or one so long that no label fits in place of its `*`",
        ),
        (
            format!("https://*.{}", &domain[1..]),
            "has a host longer than 253 bytes, or one so long that no label fits in place of its `*`",
        ),
        (format!("{scheme}s://a"), "has a scheme longer than 32 bytes"),
    ];
    for origin in &accepted {
        assert_eq!(issues(CorsPolicy::builder().allow_origin(origin)), [""; 0]);
    }
    for (origin, sentence) in &refused {
        let found = issues(CorsPolicy::builder().allow_origin(origin));
        assert!(found.len() == 1 && found[0].ends_with(sentence), "{found:?}");
    }
}
