//! Whose hosts an expression matches: the dangers of an expression in a policy with credentials.
//!
//! The search uses the same automaton that decides about requests, together with one for the grammar of origins. That grammar accepts
//! slightly more than origins, so "no other host matches" is a proof. A text that is found is only shown if it is an origin.

use super::Expression;
use super::automaton::{Automaton, Matches};
use super::grammar::{Facts, Grammar, PORT};
use super::owner::{Owner, ending, public_suffix_between};
use super::search::{Budget, Exhausted, ORIGIN_BYTES, Reader, find};
use crate::origin::{HostPattern, Origin, OriginProblem, Pattern, RegexProblem, host};

/// How many endings the hosts of an expression may have. An expression with more is treated as any origin.
const MAX_ENDINGS: usize = 8;

/// An origin that no policy means to allow.
const ANYBODY: &str = "https://evil.example";

/// The dangers of an expression with credentials.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dangers {
    /// It matches plain `http` to another machine.
    pub(crate) insecure: Option<RegexProblem>,
    /// It matches hosts of more than one owner.
    pub(crate) strangers: Option<RegexProblem>,
    /// It matches hosts with any ending, or the search could not find out which.
    pub(crate) anybody: Option<RegexProblem>,
}

impl From<Exhausted> for RegexProblem {
    fn from(_: Exhausted) -> Self {
        Self::Unproven
    }
}

impl Expression {
    /// Why no origin can match, if this is certain.
    pub(super) fn never_matches(&self, budget: &mut Budget) -> Option<RegexProblem> {
        if let Some(text) = self.parsed.literal() {
            let problem = Origin::parse(text).err()?;
            return Some(RegexProblem::NeverMatches { instead: Some((text.into(), problem)) });
        }
        match self.find_origin(None, |facts, _| facts.is_origin(), budget) {
            Ok(None) => Some(RegexProblem::NeverMatches { instead: self.text_instead(budget) }),
            _ => None,
        }
    }

    /// A text that the expression matches instead of an origin.
    fn text_instead(&self, budget: &mut Budget) -> Option<(Box<str>, OriginProblem)> {
        let printable: Vec<u8> = ORIGIN_BYTES
            .iter()
            .copied()
            .chain((b' '..=b'~').filter(|byte| !ORIGIN_BYTES.contains(byte)))
            .collect();
        let found =
            find([Reader::Needed(&self.automaton)], &printable, |[own]| own.has(0), budget).ok()??;
        let text = String::from_utf8(found).ok()?;
        let problem = Origin::parse(&text).err()?;
        Some((text.into(), problem))
    }

    /// The dangers of this expression.
    pub(crate) fn dangers(&self, budget: &mut Budget) -> Dangers {
        let mut dangers = Dangers::default();
        let found = self.look(&mut dangers, budget);
        if let Err(problem) = found {
            dangers.anybody = Some(problem);
        }
        dangers
    }

    fn look(&self, dangers: &mut Dangers, budget: &mut Budget) -> Result<(), RegexProblem> {
        if let Some(also) = self.find_origin(None, |facts, _| facts.is_insecure(), budget)? {
            let also = well_formed(&also)?.as_str().into();
            dangers.insecure = Some(RegexProblem::Insecure { also });
        }
        let Some(first) = self.find_origin(None, |facts, _| facts.is_remote(), budget)? else {
            return Ok(());
        };
        let first = well_formed(&first)?;
        let owner = Owner::of(&first).ok_or(RegexProblem::Unproven)?;
        let is_other = |facts: Facts, owned: Matches| facts.is_remote() && !owned.has(0);
        let Some(also) = self.find_origin(Some(owner.automaton()), is_other, budget)? else {
            return Ok(());
        };
        let has_any_ending = self.has_any_ending(first, budget)?;
        if has_any_ending && self.lets_in(ANYBODY, &owner) {
            dangers.anybody = Some(RegexProblem::AnyOrigin { also: ANYBODY.into() });
            return Ok(());
        }
        let look_alikes = look_alikes(&first, &owner.host);
        let also = look_alikes.into_iter().find(|text| self.lets_in(text, &owner)).unwrap_or(also);
        let also = well_formed(&also)?;
        let problem = match public_suffix_between(&first, &also) {
            Some(suffix) => RegexProblem::PublicSuffix { also: also.as_str().into(), suffix: suffix.into() },
            None => RegexProblem::Strangers {
                pattern: self.pattern_instead(&owner.host, budget)?,
                also: also.as_str().into(),
            },
        };
        if has_any_ending {
            dangers.anybody = Some(problem);
        } else {
            dangers.strangers = Some(problem);
        }
        Ok(())
    }

    /// Whether the expression matches a text that is an origin of another owner, on another machine.
    fn lets_in(&self, text: &str, owner: &Owner) -> bool {
        let bytes = text.as_bytes();
        let is_remote = || Origin::from_serialized(text).is_some_and(|origin| !origin.host.is_local());
        self.automaton.read(bytes).has(0) && is_remote() && !owner.automaton().read(bytes).has(0)
    }

    /// Whether the hosts that match have more endings than anybody would list.
    fn has_any_ending(&self, first: Origin<'_>, budget: &mut Budget) -> Result<bool, RegexProblem> {
        let mut endings = vec![ending(&first)];
        while endings.len() <= MAX_ENDINGS {
            let known = Automaton::of_texts(&[endings.join("|")]).ok_or(RegexProblem::Unproven)?;
            let is_new = |facts: Facts, known: Matches| facts.is_remote() && !known.has(0);
            let Some(other) = self.find_origin(Some(&known), is_new, budget)? else { return Ok(false) };
            endings.push(ending(&well_formed(&other)?));
        }
        Ok(true)
    }

