//! Warnings about origins, and about their switches.

use super::MAX_KEPT;
use super::known::meant_scheme;
use crate::check::danger::{ALLOW_ORIGINS, accepted_form};
use crate::origin::{HostPattern, OriginRegexes, OriginSet, Pattern, Reach, ServedAt};
use crate::policy::rules::Origins;
use crate::policy::{Reason, Warning};
use crate::spec::{ANY, Predicate, Spec};
use crate::typo::is_slip;

const LOCALHOST: &str = "localhost";

/// About entries beside a `*`, which are not compiled.
pub(in crate::check) fn of_any(set: &OriginSet, predicates: &[Predicate], warnings: &mut Vec<Warning>) {
    for text in set.patterns().take(MAX_KEPT) {
        warnings.push(Warning::about(ALLOW_ORIGINS, text, Reason::Covered(ANY.to_owned())));
    }
    if !predicates.is_empty() {
        warnings.push(Warning::of("allow_origin_if", Reason::PredicateBesideAny));
    }
}

pub(super) fn of_listed(spec: &Spec, origins: &Origins) -> impl Iterator<Item = Warning> {
    of_each(listed(origins), ALLOW_ORIGINS, move |text, pattern| doubt(spec, text, pattern))
}

/// The doubt about each pattern by itself; if there is no such doubt, whether another pattern of the list covers it.
fn of_each(
    set: Option<&OriginSet>,
    field: &'static str,
    doubt: impl Fn(&str, &Pattern<'_>) -> Option<Warning>,
) -> impl Iterator<Item = Warning> {
    let patterns = set.into_iter().flat_map(|set| patterns(set).map(move |entry| (set, entry)));
    patterns.filter_map(move |(set, (text, pattern))| {
        let covered = |by: &str| Warning::about(field, text, Reason::Covered(by.to_owned()));
        doubt(text, &pattern).or_else(|| set.covering(text, &pattern).map(covered))
    })
}

/// The texts of a set, each with its parsed pattern.
fn patterns(set: &OriginSet) -> impl Iterator<Item = (&str, Pattern<'_>)> {
    set.patterns().filter_map(|text| Some((text, Pattern::parse(text).ok()?)))
}

/// The doubt about a pattern by itself.
fn doubt(spec: &Spec, text: &str, pattern: &Pattern<'_>) -> Option<Warning> {
    let scheme = pattern.scheme;
    let respelled = |reason, meant| {
        Some(Warning::about(ALLOW_ORIGINS, text, reason).suggesting(accepted_form(spec, meant)))
    };
    if let Some(meant) = meant_scheme(scheme) {
        return respelled(Reason::SchemeTypo, format!("{meant}{}", &text[scheme.len()..]));
    }
    if !may_be_extension(pattern) {
        return Some(Warning::about(ALLOW_ORIGINS, text, Reason::ExtensionId));
    }
    if let Some((reason, meant)) = meant_on_localhost(text, pattern) {
        respelled(reason, meant)
    } else if !spec.dangerously_allow_insecure_origins && is_container(pattern) {
        Some(Warning::about(ALLOW_ORIGINS, text, Reason::SingleLabelHost))
    } else {
        None
    }
}

/// The likely origin for a host that is nearly `localhost`, or an address that only a server listens on.
fn meant_on_localhost(text: &str, pattern: &Pattern<'_>) -> Option<(Reason, String)> {
    let HostPattern::One(host, _) = pattern.host else {
        return None;
    };
    let scheme = pattern.scheme;
    let port = &text[scheme.len() + "://".len() + host.len()..];
    let reason = if is_slip(host, LOCALHOST) && !host.ends_with('.') {
        Reason::HostTypo
    } else if pattern.reach() == Reach::Unspecified {
        Reason::UnspecifiedAddress
    } else {
        return None;
    };
    Some((reason, format!("{scheme}://{LOCALHOST}{port}")))
}

/// About the service's own origins. Containers call each other by names of one label, so those get no warning here.
/// `found` are the warnings from compiling the list.
pub(super) fn of_served_at(origins: &Origins, found: Vec<Warning>, warnings: &mut Vec<Warning>) {
    const FIELD: &str = "served_at";
    let served_at = origins.served_at();
    let most = warnings.len() + MAX_KEPT;
    warnings.extend(found);
    let doubts = of_each(served_at.map(ServedAt::origins), FIELD, |text, pattern| {
        let (reason, meant) = meant_on_localhost(text, pattern)?;
        Some(Warning::about(FIELD, text, reason).suggesting(Some(meant)))
    });
    for doubt in doubts {
        if warnings.len() == most {
            break;
        }
        warnings.push(doubt);
    }
    if served_at.is_some() && !origins.reject_disallowed() && warnings.len() < most {
        warnings.push(Warning::of(FIELD, Reason::RejectsNoHost));
    }
}

/// A container's name, such as `frontend`. Over https, it has a certificate, so it is no accident; and the documentation of the
/// switch says what such a host is.
fn is_container(pattern: &Pattern<'_>) -> bool {
    pattern.is_insecure() && pattern.reach() == Reach::SingleLabel
}

/// Whether a browser could have an extension of this id.
fn may_be_extension(pattern: &Pattern<'_>) -> bool {
    let is_id = match pattern.scheme {
        "chrome-extension" => is_chromium_id,
        "moz-extension" | "safari-web-extension" => is_uuid,
        _ => return true,
    };
    match pattern.host {
        HostPattern::AnyExtension => true,
        HostPattern::Below(_) => false,
        HostPattern::One(host, _) => is_id(host),
    }
}

/// The first 16 bytes of a hash of the extension's key, with the letters `a` to `p` as hexadecimal digits.
fn is_chromium_id(host: &str) -> bool {
    host.len() == 32 && host.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
}

/// RFC 9562, section 4, in either case: Safari writes upper case.
fn is_uuid(host: &str) -> bool {
    let is_hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    host.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && host.split('-').all(is_hexadecimal)
}

/// A switch that is on hides the next mistake: an origin that needs it is not refused.
pub(super) fn of_switches(spec: &Spec, origins: &Origins, warnings: &mut Vec<Warning>) {
    let is_needed = |needs: fn(&Pattern<'_>) -> bool| {
        let mut patterns = listed(origins).into_iter().flat_map(patterns);
        spec.allow_credentials && patterns.any(|(_, pattern)| needs(&pattern))
    };
    let regexes = || regexes(origins);
    let insecure = spec.dangerously_allow_insecure_origins
        && !regexes().is_some_and(OriginRegexes::need_insecure_origins)
        && !is_needed(|pattern| pattern.is_insecure() || meant_scheme(pattern.scheme) == Some("http"));
    let mut own = origins.served_at().into_iter().flat_map(|served_at| patterns(served_at.origins()));
    let public_suffixes = spec.dangerously_allow_public_suffixes
        && !regexes().is_some_and(OriginRegexes::need_public_suffixes)
        && !is_needed(|pattern| pattern.strangers().is_some())
        && !own.any(|(_, pattern)| pattern.strangers().is_some());
    // `*` allows `null` too.
    let null = spec.dangerously_allow_null_origin && listed(origins).is_none();
    for (idle, switch) in [
        (insecure, "dangerously_allow_insecure_origins"),
        (public_suffixes, "dangerously_allow_public_suffixes"),
        (null, "dangerously_allow_null_origin"),
    ] {
        if idle {
            warnings.push(Warning::of(switch, Reason::SwitchWithoutEffect));
        }
    }
}

fn listed(origins: &Origins) -> Option<&OriginSet> {
    match origins {
        Origins::Any => None,
        Origins::Listed(rules) => Some(&rules.set),
    }
}

fn regexes(origins: &Origins) -> Option<&OriginRegexes> {
    match origins {
        Origins::Any => None,
        Origins::Listed(rules) => rules.regexes.as_deref(),
    }
}
