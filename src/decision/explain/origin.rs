//! The steps about whose request it is.

use http::header::{HeaderValue, ORIGIN};

use super::{Outcome, Remedy, Step};
use crate::decision::origin::{self, Verdict};
use crate::decision::{Denial, is_preflight};
use crate::origin::{MAX_COMPARED, Origin, Pattern, nearest, suggest};
use crate::policy::CorsPolicy;
use crate::policy::rules::NULL;
use crate::quoted::{Quoted, text};
use crate::request::RequestHead;

const SERIALIZED: (&str, &str) = ("serialized origin", "https://fetch.spec.whatwg.org/#origin-header");
const ALLOWED: (&str, &str) = ("allowed origin", "https://fetch.spec.whatwg.org/#cors-check");

/// Says whether the origin is allowed.
pub(super) fn explain(
    policy: &CorsPolicy,
    request: RequestHead<'_>,
    verdict: Verdict<'_>,
    denial: Option<Denial>,
    steps: &mut Vec<Step>,
) -> bool {
    if let Verdict::Allowed(value) = verdict {
        allowed(policy, value, steps);
        return true;
    }
    let first_of_refusal = steps.len();
    let value = request.headers().get(ORIGIN).map_or(&[][..], HeaderValue::as_bytes);
    match origin::denial(request) {
        Denial::SeveralOrigins => steps.push(several(request).of(value)),
        Denial::NullOrigin => steps.push(null().of(value)),
        Denial::MalformedOrigin => steps.push(malformed(value)),
        _ => {
            steps.push(well_formed(value));
            if let Some(origin) = Origin::from_bytes(value) {
                steps.push(not_allowed(policy, origin));
            }
        }
    }
    if denial.is_none() {
        // Refused, and yet no browser will be: what failed decides nothing.
        for step in steps[first_of_refusal..].iter_mut().filter(|step| step.outcome == Outcome::Failed) {
            step.outcome = Outcome::Note;
            step.remedies.clear();
        }
        steps.push(not_asked(policy.rules().origins.any));
    }
    // Its response says `*`, which every page may read; a preflight has to be exact.
    policy.rules().origins.any && !is_preflight(request)
}

fn allowed(policy: &CorsPolicy, value: &HeaderValue, steps: &mut Vec<Step>) {
    let rules = &policy.rules().origins;
    let bytes = value.as_bytes();
    let (title, standard) = ALLOWED;
    let detail = if bytes == NULL.as_bytes() {
        if rules.any { "`*` allows it" } else { "`dangerously_allow_null_origin` allows it" }.to_owned()
    } else {
        steps.push(well_formed(bytes));
        allowing_rule(policy, bytes)
    };
    steps.push(Step::passed(title, standard, detail).of(bytes));
}

fn allowing_rule(policy: &CorsPolicy, bytes: &[u8]) -> String {
    let rules = &policy.rules().origins;
    if rules.set.contains_exact(bytes) {
        return "it is listed".to_owned();
    }
    if rules.any {
        return "`*` allows it".to_owned();
    }
    let Some(origin) = Origin::from_bytes(bytes) else {
        return "a rule allows it".to_owned();
    };
    if !rules.set.matches_wildcard(&origin) {
        return "a predicate of `allow_origin_if` allows it".to_owned();
    }
    let covers = |pattern: &&str| Pattern::parse(pattern).is_ok_and(|pattern| pattern.matches(&origin));
    match rules.set.wildcards().take(MAX_COMPARED).find(covers) {
        Some(pattern) => format!("{} covers it", Quoted(pattern)),
        None => "a rule with a wildcard covers it".to_owned(),
    }
}

fn several(request: RequestHead<'_>) -> Step {
    let (title, standard) = SERIALIZED;
    let count = request.headers().get_all(ORIGIN).iter().count();
    Step::failed(
        title,
        standard,
        format!("there are {count} `Origin` lines, and nobody knows which of them counts"),
    )
    .mended_by([Remedy::SendOneOrigin])
}

fn null() -> Step {
    let (title, standard) = ALLOWED;
    let detail = "`null` is what sandboxed frames, `file:` and `data:` pages and some redirected requests send, those of \
                  any web site; no other rule covers it";
    Step::failed(title, standard, detail).mended_by([Remedy::GiveOrigin, Remedy::AllowNullOrigin])
}

fn malformed(value: &[u8]) -> Step {
    let (title, standard) = SERIALIZED;
    let shown = text(value);
    let text = std::str::from_utf8(value).ok();
    let problem = text.and_then(|text| Origin::parse(text).err());
    let detail = match problem {
        Some(problem) => format!("{} {problem}", Quoted(&shown)),
        None => format!("{} is not ASCII", Quoted(&shown)),
    };
    let meant = text.and_then(suggest).filter(|meant| Origin::parse(meant).is_ok());
    Step::failed(title, standard, detail).of(value).mended_by([Remedy::RespellOrigin(meant)])
}

fn well_formed(value: &[u8]) -> Step {
    let (title, standard) = SERIALIZED;
    Step::passed(title, standard, "it is spelled as browsers spell origins").of(value)
}

fn not_allowed(policy: &CorsPolicy, origin: Origin<'_>) -> Step {
    let (title, standard) = ALLOWED;
    let rules = &policy.rules().origins;
    let detail = match nearest(origin, rules.set.patterns()) {
        Some(nearest) => nearest.to_string(),
        None if rules.predicates.is_empty() => "no rule is near it".to_owned(),
        None => "no rule is near it, and no predicate of `allow_origin_if` allows it".to_owned(),
    };
    Step::failed(title, standard, detail)
        .of(origin.as_str().as_bytes())
        .mended_by([allowance(policy, origin)])
}

/// How to allow an origin: as it is, if a policy like this one may.
fn allowance(policy: &CorsPolicy, origin: Origin<'_>) -> Remedy {
    let meant = suggest(origin.as_str());
    let moved = moved(origin, meant.as_deref());
    let candidates = [Some(origin.as_str().to_owned()), meant, moved];
    let accepted = candidates.into_iter().flatten().find(|candidate| policy.accepts_origin(candidate));
    match accepted {
        Some(accepted) if accepted == origin.as_str() => Remedy::AllowOrigin(accepted),
        Some(accepted) => Remedy::MoveTo(accepted),
        None => Remedy::GiveOrigin,
    }
}

/// The host that is meant, over TLS: what an origin is to become that is too dangerous as it is.
fn moved(origin: Origin<'_>, meant: Option<&str>) -> Option<String> {
    if origin.scheme() != "http" {
        return None;
    }
    let host = meant.and_then(|meant| Origin::parse(meant).ok()).unwrap_or(origin).host();
    let port = origin.port().filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("https://{host}{port}"))
}

/// `says_any`: whether every response says `*`.
pub(super) fn not_asked(says_any: bool) -> Step {
    let (title, standard) = ALLOWED;
    let detail = if says_any {
        "the response says `*`, which every page may read"
    } else {
        "the request goes to the very origin that its page comes from, where browsers ask nobody"
    };
    Step::note(title, standard, detail)
}