    /// A pattern for the subdomains of a domain in the expression, if the expression matches everything that the pattern matches.
    fn pattern_instead(&self, domain: &str, budget: &mut Budget) -> Result<Option<Box<str>>, RegexProblem> {
        let text = format!("https://*.{domain}");
        let is_meant = self.text.replace('\\', "").contains(domain);
        let is_safe = || Pattern::parse(&text).is_ok_and(|pattern| pattern.strangers().is_none());
        let may_be_said = is_meant && is_safe() && self.matches_all_of(&text, budget)?;
        Ok(may_be_said.then(|| text.into()))
    }

    /// Whether the expression matches every origin that a pattern matches.
    fn matches_all_of(&self, pattern: &str, budget: &mut Budget) -> Result<bool, RegexProblem> {
        let automaton = pattern_automaton(pattern).ok_or(RegexProblem::Unproven)?;
        let grammar = Grammar::get().ok_or(RegexProblem::Unproven)?;
        let readers =
            [Reader::Needed(&automaton), Reader::Needed(grammar.automaton()), Reader::Asked(&self.automaton)];
        let is_missing =
            |[pattern, facts, own]: [Matches; 3]| pattern.has(0) && Facts(facts).is_origin() && !own.has(0);
        Ok(find(readers, ORIGIN_BYTES, is_missing, budget)?.is_none())
    }

    /// The pattern that matches the same origins, if there is one.
    pub(crate) fn same_pattern(&self, budget: &mut Budget) -> Option<String> {
        let first = self.find_origin(None, |facts, _| facts.is_origin(), budget).ok()??;
        let origin = Origin::from_serialized(&first)?;
        let (scheme, host) = (origin.scheme(), origin.host());
        let parents = host.match_indices('.').map(|(dot, _)| format!("{scheme}://*{}", &host[dot..]));
        let hosts = std::iter::once(format!("{scheme}://{host}")).chain(parents);
        let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
        let mut patterns =
            hosts.take(MAX_PATTERNS).flat_map(|host| [format!("{host}{port}"), format!("{host}:*")]);
        patterns.find(|pattern| {
            let Some(automaton) = pattern_automaton(pattern) else { return false };
            let is_beyond = |facts: Facts, own: Matches| facts.is_origin() && !own.has(0);
            matches!(self.find_origin(Some(&automaton), is_beyond, budget), Ok(None))
                && self.matches_all_of(pattern, budget).unwrap_or(false)
        })
    }

    /// The first origin that matches and that `will_do` accepts, as far as the grammar can tell. `beside` is a third automaton, whose
    /// matches `will_do` also gets.
    fn find_origin(
        &self,
        beside: Option<&Automaton>,
        will_do: impl Fn(Facts, Matches) -> bool,
        budget: &mut Budget,
    ) -> Result<Option<String>, RegexProblem> {
        let grammar = Grammar::get().ok_or(RegexProblem::Unproven)?.automaton();
        let (grammar, own) = (Reader::Needed(grammar), Reader::Needed(&self.automaton));
        let found = match beside {
            Some(beside) => find(
                [grammar, own, Reader::Asked(beside)],
                ORIGIN_BYTES,
                |[facts, own, beside]| own.has(0) && will_do(Facts(facts), beside),
                budget,
            ),
            None => find(
                [grammar, own],
                ORIGIN_BYTES,
                |[facts, own]| own.has(0) && will_do(Facts(facts), Matches::default()),
                budget,
            ),
        };
        Ok(found?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }
}

/// How many patterns are compared with an expression.
const MAX_PATTERNS: usize = 8;

/// Checks a text that the grammar accepts. If it is not an origin, another text might be, and the search does not look for it.
fn well_formed(text: &str) -> Result<Origin<'_>, RegexProblem> {
    Origin::from_serialized(text).ok_or(RegexProblem::Unproven)
}

fn pattern_automaton(text: &str) -> Option<Automaton> {
    let pattern = Pattern::parse(text).ok()?;
    let without_port = text.strip_suffix(":*");
    let escaped = regex_syntax::escape(without_port.unwrap_or(text));
    let host = match pattern.host {
        HostPattern::Below(_) => escaped.replacen(r"\*", r"[^:]+", 1),
        HostPattern::One(..) => escaped,
        HostPattern::AnyExtension => return None,
    };
    let port = if without_port.is_some() { PORT } else { "" };
    Automaton::of_texts(&[host + port])
}

/// Look-alikes of an origin, the clearest first: a stranger could have them, and no author of a policy means them.
fn look_alikes(origin: &Origin<'_>, owned: &str) -> Vec<String> {
    let host = origin.host();
    let (front, behind) = host.split_at(host.rfind(owned).unwrap_or_default());
    let parents = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    let below = parents.filter_map(host::public_suffix_below).map(|suffix| format!("evil.{suffix}"));
    let in_place = |taken: usize| {
        let starts = 0..=host.len().saturating_sub(taken);
        starts.map(move |start| format!("{}evil{}", &host[..start], &host[start + taken..]))
    };
    let mut hosts: Vec<_> = below.chain(in_place(1)).collect();
    let glued = ["evil", "evil-"].map(|evil| format!("{front}{evil}{behind}"));
    hosts.extend(glued.into_iter().chain([format!("{host}.evil.example")]));
    hosts.extend(in_place(0));
    for other in ["x", "-"] {
        let dots = host.match_indices('.');
        hosts.extend(dots.map(|(dot, _)| format!("{}{other}{}", &host[..dot], &host[dot + 1..])));
    }
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    hosts.iter().map(|host| format!("{}://{host}{port}", origin.scheme())).collect()
}
