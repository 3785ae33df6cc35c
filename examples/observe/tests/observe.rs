//! The program over TCP: what it writes about its traffic, and that the alerts and the dashboard query metrics that exist.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use axum::http::Request;
use serde_json::Value;
use tower_cors::CorsPolicy;

const APP: &str = "https://app.example.com";
const COPY: &str = "https://app.exarnple.com";
const OTHER: &str = "https://shop.other.test:8443";

/// After this, a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    printed: BufReader<ChildStdout>,
    api: String,
    inside: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-observe"));
        let command = command.env("PORT", "0").stdout(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut line = String::new();
        printed.read_line(&mut line).expect("it prints text");
        let mut addresses =
            line.split("http://").skip(1).map(|rest| rest.split([',', ';']).next().unwrap_or(rest));
        let mut address = || addresses.next().expect("it prints its addresses").to_owned();
        Self { api: address(), inside: address(), process, printed }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        send(&self.api, method, path, headers)
    }

    fn get(&self, path: &str) -> String {
        let answer = send(&self.inside, "GET", path, &[]);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
    }

    fn preflight(&self, origin: &str, method: &str, headers: &str) {
        let lines = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", headers),
        ];
        self.send("OPTIONS", "/items", &lines);
    }

    /// Pages, strangers, and requests that only a program sends.
    fn be_used(&self) {
        for _ in 0..5 {
            let answer = self.send("GET", "/items", &[("origin", APP)]);
            assert!(answer.to_lowercase().contains("access-control-allow-origin: *"), "{answer}");
        }
        self.preflight(APP, "PUT", "content-type,x-trace");
        self.preflight(APP, "PUT", "Content-Type");
        self.preflight(OTHER, "GET", "authorization");
        self.preflight(APP, "patch", "cookie");
        self.send("GET", "/items", &[("origin", COPY)]);
        self.send("GET", "/items", &[("origin", "null")]);
        self.send("GET", "/items", &[("origin", "https://x\" # .test")]);
        self.send(
            "POST",
            "/items",
            &[("origin", "https://own.example.com"), ("sec-fetch-site", "same-origin")],
        );
        self.send("GET", "/items", &[]);
        for _ in 0..12 {
            self.send("GET", "/admin", &[("origin", APP)]);
        }
        for index in 0..40 {
            self.send("GET", "/admin", &[("origin", &format!("https://r{index}.test"))]);
        }
    }
}

