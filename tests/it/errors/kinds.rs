use tower_cors::CorsPolicy;

const METHODS: [&str; 4] = ["P T", "CONNECT", "patch", "P*"];
const REQUESTED: [&str; 4] = ["x y", "x-*-y", "Host", "Access-Control-Allow-Origin"];
const EXPOSED: [&str; 2] = ["Set-Cookie", "Access-Control-Request-Method"];
const ORIGINS: [&str; 20] = [
    "null",
    "example.com",
    "https:/example.com",
    "ws://example.com",
    "ftp://example.com",
    "file:///a",
    "HTTPS://example.com",
    "https://ex%61mple.com",
    "https://user@example.com",
    "https://example.com/",
    "https://example.com/a",
    "https://example.com?a",
    "https://example.com#a",
    "https://a*.example.com",
    "https://",
    "https://a..example.com",
    "https://1.2.3",
    "https://[::1%25eth0]",
    "https://example.com:443",
    "https://example.com:70000",
];

/// `WrongCase` as `-wrong-case`.
fn in_kebab_case(name: &str) -> String {
    let hyphen = |letter: char| letter.is_ascii_uppercase().then_some('-');
    name.chars().flat_map(|letter| hyphen(letter).into_iter().chain([letter.to_ascii_lowercase()])).collect()
}

/// Programs identify an issue by its kind, so it is not empty, and no two issues share one.
#[test]
fn a_kind_is_the_name_of_its_problem() {
    let policy = CorsPolicy::builder().allow_origins(ORIGINS).allow_methods(METHODS).allow_headers(REQUESTED);
    let error = policy.expose_headers(EXPOSED).build().expect_err("none of them is allowed");
    assert_eq!(
        error.issues().count(),
        ORIGINS.len() + METHODS.len() + REQUESTED.len() + EXPOSED.len(),
        "{error}"
    );
    for issue in error.issues() {
        let problem = format!("{:?}", issue.problem());
        let (of, rest) = problem.split_once('(').expect("a problem of an entry");
        let name = rest.split(['(', ')', ' ']).next().unwrap_or_default();
        assert_eq!(issue.kind(), format!("{}{}", of.to_lowercase(), in_kebab_case(name)));
    }
}
