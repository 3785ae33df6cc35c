//! What a change of the policy opens and closes.

mod property;

use std::time::Duration;

use http::StatusCode;
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use crate::support::{assert_rows, built};

fn app() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin("https://app.example.com")
}

/// The line, whether the change widens the policy, and whether the reverse change does.
fn told(old: CorsPolicyBuilder, new: CorsPolicyBuilder) -> (String, bool, bool) {
    let [old, new] = [old, new].map(built);
    let change = old.difference(&new);
    (change.to_string(), change.widens(), new.difference(&old).widens())
}

fn assert_told<const N: usize>(
    rows: [(&'static str, CorsPolicyBuilder, CorsPolicyBuilder, &'static str, [bool; 2]); N],
) {
    assert_rows(rows.map(|(case, old, new, line, [widens, back_widens])| {
        (case, told(old, new), (line.to_owned(), widens, back_widens))
    }));
}

#[test]
fn entries_that_come_and_go_are_told_in_one_line() {
    let two = || app().allow_origin("https://a.example");
    let any = || CorsPolicy::builder().allow_any_origin();
    let predicate = |builder: CorsPolicyBuilder| builder.allow_origin_if(|_, _| false);
    let of_two = || {
        predicate(two().dangerously_allow_null_origin(true))
            .allow_credentials(true)
            .reject_disallowed_origins(true)
            .served_at(["https://api.example.com"])
    };
    assert_told([
        ("an origin", app(), two(), "+ https://a.example", [true, false]),
        (
            "a method and an origin",
            app().allow_methods(["PATCH"]),
            two(),
            "+ https://a.example, - PATCH",
            [true, true],
        ),
        ("any origin", two(), any(), "+ * in allow_origins", [true, false]),
        ("no longer any origin", any(), two(), "- * in allow_origins", [false, true]),
        (
            "any method",
            app().allow_methods(["PUT"]),
            app().allow_any_method(),
            "+ * in allow_methods",
            [true, false],
        ),
        (
            "any header",
            app().allow_headers(["x-a", "x-p-*", "authorization"]),
            app().allow_headers(["*", "authorization"]),
            "+ * in allow_headers",
            [true, false],
        ),
        (
            "any header but one",
            app().allow_headers(["x-a", "authorization"]),
            app().allow_any_header(),
            "+ * in allow_headers, - authorization in allow_headers",
            [true, true],
        ),
        (
            "all exposed headers",
            app().expose_headers(["x-a"]),
            app().expose_all_headers(),
            "+ * in expose_headers",
            [true, false],
        ),
        ("a predicate", app(), predicate(app()), "+ a function in allow_origin_if", [true, false]),
        (
            "another predicate",
            predicate(app()),
            predicate(app()),
            "+ a function in allow_origin_if, - a function in allow_origin_if",
            [true, true],
        ),
        (
            "an expression",
            app(),
            app().allow_origin_regex(r"https://a(1|, - b)\.example"),
            r"+ `https://a(1|, - b)\.example` in allow_origin_regexes",
            [true, false],
        ),
        (
            "an expression for the origins that it matches",
            app().allow_origins(["https://a1.example", "https://b1.example"]),
            app().allow_origin_regex(r"https://a\d\.example"),
            r"+ `https://a\d\.example` in allow_origin_regexes, - https://b1.example",
            [true, true],
        ),
        (
            "an origin that an expression matches",
            app().allow_origin_regex(r"https://a\d\.example"),
            app().allow_origin_regex(r"https://a\d\.example").allow_origin("https://a1.example"),
            "no change",
            [false, false],
        ),
        (
            "the origin `null`",
            app(),
            app().dangerously_allow_null_origin(true),
            "+ null in dangerously_allow_null_origin",
            [true, false],
        ),
        (
            "what only a list of origins has",
            of_two(),
            any(),
            "+ * in allow_origins, reject_disallowed_origins true -> false, allow_credentials true -> false, \
             - https://api.example.com in served_at",
            [true, true],
        ),
        (
            "a preset is the list that it adds",
            app(),
            app().with(tower_cors::preset::SSE),
            "+ last-event-id in allow_headers",
            [true, false],
        ),
    ]);
}

#[test]
fn what_another_entry_covers_opens_and_closes_nothing() {
    let long = || "M".repeat(65);
    let beside = |builder: CorsPolicyBuilder, origin: &'static str| builder.allow_origin(origin);
    let below = || {
        CorsPolicy::builder().allow_origins([
            "https://*.example.com",
            "http://localhost:*",
            "moz-extension://*",
        ])
    };
    assert_told([
        ("a name", below(), beside(below(), "https://a.example.com"), "no change", [false, false]),
        (
            "a narrower wildcard",
            below(),
            beside(below(), "https://*.a.example.com"),
            "no change",
            [false, false],
        ),
        ("a port", below(), beside(below(), "http://localhost:3000"), "no change", [false, false]),
        ("an extension", below(), beside(below(), "moz-extension://a"), "no change", [false, false]),
        ("the apex", below(), beside(below(), "https://example.com"), "+ https://example.com", [true, false]),
        (
            "a name for its wildcard",
            CorsPolicy::builder().allow_origin("https://*.example.com"),
            app(),
            "- https://*.example.com",
            [false, true],
        ),
        (
            "two that cover each other",
            app(),
            below(),
            "+ https://*.example.com, + http://localhost:*, + moz-extension://*",
            [true, false],
        ),
        ("a safelisted method", app(), app().allow_methods(["GET", "HEAD"]), "no change", [false, false]),
        (
            "a safelisted exposed header",
            app(),
            app().expose_headers(["content-type"]),
            "no change",
            [false, false],
        ),
        (
            "a prefix for its names",
            app().allow_headers(["x-a-b", "x-a-c*"]),
            app().allow_headers(["x-a-*"]),
            "+ x-a-* in allow_headers",
            [true, false],
        ),
        (
            "a name beside its prefix is in the list that is sent",
            app().allow_headers(["x-a-*"]),
            app().allow_headers(["x-a-*", "x-a-b"]),
            "+ x-a-b in allow_headers",
            [false, false],
        ),
        (
            "any method does not let one of any length pass",
            app().allow_methods([long()]),
            app().allow_any_method(),
            &*format!("+ * in allow_methods, - {}", long()).leak(),
            [true, true],
        ),
    ]);
}

