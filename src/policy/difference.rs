//! How two policies differ. Equality uses the same comparison.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use http::header::ORIGIN;

use super::CorsPolicy;
use super::change::{Changed, ChangedEntry, Effect};
use super::rules::{MethodRules, NULL, OriginRules, Origins};
use crate::header::{Allowance, HeaderRules, is_safelisted_to_expose};
use crate::method::is_safelisted;
use crate::origin::{Origin, OriginSet, ServedAt};
use crate::spec::{ANY, MaxAge, Predicate, Spec};

impl CorsPolicy {
    /// The difference between this policy and a new one: what the change opens, and what it closes. Use it for a log entry when a
    /// policy is replaced, or for a review before that.
    ///
    /// An entry that another one covers opens and closes nothing: `https://a.example.com` beside `https://*.example.com`, a method
    /// beside `*`, a header prefix beside a shorter one. The `dangerously_` switches that only
    /// [`build`](crate::CorsPolicyBuilder::build) reads are not compared: they open nothing by themselves. Presets are compared by
    /// the entries that they add to lists.
    ///
    /// A change with an unknown effect counts as opening:
    ///
    /// - Predicates are functions, which cannot be compared. An added one counts as opening, a removed one as closing, and one that
    ///   is kept (a clone, as in [`to_builder`](Self::to_builder)) as neither.
    /// - Regular expressions are compared by their texts. But an exact origin opens and closes nothing if an expression of the other
    ///   policy matches it.
    /// - A newly listed origin counts as opening, even if a predicate allowed it before.
    ///
    /// Not compared: how many header names a preflight may request, since that limit grows with the list; and what pages of the
    /// service's [own origins](crate::CorsPolicyBuilder::served_at) may do.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let old = CorsPolicy::builder().allow_origin("https://*.example.com").build()?;
    /// let new = old.to_builder().allow_origin("https://a.example.com").allow_methods(["PUT"]).build()?;
    /// assert_eq!(old.difference(&new).to_string(), "+ PUT");
    /// assert!(old.difference(&new).widens() && !new.difference(&old).widens());
    /// assert!(old.difference(&old).is_empty());
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[must_use]
    pub fn difference(&self, new: &Self) -> PolicyChange {
        PolicyChange { old: self.clone(), new: new.clone() }
    }
}

impl PartialEq for CorsPolicy {
    fn eq(&self, other: &Self) -> bool {
        entries(self, other).next().is_none()
    }
}

/// The difference between two policies, from [`CorsPolicy::difference`].
///
/// Its `Display` is one line for a log: at most 20 entries, those that open something first.
///
/// ```
/// # use tower_cors::CorsPolicy;
/// let old = CorsPolicy::builder().allow_origin("https://app.example.com").allow_methods(["PATCH"]).build()?;
/// let new = CorsPolicy::builder()
///     .allow_origins(["https://app.example.com", "https://a.example"])
///     .expose_headers(["x-request-id"])
///     .build()?;
/// let change = old.difference(&new);
/// assert_eq!(change.to_string(), "+ https://a.example, + x-request-id in expose_headers, - PATCH");
/// assert!(change.widens());
///
/// let removed = change.entries().find(|entry| entry.closes()).expect("one is removed");
/// assert_eq!((removed.field(), removed.before(), removed.after()), ("allow_methods", Some("PATCH"), None));
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone)]
pub struct PolicyChange {
    // Two references. The entries are computed on demand, so a million origins need no copy.
    old: CorsPolicy,
    new: CorsPolicy,
}

impl PolicyChange {
    /// Whether the two policies are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Whether any entry [opens](ChangedEntry::opens) something: the new policy may allow a request that the old one refuses, or let
    /// a page read more of a response.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.entries().any(|entry| entry.opens())
    }

    /// The entries and values that change, in the order of the builder's methods. Each call compares the policies again; the time
    /// grows with their size.
    pub fn entries(&self) -> impl Iterator<Item = ChangedEntry<'_>> {
        entries(&self.old, &self.new)
    }
}

impl fmt::Debug for PolicyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

