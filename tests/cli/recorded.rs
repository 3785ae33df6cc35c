//! Every saved request of `saved/` against what its browser did: `explain` ends with 0 if and only if the page could read the
//! response.

use std::thread;

use crate::program::run;
use crate::saved::{Scenario, Text, scenarios};

/// Why some texts of a scenario are answered in another way than the browser did.
struct Exception {
    /// With the engine, or of all engines.
    scenario: &'static str,
    files: &'static [&'static str],
    /// The status that `explain` ends with.
    status: i32,
    reason: &'static str,
}

const ANY: &[&str] = &[
    "fetch.js",
    "fetch-node.js",
    "fetch-all.js",
    "curl.sh",
    "curl.cmd",
    "default.har",
    "sensitive.har",
    "all.har",
    "console.txt",
];

/// Copied, so without the response.
const COPIED: &[&str] = &["fetch.js", "fetch-node.js", "fetch-all.js", "curl.sh", "curl.cmd"];

const EXCEPTIONS: [Exception; 8] = [
    Exception {
        scenario: "any-of-all-authorization",
        files: ANY,
        status: 1,
        reason: "engines let `*` cover `Authorization`, the standard does not",
    },
    Exception {
        scenario: "authorization-under-any-header",
        files: ANY,
        status: 1,
        reason: "engines let `*` cover `Authorization`, the standard does not",
    },
    Exception {
        scenario: "redirect-to-another-origin",
        files: COPIED,
        status: 0,
        reason: "the service redirects, and the text does not show the response",
    },
    Exception {
        scenario: "chromium/no-cors",
        files: &["fetch.js", "fetch-node.js", "fetch-all.js"],
        status: 0,
        reason: "copied calls say `cors`, whatever the mode was",
    },
    Exception {
        scenario: "include-without-cookie-not-allowed",
        files: &["fetch.js", "fetch-node.js", "fetch-all.js", "curl.sh", "curl.cmd", "all.har"],
        status: 0,
        reason: "without a cookie, nothing shows that the page asked for credentials",
    },
    Exception {
        scenario: "authorization-with-include-not-allowed",
        files: &["fetch-node.js", "curl.sh", "curl.cmd"],
        status: 0,
        reason: "without a cookie, nothing shows that the page asked for credentials",
    },
    Exception {
        scenario: "chromium/include-put-any-origin",
        files: COPIED,
        status: 0,
        reason: "the cookie is not in the text, as the preflight was refused",
    },
    Exception {
        scenario: "chromium/include-put-json-not-allowed",
        files: COPIED,
        status: 0,
        reason: "the cookie is not in the text, as the preflight was refused",
    },
];

impl Exception {
    fn of(scenario: &Scenario, text: &Text) -> Option<&'static Self> {
        let is_of = |exception: &&Self| {
            let name = scenario.name.split_once('/').map_or("", |(_, name)| name);
            (exception.scenario == name || exception.scenario == scenario.name)
                && exception.files.contains(&text.file.as_str())
        };
        EXCEPTIONS.iter().find(is_of)
    }
}

#[test]
fn saved_requests_are_answered_as_their_browser_did() {
    let scenarios = scenarios();
    let asked: Vec<_> = scenarios
        .iter()
        .flat_map(|scenario| scenario.texts.iter().map(move |text| (scenario, text)))
        .collect();
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let parts: Vec<_> = asked
            .chunks(asked.len().div_ceil(threads).max(1))
            .map(|part| {
                scope.spawn(move || {
                    part.iter().filter_map(|(scenario, text)| mistake(scenario, text)).collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), asked.len(), wrong.join("\n"));
}

#[test]
fn each_exception_is_of_a_text_that_its_browser_answered_otherwise() {
    let scenarios = scenarios();
    for exception in &EXCEPTIONS {
        let mut texts =
            scenarios.iter().flat_map(|scenario| scenario.texts.iter().map(move |text| (scenario, text)));
        let is_needed = texts.any(|(scenario, text)| {
            Exception::of(scenario, text).is_some_and(|used| std::ptr::eq(used, exception))
                && i32::from(!scenario.read) != exception.status
        });
        assert!(is_needed, "{}: {}", exception.scenario, exception.reason);
    }
}

/// What is wrong with the answer, if anything is.
fn mistake(scenario: &Scenario, text: &Text) -> Option<String> {
    let [policy, request] =
        ["policy.toml", &text.file].map(|file| scenario.path(file).to_str().expect("text").to_owned());
    let ask = |more: &[&str]| {
        let arguments = ["explain", &policy, "--request", &request];
        run(arguments.into_iter().chain(more.iter().copied()), "")
    };
    let mut given: Vec<&str> = text.origin.iter().flat_map(|origin| ["--origin", origin.as_str()]).collect();
    let mut ran = ask(&given);
    // What is missing is asked for by name, and honoured.
    if ran.errors.contains("`--origin`") {
        given.extend(["--origin", &scenario.page]);
        ran = ask(&given);
    }
    if ran.errors.contains("`--credentials ") {
        let [with, without] =
            ["include", "omit"].map(|mode| ask(&[&given[..], &["--credentials", mode]].concat()));
        if with.status == without.status {
            return Some(format!("{}/{}: the credentials make no difference", scenario.name, text.file));
        }
        ran = if scenario.request.credentials == "include" { with } else { without };
    }
    // What stands in front shows in a response alone.
    let is_hidden = text.hides.iter().any(|hidden| hidden == "in-front");
    let reads = if is_hidden { scenario.policy_reads } else { scenario.read };
    let expected = Exception::of(scenario, text).map_or(i32::from(!reads), |exception| exception.status);
    let heading: String = ran.output.lines().take(3).collect::<Vec<_>>().join(" ");
    (ran.status != expected).then(|| {
        format!(
            "{}/{}: {} where {expected} is right: {heading}{}",
            scenario.name, text.file, ran.status, ran.errors
        )
    })
}
