//! Compares the table with the rules of the list, one by one, and with another implementation.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::automaton::{END, State};
use super::table::{list, rules};
use super::{EXCEPTION, below, is_public_suffix, public_suffix, registrable_domain};

/// Rules that only one of the two lists has: the one here is of 2026-10-31, and that of `psl` 2.1.247 a few days newer.
const DIFFERENCES: [&str; 1] = ["pagelemon.dev"];

static RULES: LazyLock<Vec<String>> = LazyLock::new(|| rules(&list().0).collect());

static MODEL: LazyLock<Model> = LazyLock::new(Model::new);

/// The list's algorithm, word for word, over a set of texts.
struct Model {
    rules: HashSet<&'static str>,
    /// Each proper suffix of a rule, with the length of the shortest rule that ends with it.
    below: HashMap<&'static str, usize>,
}

impl Model {
    fn new() -> Self {
        let rules: HashSet<_> = RULES.iter().map(String::as_str).collect();
        let mut below = HashMap::new();
        for rule in rules.iter().filter(|rule| !rule.starts_with('!')) {
            for domain in parents(rule).skip(1) {
                let shortest = below.entry(domain).or_insert(rule.len());
                *shortest = rule.len().min(*shortest);
            }
        }
        Self { rules, below }
    }

    fn public_suffix<'d>(&self, domain: &'d str) -> &'d str {
        if let Some(exception) = parents(domain).find(|name| self.rules.contains(&*format!("!{name}"))) {
            return parents(exception).nth(1).expect("an exception is below a wildcard");
        }
        let is_rule = |name: &&str| self.rules.contains(name) || self.is_any_label(name);
        parents(domain).find(is_rule).unwrap_or_else(|| parents(domain).last().expect("a label"))
    }

    /// Whether a domain is a public suffix only because of a `*`, and longer rules contain it: `r.cloud.int.apple`, with the rules
    /// `*.cloud.int.apple` and `*.r.cloud.int.apple`. `psl` then overlooks the `*`.
    fn is_named_beside_any(&self, domain: &str) -> bool {
        self.is_any_label(domain) && !self.rules.contains(domain) && self.below.contains_key(domain)
    }

    fn is_any_label(&self, domain: &str) -> bool {
        parents(domain).nth(1).is_some_and(|parent| self.rules.contains(&*format!("*.{parent}")))
    }
}

/// A domain, its parent, and so on: `a.co.uk`, `co.uk`, `uk`.
fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, parent)| parent))
}

/// Three implementations agree about a domain.
fn assert_same(domain: &str) {
    let suffix = public_suffix(domain);
    assert_eq!(suffix, MODEL.public_suffix(domain), "the model's public suffix of {domain}");
    assert_eq!(suffix == domain, is_public_suffix(domain), "{domain} is its own public suffix");
    let theirs = psl::suffix_str(domain);
    if MODEL.is_named_beside_any(suffix) {
        assert_ne!(theirs, Some(suffix), "psl does not overlook {suffix} any more");
    } else if !is_different(domain) {
        assert_eq!(theirs, Some(suffix), "psl's public suffix of {domain}");
    }

    let below = below(domain);
    assert_eq!(
        below.as_ref().map(String::len),
        MODEL.below.get(domain).copied(),
        "below {domain} is {below:?}"
    );
    if let Some(rule) = below {
        assert!(MODEL.rules.contains(&*rule), "{rule} is no rule");
        assert!(rule.ends_with(&format!(".{domain}")), "{rule} is not below {domain}");
        let name = rule.replace('*', "any--label");
        assert!(is_different(&name) || psl::suffix_str(&name) == Some(&*name), "psl does not know {name}");
    }
}

fn is_different(domain: &str) -> bool {
    DIFFERENCES.iter().any(|rule| domain.ends_with(rule))
}

#[test]
fn the_list_is_whole() {
    let (list, _) = list();
    for section in ["ICANN", "PRIVATE"] {
        for mark in ["BEGIN", "END"] {
            assert!(list.contains(&format!("// ==={mark} {section} DOMAINS===")), "{mark} {section}");
        }
    }
    assert!(RULES.len() > 10_000, "{} rules", RULES.len());
    for rule in ["com", "co.uk", "github.io", "*.ck", "!www.ck", "xn--p1ai", "xn--55qx5d.cn"] {
        assert!(MODEL.rules.contains(rule), "{rule}");
    }
}

#[test]
fn a_rule_is_in_punycode_and_has_a_star_as_its_first_label_or_not_at_all() {
    for rule in RULES.iter() {
        let name = rule.strip_prefix("*.").or(rule.strip_prefix('!')).unwrap_or(rule);
        assert!(name.split('.').all(|label| !label.is_empty()), "{rule}");
        assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')), "{rule}");
    }
}