/// In the order of the fields.
fn entries<'c>(old: &'c CorsPolicy, new: &'c CorsPolicy) -> impl Iterator<Item = ChangedEntry<'c>> + use<'c> {
    let is_same = Arc::ptr_eq(&old.0, &new.0);
    (!is_same).then(|| of_fields(old, new)).into_iter().flatten().flatten()
}

/// The changes of one field. Boxed: the compiler would otherwise work through the types of all fields again for each use.
type OfField<'c> = Box<dyn Iterator<Item = ChangedEntry<'c>> + Send + Sync + 'c>;

fn of_fields<'c>(old: &'c CorsPolicy, new: &'c CorsPolicy) -> [OfField<'c>; 11] {
    // Every field is named here, so a new field cannot be forgotten.
    let Spec {
        // Compared in the rules.
        allow_origins: _,
        allow_origin_regexes: _,
        allow_credentials: _,
        reject_disallowed_origins: _,
        served_at: _,
        dangerously_allow_null_origin: _,
        allow_methods,
        allow_headers,
        expose_headers,
        max_age,
        preflight_status,
        vary_by,
        // Their entries are in the lists.
        presets: _,
        // They only let a policy be built.
        dangerously_allow_insecure_origins: _,
        dangerously_allow_public_suffixes: _,
    } = new.spec();
    let before = old.spec();
    let (old, new) = (old.rules(), new.rules());
    let (old_origins, new_origins) = (&old.origins, &new.origins);
    let credentials = |origins: &Origins| origins.with_credentials();
    let rejects = |origins: &Origins| origins.reject_disallowed();
    let seconds = |max_age: &Option<MaxAge>| max_age.map(MaxAge::as_secs);
    [
        Box::new(of_origins(old_origins, new_origins)),
        switch(
            "allow_credentials",
            [old_origins, new_origins].map(credentials),
            [Effect::Closes, Effect::Opens],
        ),
        list("allow_methods", &before.allow_methods, allow_methods, |method, other| {
            let passes = is_safelisted(method.as_bytes())
                || (other.has(ANY) && MethodRules::Any.reads(method.as_bytes()));
            (!passes).then_some(Has::Effect)
        }),
        of_headers([&old.headers, &new.headers], &before.allow_headers, allow_headers),
        list("expose_headers", &before.expose_headers, expose_headers, |name, other| {
            (!is_safelisted_to_expose(name) && !other.has(ANY)).then_some(Has::Effect)
        }),
        value("max_age", [&before.max_age, max_age].map(seconds)),
        value("preflight_status", [before.preflight_status, *preflight_status]),
        list("vary_by", &before.vary_by, vary_by, |name, _| {
            (name != ORIGIN.as_str()).then_some(Has::NoEffect)
        }),
        switch(
            "reject_disallowed_origins",
            [old_origins, new_origins].map(rejects),
            [Effect::Opens, Effect::Closes],
        ),
        Box::new(of_served_at(old_origins, new_origins)),
        Box::new(of_null(old_origins, new_origins).into_iter()),
    ]
}

const ALLOW_ORIGINS: &str = "allow_origins";

const REGEXES: &str = "allow_origin_regexes";

/// How a predicate is shown.
const FUNCTION: &str = "a function";

