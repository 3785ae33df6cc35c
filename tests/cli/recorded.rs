//! Every saved request of `saved/` against what its browser did: `explain` ends with 0 if and only if the page could read the
//! response.

use std::thread;

use crate::program::run;
use crate::saved::{Scenario, Text, scenarios};

/// Why a text is answered in another way than its browser did.
struct Exception {
    /// The end of the scenario's name and the file's name: `/put-json/curl.sh`. `*` is any.
    scenario: &'static str,
    file: &'static str,
    /// The status that `explain` ends with.
    status: i32,
    reason: &'static str,
}

const EXCEPTIONS: [Exception; 0] = [];

impl Exception {
    fn of(scenario: &Scenario, text: &Text) -> Option<&'static Self> {
        let is_of = |exception: &&Self| {
            let name = scenario.name.split_once('/').map_or("", |(_, name)| name);
            (exception.scenario == name || exception.scenario == scenario.name)
                && (exception.file == text.file || exception.file == "*")
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
fn each_exception_is_of_a_recorded_text() {
    let scenarios = scenarios();
    let is_used = |exception: &Exception| {
        let mut texts =
            scenarios.iter().flat_map(|scenario| scenario.texts.iter().map(move |text| (scenario, text)));
        texts.any(|(scenario, text)| {
            Exception::of(scenario, text).is_some_and(|used| std::ptr::eq(used, exception))
        })
    };
    for exception in &EXCEPTIONS {
        assert!(is_used(exception), "{}/{}: {}", exception.scenario, exception.file, exception.reason);
    }
}

fn mistake(scenario: &Scenario, text: &Text) -> Option<String> {
    let [policy, request] =
        ["policy.toml", &text.file].map(|file| scenario.path(file).to_str().expect("text").to_owned());
    let mut arguments = vec!["explain", &policy, "--request", &request];
    if let Some(origin) = &text.origin {
        arguments.extend(["--origin", origin]);
    }
    let ran = run(arguments, "");
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
