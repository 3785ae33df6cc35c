//! Suggestions for an expression that is refused.
//!
//! A suggestion is never certain, so it is tested: the policy must accept it, and it may match only origins that the refused
//! expression matches. Only the scheme, and the end of an expression that never matched, may differ.

use super::Expression;
use super::automaton::Matches;
use super::grammar::{Facts, Grammar};
use super::search::{Budget, ORIGIN_BYTES, Reader, find};
use crate::origin::RegexProblem;

/// The expression that was probably meant, for one of the usual mistakes. `is_accepted`: whether the policy may have it.
pub(crate) fn suggest(
    text: &str,
    problem: &RegexProblem,
    budget: &mut Budget,
    is_accepted: impl Fn(&Expression, &mut Budget) -> bool,
) -> Option<String> {
    let bases: Vec<String> = match problem {
        RegexProblem::NeverMatches { .. } => without_surroundings(text).collect(),
        RegexProblem::Insecure { .. } => over_tls(text).collect(),
        RegexProblem::Strangers { .. }
        | RegexProblem::PublicSuffix { .. }
        | RegexProblem::AnyOrigin { .. } => std::iter::once(text.to_owned()).chain(over_tls(text)).collect(),
        _ => return None,
    };
    bases.iter().find_map(|base| {
        let meant = Expression::compile(base, budget).ok()?;
        let with_port = with_whole_port(base);
        let escaped = with_escaped_dots(&with_port);
        let bounded = with_boundary(&with_port);
        let both = with_boundary(&escaped);
        [base.clone(), with_port, escaped, bounded, both]
            .into_iter()
            .filter(|candidate| candidate != text)
            .find(|candidate| {
                Expression::compile(candidate, budget).is_ok_and(|candidate| {
                    is_accepted(&candidate, budget) && candidate.is_covered_by(&meant, budget)
                })
            })
    })
}

impl Expression {
    /// Whether another expression matches every origin that this one matches.
    fn is_covered_by(&self, other: &Self, budget: &mut Budget) -> bool {
        let Some(grammar) = Grammar::get() else { return false };
        let readers = [
            Reader::Needed(grammar.automaton()),
            Reader::Needed(&self.automaton),
            Reader::Asked(&other.automaton),
        ];
        let is_beyond =
            |[facts, own, other]: [Matches; 3]| Facts(facts).is_origin() && own.has(0) && !other.has(0);
        matches!(find(readers, ORIGIN_BYTES, is_beyond, budget), Ok(None))
    }
}

/// Without the delimiters of JavaScript and without a path, which no origin has; with a scheme.
fn without_surroundings(text: &str) -> impl Iterator<Item = String> {
    let inside =
        text.strip_prefix('/').and_then(|text| text.trim_end_matches(['i', 'g', 'm', 'u']).strip_suffix('/'));
    let text = inside.unwrap_or(text);
    let trimmed = text.strip_suffix('$').unwrap_or(text);
    let ends = ["/", r"\/", "/?", r"\/?", "/.*", r"\/.*", "/*", "(/.*)?", "(/|$)", r"(\/.*)?"];
    let origin = ends.iter().find_map(|end| trimmed.strip_suffix(end)).unwrap_or(trimmed).to_owned();
    let lacks_scheme = origin.contains('.') && !origin.contains("//") && !origin.contains(r"\/\/");
    let with_scheme = lacks_scheme.then(|| format!("https://{}", origin.trim_start_matches('^')));
    std::iter::once(origin).chain(with_scheme)
}

/// With `https` instead of `http`.
fn over_tls(text: &str) -> impl Iterator<Item = String> {
    let insecure =
        ["https?:", "http(s)?:", "(https?):", "(?:https?):", "(http|https):", "(https|http):", "http:"];
    insecure
        .into_iter()
        .filter(|scheme| text.contains(scheme))
        .map(|scheme| text.replacen(scheme, "https:", 1))
}

/// With a backslash before each dot that stands for one character.
fn with_escaped_dots(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut is_in_class = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                escaped.push(char);
                escaped.extend(chars.next());
                continue;
            }
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '.' if !is_in_class
                && !chars.peek().is_some_and(|next| matches!(next, '*' | '+' | '?' | '{')) =>
            {
                escaped.push('\\');
            }
            _ => {}
        }
        escaped.push(char);
    }
    escaped
}

/// With a dot between "any text" and the domain after it.
fn with_boundary(text: &str) -> String {
    let mut bounded = text.to_owned();
    for (any, instead) in [("(.*)", r"(.+\.)?"), (".*", r"(.+\.)?"), ("(.+)", r".+\."), (".+", r".+\.")] {
        let Some((front, behind)) = text.split_once(any) else { continue };
        if front.ends_with("//") && behind.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            bounded = format!("{front}{instead}{behind}");
            break;
        }
    }
    bounded
}

/// With a colon before each port.
fn with_whole_port(text: &str) -> String {
    let loose = [r":?\d*", r":?\d+", ":?[0-9]*", ":?[0-9]+", r":*\d*", ":?(\\d+)?"];
    let replaced =
        loose.iter().find_map(|port| Some(text.replacen(port, r"(:\d+)?", 1)).filter(|new| new != text));
    replaced.unwrap_or_else(|| text.to_owned())
}