fn send(address: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut lines =
        vec![format!("{method} {path} HTTP/1.1"), format!("host: {address}"), "connection: close".to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.write_all(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The series of a scrape with their values.
fn series(scrape: &str) -> Vec<(String, u64)> {
    let lines = scrape.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parsed = lines.map(|line| {
        let (series, value) = line.rsplit_once(' ').expect("a value");
        (series.to_owned(), value.parse().expect("a count"))
    });
    parsed.collect()
}

fn value(scrape: &str, name: &str, labels: &[(&str, &str)]) -> u64 {
    let is_meant = |series: &str| {
        series.starts_with(&format!("{name}{{"))
            && labels.iter().all(|(label, value)| series.contains(&format!("{label}=\"{value}\"")))
    };
    series(scrape).into_iter().filter(|(series, _)| is_meant(series)).map(|(_, value)| value).sum()
}

#[test]
fn what_was_used_is_a_policy_file_that_lets_it_pass_and_nothing_else() {
    let program = Program::start();
    assert!(program.get("/used").contains("Nothing so far"));
    program.be_used();
    let file = program.get("/used");
    let entries: Vec<_> = file
        .lines()
        .filter(|line| line.starts_with("    "))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let warning =
        format!(". WARNING: looks like {APP}, and may be a stranger's. Remove it unless it is yours");
    assert_eq!(
        entries,
        [
            format!("\"{APP}\", # 8 requests"),
            format!("\"{COPY}\", # 1 requests{warning}"),
            format!("\"{OTHER}\", # 1 requests"),
            "\"PUT\", # 2 preflights".to_owned(),
            "\"content-type\", # 2 preflights".to_owned(),
            "\"authorization\", # 1 preflights".to_owned(),
            "\"x-trace\", # 1 preflights".to_owned(),
        ]
    );
    for left_out in
        ["1 requests with the origin `null`", "1 preflights for `patch`", "1 preflights for `cookie`"]
    {
        assert!(file.contains(left_out), "{left_out}: {file}");
    }

    let policy: CorsPolicy = toml::from_str(&file).expect("a policy");
    let allows = |origin: &str, method: &str, headers: &str| {
        let request = Request::options("/items")
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers)
            .body(())
            .expect("a request");
        policy.decide(&request).denial().is_none()
    };
    for (origin, method, headers) in
        [(APP, "PUT", "content-type,x-trace"), (OTHER, "GET", "authorization"), (COPY, "GET", "")]
    {
        assert!(allows(origin, method, headers), "{origin} {method} {headers}");
    }
    for (origin, method, headers) in [
        ("https://own.example.com", "GET", ""),
        ("https://r1.test", "GET", ""),
        ("null", "GET", ""),
        (APP, "DELETE", ""),
        (APP, "PUT", "x-other"),
    ] {
        assert!(!allows(origin, method, headers), "{origin} {method} {headers}");
    }
}

#[test]
fn decisions_are_counted_and_no_sender_makes_a_label() {
    let program = Program::start();
    program.be_used();
    let scrape = program.get("/metrics");
    let decisions = |policy, kind, outcome| {
        value(&scrape, "cors_decisions_total", &[("policy", policy), ("kind", kind), ("outcome", outcome)])
    };
    // With those that have `null` and a malformed origin, and our own page.
    assert_eq!(decisions("items", "actual", "allowed"), 9);
    assert_eq!(decisions("items", "preflight", "allowed"), 4);
    assert_eq!(decisions("items", "no-origin", "allowed"), 1);
    assert_eq!(decisions("admin", "actual", "origin-not-allowed"), 52);
    let of_shadow = |denial| {
        value(
            &scrape,
            "cors_disagreements_total",
            &[("policy", "items"), ("kind", "shadow-refuses"), ("denial", denial)],
        )
    };
    assert_eq!(of_shadow("origin-not-allowed"), 2);
    assert_eq!(of_shadow("header-not-allowed"), 1);
    let refused =
        |origin| value(&scrape, "cors_refused_origins_total", &[("policy", "admin"), ("origin", origin)]);
    // From the tenth on by its name.
    assert_eq!((refused(APP), refused("other")), (3, 49));
    assert!(!scrape.contains(".test"), "{scrape}");
}

#[test]
fn origins_by_name_are_bounded_whoever_sends_them() {
    let program = Program::start();
    for index in 0..30 {
        for _ in 0..12 {
            program.send("GET", "/admin", &[("origin", &format!("https://r{index}.test"))]);
        }
    }
    let scrape = program.get("/metrics");
    let named =
        series(&scrape).into_iter().filter(|(series, _)| series.starts_with("cors_refused_origins_total"));
    assert_eq!(named.count(), 20 + 1);
    assert_eq!(value(&scrape, "cors_refused_origins_total", &[]), 30 * 12);
}

/// The names of series, and of labels with their values, in an expression. An excluded value counts too.
fn asked(expression: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = expression.split(|letter: char| !is_word(letter));
    let names = words.filter(|word| word.starts_with("cors_")).map(str::to_owned).collect();
    let matchers = expression.replace("=~\"", "=\"").replace("!=\"", "=\"");
    let (mut labels, mut rest) = (BTreeSet::new(), matchers.as_str());
    while let Some((before, after)) = rest.split_once("=\"") {
        let label = before.rsplit(|letter: char| !is_word(letter)).next().expect("a label");
        let (values, after) = after.split_once('"').expect("a value");
        // A variable of the dashboard stands for any.
        let values = values.split('|').filter(|value| !value.starts_with('$'));
        labels.extend(values.map(|value| format!("{label}=\"{value}\"")));
        rest = after;
    }
    (names, labels)
}

#[test]
fn alerts_and_dashboard_ask_for_numbers_that_exist() {
    let alerts: Value = serde_yaml_ng::from_str(include_str!("../prometheus/alerts.yaml")).expect("YAML");
    let dashboard: Value = serde_json::from_str(include_str!("../prometheus/grafana.json")).expect("JSON");
    let rules = alerts["groups"][0]["rules"].as_array().expect("rules");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let expressions: Vec<_> =
        rules.iter().chain(targets).map(|of| of["expr"].as_str().expect("an expression")).collect();
    assert_eq!(expressions.len(), 3 + 5);

    let program = Program::start();
    program.be_used();
    let scrape = program.get("/metrics");
    let mut all = BTreeSet::new();
    for expression in expressions {
        let (names, labels) = asked(expression);
        assert!(!names.is_empty(), "{expression}");
        for name in &names {
            assert!(scrape.contains(&format!("# TYPE {name} counter\n")), "{name}: {scrape}");
        }
        for label in labels {
            assert!(scrape.contains(&label), "{label}: {scrape}");
        }
        all.extend(names);
    }
    // Nothing is counted for nobody either.
    let counted =
        series(&scrape).into_iter().map(|(series, _)| series.split('{').next().expect("a name").to_owned());
    assert_eq!(counted.collect::<BTreeSet<_>>(), all);
}

#[cfg(unix)]
#[test]
fn what_was_used_is_printed_at_the_end() {
    let mut program = Program::start();
    program.be_used();
    let id = program.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("there is `kill`").success());
    let mut rest = String::new();
    program.printed.read_to_string(&mut rest).expect("it ends");
    assert!(program.process.wait().expect("it ends").success());
    assert!(rest.contains("allow_origins = [") && rest.contains(APP), "{rest}");
}