#[test]
fn the_table_has_each_rule_and_no_other() {
    let mut table = HashSet::new();
    let mut ahead = vec![(State::START, Vec::new())];
    while let Some((state, read)) = ahead.pop() {
        for (byte, next) in state.steps() {
            if byte == END {
                let exception = read.strip_suffix(&[EXCEPTION]);
                let rule: String = exception.unwrap_or(&read).iter().rev().copied().map(char::from).collect();
                assert!(table.insert(if exception.is_some() { format!("!{rule}") } else { rule }));
            } else {
                ahead.push((next, [&*read, &[byte]].concat()));
            }
        }
    }
    let table: HashSet<_> = table.iter().map(String::as_str).collect();
    assert_eq!(table.symmetric_difference(&MODEL.rules).next(), None, "only in the table, or not in it");
}

/// So two facts do not matter: a longer rule would be found before an exception, and an exception is never the shortest below a domain.
#[test]
fn an_exception_is_from_a_rule_for_any_label_and_has_no_rule_below_it() {
    for exception in RULES.iter().filter_map(|rule| rule.strip_prefix('!')) {
        assert!(MODEL.is_any_label(exception), "{exception}");
        assert!(!MODEL.below.contains_key(exception), "{exception}");
    }
}

#[test]
fn every_rule_and_the_names_around_it_have_the_same_answers_from_the_model_and_from_psl() {
    MODEL.below.keys().for_each(|domain| assert_same(domain));
    for rule in RULES.iter() {
        let name = rule.trim_start_matches(['!', '*', '.']);
        assert_same(name);
        for front in ["a.", "any--label.", "a.b.", "www.", "a", "-", "0"] {
            assert_same(&format!("{front}{name}"));
        }
        assert_same(name[1..].trim_start_matches('.'));
    }
}

#[test]
fn the_differences_from_psl_are_those_that_are_known() {
    for rule in DIFFERENCES {
        let is_theirs = psl::suffix_str(rule) == Some(rule);
        assert_ne!(is_theirs, is_public_suffix(rule), "{rule} is no difference any more");
    }
}

#[test]
fn the_shortest_rule_below_a_domain_is_found() {
    let cases = [
        ("amazonaws.com", Some("s3.amazonaws.com")),
        ("compute.amazonaws.com", Some("*.compute.amazonaws.com")),
        ("kawasaki.jp", Some("*.kawasaki.jp")),
        ("ck", Some("*.ck")),
        ("core.windows.net", Some("web.core.windows.net")),
        ("s3.amazonaws.com", None),
        ("www.ck", None),
        ("city.kawasaki.jp", None),
        ("example.com", None),
        ("localhost", None),
        ("com.", None),
        ("Amazonaws.com", None),
        ("", None),
        (".", None),
        ("*.ck", None),
        ("ck.*", None),
        ("www.ck!", None),
        ("\0", None),
        ("é", None),
    ];
    for (domain, rule) in cases {
        assert_eq!(below(domain).as_deref(), rule, "{domain:?}");
    }
}

#[test]
fn the_registrable_domain_is_one_label_longer_than_the_public_suffix() {
    let cases = [
        ("a.b.example.co.uk", Some("example.co.uk")),
        ("example.co.uk", Some("example.co.uk")),
        ("co.uk", None),
        ("a.b.foo.ck", Some("b.foo.ck")),
        ("a.www.ck", Some("www.ck")),
        ("a.localhost", Some("a.localhost")),
        ("localhost", None),
        ("", None),
    ];
    for (domain, registrable) in cases {
        assert_eq!(registrable_domain(domain), registrable, "{domain}");
        assert_eq!(psl::domain_str(domain), registrable, "psl, of {domain}");
    }
}

/// A rule's domain, with labels removed, added in front or changed.
fn near_a_rule() -> impl Strategy<Value = String> {
    let label =
        prop_oneof!["[a-z0-9-]{1,3}", "[a-z]{4,9}", Just("www".to_owned()), Just("xn--p1ai".to_owned())];
    let front = prop::collection::vec(label, 0..3);
    let letter = (any::<prop::sample::Index>(), "[a-z0-9.-]");
    (any::<prop::sample::Index>(), front, 0..3_usize, prop::option::of(letter)).prop_map(
        |(rule, front, cut, letter)| {
            let name = rule.get(&RULES).trim_start_matches(['!', '*', '.']);
            let name = parents(name).nth(cut).unwrap_or(name);
            let front = front.iter().map(String::as_str);
            let mut domain = front.chain([name]).collect::<Vec<_>>().join(".");
            if let Some((at, letter)) = letter {
                let at = at.index(domain.len());
                domain.replace_range(at..=at, &letter);
            }
            // Like a host: without empty labels.
            domain.split('.').filter(|label| !label.is_empty()).collect::<Vec<_>>().join(".")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn random_names_around_the_rules_have_the_same_answers_from_the_model_and_from_psl(domain in near_a_rule()) {
        prop_assume!(!domain.is_empty());
        assert_same(&domain);
    }

    #[test]
    fn any_text_has_a_suffix_of_itself_and_no_rule_but_the_lists_below_it(domain in any::<String>()) {
        prop_assert!(domain.ends_with(public_suffix(&domain)));
        prop_assert!(below(&domain).is_none_or(|rule| MODEL.rules.contains(&*rule)));
    }
}
