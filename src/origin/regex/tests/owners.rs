//! The number of owners of the origins that an expression lets in, by the Public Suffix List.

use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;

mod look_alikes;

use self::look_alikes::{look_alikes, registrable};

#[test]
fn the_public_suffixes_are_known() {
    let cases = [
        (r"https://myapp-[a-z0-9]+\.vercel\.app", "public-suffix https://myapp-evil.vercel.app"),
        (r"https://[a-z0-9-]+--mysite\.netlify\.app", "public-suffix https://evil--mysite.netlify.app"),
        (r"https://[a-z0-9-]+\.mysite\.pages\.dev", ""),
        (r"https://[a-z0-9]+\.github\.io", "public-suffix https://evil.github.io"),
        (r"https://.*\.github\.io", "public-suffix https://evil.github.io"),
        (r"https://[a-z]+\.co\.uk", "public-suffix https://evil.co.uk"),
        (r"https://.*example\.co\.uk", "public-suffix https://evilexample.co.uk"),
        (r"https://.*\.example\.co\.uk", ""),
        (r"https://.*\.amazonaws\.com", "public-suffix https://evil.s3.amazonaws.com"),
        (r"https://pr-\d+\.preview\.amazonaws\.com", ""),
        (r"https://pr-\d+\.preview\.example\.com", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(judged(text), expected, "{text}");
    }
}

/// An origin on another machine that an expression matches.
fn let_in<'o>(expression: &Expression, text: &'o str) -> Option<Origin<'o>> {
    let origin = Origin::from_serialized(text).filter(|origin| !origin.host.is_local());
    origin.filter(|origin| expression.automaton.read(origin.as_str().as_bytes()).has(0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// The origins come from the expression itself, by an independent generator, and from look-alikes of these.
    #[test]
    fn an_accepted_expression_lets_nobody_else_in(
        (text, samples) in expression().prop_flat_map(|text| {
            // The generator does not support anchors.
            let plain = text.trim_start_matches('^').trim_end_matches('$');
            let samples = string_regex(plain).expect("an expression");
            (Just(text), proptest::collection::vec(samples, 40))
        })
    ) {
        let Ok(expression) = compiled(&text) else { return Ok(()) };
        let origins: Vec<_> = samples.iter().filter_map(|sample| let_in(&expression, sample)).collect();
        let mut domains: Vec<_> = origins.iter().map(|origin| registrable(origin.host())).collect();
        domains.sort_unstable();
        domains.dedup();
        let is_insecure = origins.iter().any(|origin| origin.scheme() == "http");
        let problems = refused(&text);
        if problems.is_empty() {
            prop_assert!(domains.len() <= 1 && !is_insecure, "{} lets in {:?}", text, origins);
            for origin in &origins {
                for look_alike in look_alikes(origin) {
                    prop_assert!(let_in(&expression, &look_alike).is_none(), "{} lets in {}", text, look_alike);
                }
            }
        } else {
            for problem in problems {
                let origin = shown(&problem).unwrap_or_else(|| panic!("{text} {problem}"));
                prop_assert!(let_in(&expression, origin).is_some(), "{} does not let in {}", text, origin);
            }
        }
    }
}