#[test]
fn values_are_told_with_what_they_were() {
    let seconds = |builder: CorsPolicyBuilder, seconds| builder.max_age(Duration::from_secs(seconds));
    assert_told([
        (
            "credentials",
            app(),
            app().allow_credentials(true),
            "allow_credentials false -> true",
            [true, false],
        ),
        (
            "rejection",
            app(),
            app().reject_disallowed_origins(true),
            "reject_disallowed_origins false -> true",
            [false, true],
        ),
        ("a max-age", seconds(app(), 600), seconds(app(), 60), "max_age 600 -> 60", [false, false]),
        ("the first max-age", app(), seconds(app(), 0), "max_age unset -> 0", [false, false]),
        (
            "a status",
            app(),
            app().preflight_status(StatusCode::OK),
            "preflight_status 204 -> 200",
            [false, false],
        ),
        (
            "what a predicate reads",
            app(),
            app().vary_by(["x-tenant", "origin"]),
            "+ x-tenant in vary_by",
            [false, false],
        ),
        (
            "the switch for insecure origins",
            app(),
            app().dangerously_allow_insecure_origins(true),
            "no change",
            [false, false],
        ),
        (
            "the switch for public suffixes",
            app(),
            app().dangerously_allow_public_suffixes(true),
            "no change",
            [false, false],
        ),
    ]);
}

#[test]
fn own_origins_matter_where_requests_are_rejected() {
    let rejecting = || app().reject_disallowed_origins(true);
    let api = |builder: CorsPolicyBuilder| builder.served_at(["https://api.example.com"]);
    let all =
        |builder: CorsPolicyBuilder| builder.served_at(["https://*.example.com", "https://api.example.com"]);
    assert_told([
        (
            "while nothing is rejected",
            app(),
            api(app()),
            "+ https://api.example.com in served_at",
            [false, false],
        ),
        (
            "the first one keeps other hosts out",
            rejecting(),
            api(rejecting()),
            "+ https://api.example.com in served_at",
            [false, true],
        ),
        (
            "one more",
            api(rejecting()),
            all(rejecting()),
            "+ https://*.example.com in served_at",
            [true, false],
        ),
        (
            "with rejection itself",
            app(),
            all(rejecting()),
            "reject_disallowed_origins false -> true, + https://*.example.com in served_at",
            [false, true],
        ),
    ]);
}

#[test]
fn an_entry_says_what_it_was_and_is() {
    let old = built(app().allow_methods(["PUT"]).max_age(Duration::from_secs(600)));
    let new = built(app().allow_headers(["x-a"]));
    let change = old.difference(&new);
    let entries: Vec<_> = change.entries().collect();
    let told = |entry: &tower_cors::ChangedEntry<'_>| {
        let text = |value: Option<&str>| value.unwrap_or("none").to_owned();
        (entry.field(), text(entry.before()), text(entry.after()), entry.opens(), entry.closes())
    };
    let expected = [
        ("allow_methods", "PUT", "none", false, true),
        ("allow_headers", "none", "x-a", true, false),
        ("max_age", "600", "none", false, false),
    ];
    let expected = expected.map(|(field, before, after, opens, closes)| {
        (field, before.to_owned(), after.to_owned(), opens, closes)
    });
    assert_eq!(entries.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(format!("{change:?}").matches("ChangedEntry").count(), 3);
}

/// Whatever a tenant writes, a log gets one line of bounded length, with the entries that open something.
#[test]
fn a_line_names_twenty_entries_and_counts_one_past_them() {
    let origins = |count: usize| (0..count).map(|number| format!("https://a{number}.example"));
    let line = |old: usize, new: usize| {
        let [old, new] = [(old, "b"), (new, "c")]
            .map(|(count, method)| built(app().allow_origins(origins(count)).allow_methods([method])));
        let change = old.difference(&new);
        assert!(change.widens());
        change.to_string()
    };
    assert!(line(0, 18).ends_with("+ https://a17.example, + c, - b"), "{}", line(0, 18));
    assert!(line(0, 19).ends_with("+ https://a18.example, + c and 1 more"), "{}", line(0, 19));
    let closing = line(1000, 0);
    assert!(
        closing.starts_with("+ c, - https://a0.example, ") && closing.ends_with(" and 982 more"),
        "{closing}"
    );
    let long = built(app().allow_methods((0..30).map(|number| format!("{number}{}", "`".repeat(10_000)))));
    let line = built(app()).difference(&long).to_string();
    assert!(line.len() < 20 * 200 && !line.contains('\n'), "{line}");
}
