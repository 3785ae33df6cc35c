//! Entries that are legal but look like mistakes.
//!
//! Compiling drops entries without effect, such as names beside a `*`: warnings about those are found when the policy is built, and
//! kept with it. Origins are all kept, and there may be a million: warnings about them are found on request.

mod known;
mod lists;
mod origins;

use super::danger::ALLOW_ORIGINS;
use crate::header::{HeaderRules, check_exposed, check_requested_name, check_varying};
use crate::policy::rules::Origins;
use crate::policy::{CorsPolicy, Reason, Warning};
use crate::spec::{MaxAge, Spec};

pub(super) use self::origins::of_any;

/// How many warnings about one list a policy keeps: a tenant may write a name a million times.
pub(super) const MAX_KEPT: usize = 100;

impl CorsPolicy {
    /// Entries that are legal but look like mistakes, in the order of the builder's fields. The policy works with them. Log one line
    /// for each when the program starts.
    ///
    /// - An entry without effect: a name beside a `*`; an entry that a wider one covers; the same entry twice; a `dangerously_`
    ///   switch that nothing needs.
    /// - A scheme, method or header that is one typo away from a well-known one: `htps`, `PACTH`, `authorisation`.
    /// - A host that no public page has: `http://local_host`, `http://frontend:3000`, `http://0.0.0.0:3000`.
    /// - An extension whose id is not valid: `chrome-extension://my-extension`.
    /// - A max-age of less than a second.
    /// - A service's [own origins](crate::CorsPolicyBuilder::served_at) where nothing is rejected.
    ///
    /// Each call checks all origins again. For each list, at most 100 of the entries that `build` drops, such as duplicates, have a
    /// warning. [`to_builder`](Self::to_builder) does not return those entries, so a policy built from it has fewer warnings.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("htps://app.example.com")
    ///     .allow_headers(["authorisation"])
    ///     .build()?;
    /// assert!(policy.warnings().map(|warning| warning.to_string()).eq([
    ///     "allow_origins: `htps://app.example.com` has an unknown scheme, similar to a well-known one; \
    ///      did you mean `https://app.example.com`?",
    ///     "allow_headers: `authorisation` is not a well-known header, but similar to one; did you mean `authorization`?",
    /// ]));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        all(self.kept_warnings(), self.spec(), &self.rules().origins)
    }
}

/// The kept warnings, with those about listed origins in their place.
pub(super) fn all(kept: &[Warning], spec: &Spec, origins: &Origins) -> impl Iterator<Item = Warning> {
    let (of_origins, others) =
        kept.split_at(kept.partition_point(|warning| warning.field() == ALLOW_ORIGINS));
    let found = origins::of_listed(spec, origins);
    of_origins.iter().cloned().chain(found).chain(others.iter().cloned())
}

/// The warnings that a compiled policy no longer shows, added to those found while each list of origins was compiled. `spec` is as
/// it was written.
pub(super) fn of_written(
    spec: &Spec,
    origins: &Origins,
    headers: &HeaderRules,
    mut of_origins: Vec<Warning>,
    of_regexes: Vec<Warning>,
    of_served_at: Vec<Warning>,
) -> Box<[Warning]> {
    let warnings = &mut of_origins;
    warnings.extend(of_regexes.into_iter().take(MAX_KEPT));
    lists::of_methods(&spec.allow_methods, warnings);
    lists::of_headers("allow_headers", &spec.allow_headers, Some(headers), check_requested_name, warnings);
    lists::of_headers("expose_headers", &spec.expose_headers, None, check_exposed, warnings);
    warnings.extend(spec.max_age.and_then(of_max_age));
    lists::of_headers("vary_by", &spec.vary_by, None, check_varying, warnings);
    origins::of_served_at(origins, of_served_at, warnings);
    origins::of_switches(spec, origins, warnings);
    of_origins.into_boxed_slice()
}

/// A policy counts in whole seconds. `Duration::from_millis(600)` was probably meant to be ten minutes.
fn of_max_age(MaxAge(max_age): MaxAge) -> Option<Warning> {
    let is_cut_to_nothing = max_age.as_secs() == 0 && !max_age.is_zero();
    is_cut_to_nothing.then(|| Warning::of("max_age", Reason::MaxAgeBelowSecond(max_age)))
}