fn of_origins<'c>(old: &'c Origins, new: &'c Origins) -> impl Iterator<Item = ChangedEntry<'c>> + use<'c> {
    let any = match (old, new) {
        (Origins::Listed(_), Origins::Any) => Some(added(ALLOW_ORIGINS, ANY, Effect::Opens)),
        (Origins::Any, Origins::Listed(_)) => Some(removed(ALLOW_ORIGINS, ANY, Effect::Closes)),
        _ => None,
    };
    let listed = both_listed(old, new).into_iter().flat_map(|[old, new]| {
        // Every rule is named here, so a new one cannot be forgotten.
        let OriginRules {
            predicates,
            // Compared by `beyond` and `regexes`.
            set: _,
            regexes: _,
            // Compared by the other functions.
            null: _,
            credentials: _,
            reject_disallowed: _,
            served_at: _,
        } = new;
        let opened = beyond(new, old).map(|text| added(ALLOW_ORIGINS, text, Effect::Opens));
        let closed = beyond(old, new).map(|text| removed(ALLOW_ORIGINS, text, Effect::Closes));
        // Expressions are compared by their texts: whether one covers another is not computed.
        let texts = |one: &'c OriginRules, other: &'c OriginRules| {
            one.regexes().filter(|text| !other.regexes().any(|same| same == *text))
        };
        let expressions = texts(new, old)
            .map(|text| added(REGEXES, text, Effect::Opens))
            .chain(texts(old, new).map(|text| removed(REGEXES, text, Effect::Closes)));
        let of_predicates = |one: &'c [Predicate], other: &'c [Predicate], entry: ChangedEntry<'c>| {
            one.iter().filter(|predicate| !other.contains(predicate)).map(move |_| entry.clone())
        };
        let more =
            of_predicates(predicates, &old.predicates, added("allow_origin_if", FUNCTION, Effect::Opens));
        let less =
            of_predicates(&old.predicates, predicates, removed("allow_origin_if", FUNCTION, Effect::Closes));
        opened.chain(closed).chain(expressions).chain(more).chain(less)
    });
    any.into_iter().chain(listed)
}

/// The listed patterns that match more than the other rules. Expressions are only tested with exact origins.
fn beyond<'c>(one: &'c OriginRules, other: &'c OriginRules) -> impl Iterator<Item = &'c str> {
    one.set.beyond(&other.set).filter(|text| {
        let origin = Origin::from_serialized(text);
        origin.is_none_or(|origin| other.matching_pattern(&origin).is_none())
    })
}

/// With `*`, no other rule about origins has an effect.
fn both_listed<'c>(old: &'c Origins, new: &'c Origins) -> Option<[&'c OriginRules; 2]> {
    match (old, new) {
        (Origins::Listed(old), Origins::Listed(new)) => Some([old, new]),
        _ => None,
    }
}

fn of_null<'c>(old: &'c Origins, new: &'c Origins) -> Option<ChangedEntry<'c>> {
    let [old, new] = both_listed(old, new)?;
    match (old.null, new.null) {
        (false, true) => Some(added("dangerously_allow_null_origin", NULL, Effect::Opens)),
        (true, false) => Some(removed("dangerously_allow_null_origin", NULL, Effect::Closes)),
        _ => None,
    }
}

/// A name that a prefix covers is still a difference: it is in the list that is sent, and the limits on a request grow with that
/// list. It is reported only if the prefix is in both policies: otherwise the prefix itself is reported.
fn of_headers<'c>(rules: [&'c HeaderRules; 2], old: &'c [String], new: &'c [String]) -> OfField<'c> {
    list("allow_headers", old, new, |entry, other| {
        let [old, new] = rules;
        let (of_entry, of_other) = if other.is_old { (new, old) } else { (old, new) };
        let is_covered = match entry.strip_suffix(ANY) {
            Some("") => of_other.are_any(),
            Some(_) => of_other.are_any() || of_other.covering_prefix(entry).is_some(),
            None => of_other.allowance(entry.as_bytes()) != Allowance::None,
        };
        if !is_covered {
            return Some(Has::Effect);
        }
        let covering = |rules: &'c HeaderRules| rules.covering_prefix(entry);
        (covering(of_other).is_some() && covering(of_entry) == covering(of_other)).then_some(Has::NoEffect)
    })
}

