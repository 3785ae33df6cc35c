//! Compares every saved request of `saved/` with what its browser did: `explain` exits with 0 if and only if the page could
//! read the response.

use std::thread;

use crate::program::run;
use crate::saved::{Scenario, Text, scenarios};

/// Facts that no flag supplies. If a text hides one of these, the answer is right for the part that the text shows.
const NOT_SUPPLIED: [(&str, &str); 3] = [
    ("mode", "copied calls say `cors`, whatever the mode was"),
    ("redirect", "the service redirects, which is in the response alone"),
    ("upload", "no text of a request shows that the page listened to its progress"),
];

/// The texts with all requests of the page.
const OF_WHOLE_PAGE: [&str; 5] = ["fetch-all.js", "default.har", "sensitive.har", "all.har", "console.txt"];

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

/// The status that is right for a text.
fn expected(scenario: &Scenario, text: &Text) -> i32 {
    // Only a response shows a proxy in front.
    let first = if text.hides("in-front") { scenario.policy_reads } else { scenario.read };
    let is_whole = OF_WHOLE_PAGE.contains(&text.file.as_str());
    let others = !is_whole || scenario.also.iter().all(|also| also.read);
    i32::from(!(first && others && scenario.against_standard.is_none()))
}

/// What is wrong with the answer, if anything is.
fn mistake(scenario: &Scenario, text: &Text) -> Option<String> {
    let [policy, file] =
        ["policy.toml", &text.file].map(|file| scenario.path(file).to_str().expect("text").to_owned());
    let ask = |more: &[&str]| {
        run(["explain", &policy, "--request", &file].into_iter().chain(more.iter().copied()), "")
    };
    let request = &scenario.request;
    let mut given: Vec<&str> = text.origin.iter().flat_map(|origin| ["--origin", origin.as_str()]).collect();
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if text.hides("request") {
        given.extend(["--method", &request.method, "--url", &request.url]);
    }
    if text.hides("request") || text.hides("headers") {
        given.extend(headers.iter().flat_map(|header| ["--header", header]));
    }
    let mut ran = ask(&given);
    // The message names the missing flag, and the flag then has an effect.
    if ran.status == 2 && ran.errors.contains("`--origin`") {
        given.extend(["--origin", &scenario.page]);
        ran = ask(&given);
    }
    let expected = expected(scenario, text);
    let says_what_is_unknown = (ran.output.clone() + &ran.errors).contains("`--credentials");
    if ran.status != expected && says_what_is_unknown {
        given.extend(["--credentials", &request.credentials]);
        let ran_before = std::mem::replace(&mut ran, ask(&given));
        if ran_before.status == 2
            && ask(&[&given[..given.len() - 1], &["include"]].concat()).status
                == ask(&[&given[..given.len() - 1], &["omit"]].concat()).status
        {
            return Some(format!("{}/{}: asked for credentials in vain", scenario.name, text.file));
        }
    }
    let is_right = ran.status == expected || NOT_SUPPLIED.iter().any(|(hidden, _)| text.hides(hidden));
    let heading: String = ran.output.lines().take(3).collect::<Vec<_>>().join(" ");
    (!is_right).then(|| {
        format!(
            "{}/{}: {} where {expected} is right: {heading}{}",
            scenario.name, text.file, ran.status, ran.errors
        )
    })
}

impl Text {
    fn hides(&self, what: &str) -> bool {
        self.hides.iter().any(|hidden| hidden == what)
    }
}

#[test]
fn what_no_flag_supplies_is_hidden_by_some_text() {
    let scenarios = scenarios();
    for (hidden, reason) in NOT_SUPPLIED {
        let mut texts = scenarios.iter().flat_map(|scenario| &scenario.texts);
        assert!(texts.any(|text| text.hides(hidden)), "{hidden}: {reason}");
    }
}

#[test]
fn each_engine_has_hundreds_of_texts() {
    let scenarios = scenarios();
    for (engine, at_least) in [("chromium", 300), ("firefox", 300), ("curl", 30)] {
        let of_engine = scenarios.iter().filter(|scenario| scenario.engine() == engine);
        let texts: usize = of_engine.map(|scenario| scenario.texts.len()).sum();
        assert!(texts >= at_least, "{engine}: {texts}");
    }
}