/// Own origins keep out requests to other hosts, if the policy rejects requests at all. Without own origins, every host is served.
fn of_served_at<'c>(old: &'c Origins, new: &'c Origins) -> impl Iterator<Item = ChangedEntry<'c>> + use<'c> {
    const FIELD: &str = "served_at";
    let set = |origins: &'c Origins| origins.served_at().map(ServedAt::origins);
    let (before, after) = (set(old), set(new));
    let both_reject = old.reject_disallowed() && new.reject_disallowed();
    let [comes, goes] = match (before, after) {
        _ if !both_reject => [Effect::Neither, Effect::Neither],
        (Some(_), Some(_)) => [Effect::Opens, Effect::Closes],
        _ => [Effect::Closes, Effect::Opens],
    };
    let beyond = |one: Option<&'c OriginSet>, other: Option<&'c OriginSet>| {
        let all = one.filter(|_| other.is_none()).into_iter().flat_map(OriginSet::widest);
        let some = one.zip(other).into_iter().flat_map(|(one, other)| one.beyond(other));
        all.chain(some)
    };
    let more = beyond(after, before).map(move |text| added(FIELD, text, comes));
    more.chain(beyond(before, after).map(move |text| removed(FIELD, text, goes)))
}

/// `[off, on]`: the effects of turning the switch off and on.
fn switch<'c>(field: &'static str, switches: [bool; 2], [off, on]: [Effect; 2]) -> OfField<'c> {
    let [before, after] = switches.map(|switch| Some(Cow::Borrowed(if switch { "true" } else { "false" })));
    set(field, before, after, if switches[1] { on } else { off })
}

/// A number that is sent, and allows nothing by itself.
fn value<'c>(field: &'static str, values: [Option<impl ToString>; 2]) -> OfField<'c> {
    let [before, after] = values.map(|value| value.map(|value| Cow::Owned(value.to_string())));
    set(field, before, after, Effect::Neither)
}

fn set<'c>(
    field: &'static str,
    before: Option<Cow<'c, str>>,
    after: Option<Cow<'c, str>>,
    effect: Effect,
) -> OfField<'c> {
    let is_changed = before != after;
    let changed = ChangedEntry::new(field, Changed::Set { before, after }, effect);
    Box::new(is_changed.then_some(changed).into_iter())
}

/// Whether an entry that only one of two lists has does more than being sent.
enum Has {
    Effect,
    NoEffect,
}

/// One of two lists that are compared.
struct Side<'c> {
    entries: &'c [String],
    /// A set, because a tenant may list a million names, or one name a million times.
    set: HashSet<&'c str>,
    is_old: bool,
}

impl<'c> Side<'c> {
    fn new(entries: &'c [String], is_old: bool) -> Self {
        Self { entries, set: entries.iter().map(String::as_str).collect(), is_old }
    }

    fn has(&self, entry: &str) -> bool {
        self.set.contains(entry)
    }

    /// The entries that the other side does not have, each with its effect according to `tell`.
    fn beyond(&self, other: &Self, tell: &dyn Fn(&str, &Self) -> Option<Has>) -> Vec<(&'c str, Has)> {
        let entries = self.entries.iter().map(String::as_str).filter(|entry| !other.has(entry));
        entries.filter_map(|entry| Some((entry, tell(entry, other)?))).collect()
    }
}

/// Calls `tell` for each entry that the other list does not have. It returns `None` if another entry already reports the change.
fn list<'c>(
    field: &'static str,
    old: &'c [String],
    new: &'c [String],
    tell: impl Fn(&str, &Side<'c>) -> Option<Has>,
) -> OfField<'c> {
    let (old, new) = (Side::new(old, true), Side::new(new, false));
    let effect = |has: &Has, effect| if matches!(has, Has::Effect) { effect } else { Effect::Neither };
    let (more, less) = (new.beyond(&old, &tell), old.beyond(&new, &tell));
    let more = more.into_iter().map(move |(entry, has)| added(field, entry, effect(&has, Effect::Opens)));
    let less = less.into_iter().map(move |(entry, has)| removed(field, entry, effect(&has, Effect::Closes)));
    Box::new(more.chain(less))
}

fn added<'c>(field: &'static str, value: &'c str, effect: Effect) -> ChangedEntry<'c> {
    ChangedEntry::new(field, Changed::Added(value), effect)
}

fn removed<'c>(field: &'static str, value: &'c str, effect: Effect) -> ChangedEntry<'c> {
    ChangedEntry::new(field, Changed::Removed(value), effect)
}
