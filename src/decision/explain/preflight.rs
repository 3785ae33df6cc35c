//! The steps about what a preflight asks for.

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue};

use super::{Remedy, Step};
use crate::decision::Denial;
use crate::decision::preflight::{MethodAllowance, method_allowance};
use crate::header::{Allowance, HeaderProblem, Malformed, Requested, check_requested};
use crate::method;
use crate::policy::CorsPolicy;
use crate::policy::rules::{MethodRules, Rules};
use crate::quoted::{Quoted, text};
use crate::request::RequestHead;
use crate::typo;

const METHOD: (&str, &str) = ("requested method", "https://fetch.spec.whatwg.org/#cors-preflight-fetch");
const HEADERS: (&str, &str) = ("requested headers", "https://fetch.spec.whatwg.org/#cors-preflight-fetch");

pub(super) fn explain(policy: &CorsPolicy, request: RequestHead<'_>, steps: &mut Vec<Step>) {
    let rules = policy.rules();
    let lines = request.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS);
    let Ok(requested) = Requested::new(lines, rules.headers.limits()) else {
        return steps.push(too_many(rules));
    };
    steps.push(requested_method(request, rules));
    requested_headers(&requested, rules, steps);
    steps.push(credentials(rules));
    steps.push(max_age(rules));
}

fn requested_method(request: RequestHead<'_>, rules: &Rules) -> Step {
    let (title, standard) = METHOD;
    let lines: Vec<_> = request.headers().get_all(ACCESS_CONTROL_REQUEST_METHOD).iter().take(2).collect();
    let &[value] = lines.as_slice() else {
        return Step::failed(title, standard, "there is more than one `Access-Control-Request-Method` line")
            .mended_by([Remedy::UseAnotherMethod]);
    };
    let method = value.as_bytes();
    let unusable = |problem| {
        let detail = format!("{} {problem}", Quoted(&text(method)));
        Step::failed(title, standard, detail).mended_by([Remedy::UseAnotherMethod])
    };
    let step = match method_allowance(method, &rules.methods) {
        Ok(MethodAllowance::Safelisted) => {
            Step::passed(title, standard, "it is CORS-safelisted, so that it need not be listed")
        }
        Ok(MethodAllowance::Listed) => Step::passed(title, standard, "it is listed"),
        Ok(MethodAllowance::Covered) => Step::passed(title, standard, "`*` allows it"),
        Err(Denial::ForbiddenMethod) => unusable("is forbidden to every page"),
        Err(Denial::MethodNotAllowed) => unlisted_method(value, &rules.methods),
        Err(_) => unusable("is no method"),
    };
    step.of(method)
}

fn unlisted_method(value: &HeaderValue, methods: &MethodRules) -> Step {
    let (title, standard) = METHOD;
    let method = String::from_utf8_lossy(value.as_bytes());
    let in_other_case = |known: &&str| known.eq_ignore_ascii_case(&method);
    let allowed = methods.listed.iter().map(String::as_str).chain(method::SAFELISTED);
    if let Some(known) = allowed.clone().find(in_other_case).or_else(|| method::well_known(&method)) {
        if known != method {
            let detail = format!(
                "{} is not {}: methods are case-sensitive",
                Quoted(&text(value.as_bytes())),
                Quoted(known)
            );
            return Step::failed(title, standard, detail)
                .mended_by([Remedy::RespellMethod(known.to_owned())]);
        }
    }
    let detail = match methods.listed.iter().find(|listed| typo::is_near(listed, &method)) {
        Some(near) => format!("it is not listed; {} is", Quoted(near)),
        None if methods.listed.is_empty() => {
            "no method is listed, so that only `GET`, `HEAD` and `POST` pass".to_owned()
        }
        None => "it is not listed".to_owned(),
    };
    let remedy = match method::check(&method) {
        Ok(()) => Remedy::AllowMethod(method.into_owned()),
        Err(_) => Remedy::UseAnotherMethod,
    };
    Step::failed(title, standard, detail).mended_by([remedy])
}

/// One step for all that pass, and one for each name that does not.
fn requested_headers(requested: &Requested<'_>, rules: &Rules, steps: &mut Vec<Step>) {
    let (title, standard) = HEADERS;
    let (mut allowed, mut refused): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let outcome = requested.for_each(|name| {
        let names =
            if rules.headers.allowance(name) == Allowance::None { &mut refused } else { &mut allowed };
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    });
    if outcome == Err(Malformed) {
        let detail = "a part of `Access-Control-Request-Headers` is no header name";
        steps.push(Step::failed(title, standard, detail).mended_by([Remedy::SendHeaderNames]));
    }
    if !allowed.is_empty() {
        let detail = if allowed.len() == 1 { "it is allowed" } else { "they are allowed" };
        steps.push(Step::passed(title, standard, detail).of(allowed.join(", ").as_bytes()));
    } else if refused.is_empty() && outcome.is_ok() {
        steps.push(Step::passed(title, standard, "none is asked for"));
    }
    steps.extend(refused.iter().map(|name| unlisted_header(name, rules)));
}

fn unlisted_header(name: &str, rules: &Rules) -> Step {
    let (title, standard) = HEADERS;
    let quoted = Quoted(name);
    let near = || rules.headers.names().find(|listed| typo::is_near(listed, name));
    let (detail, remedy) = match check_requested(name) {
        Err(HeaderProblem::CorsResponse) => (
            format!("{quoted} is a header of responses, which the page sets on its request by mistake"),
            Remedy::LeaveOutHeader(name.to_owned()),
        ),
        Err(problem) => (format!("{quoted} {problem}"), Remedy::LeaveOutHeader(name.to_owned())),
        Ok(()) => {
            let detail = if rules.headers.any() {
                "`*` does not cover `Authorization`: it has to be listed".to_owned()
            } else if let Some(near) = near() {
                format!("{quoted} is not listed; {} is", Quoted(near))
            } else {
                format!("{quoted} is not listed")
            };
            (detail, Remedy::AllowHeader(name.to_owned()))
        }
    };
    Step::failed(title, standard, detail).of(name.as_bytes()).mended_by([remedy])
}

fn too_many(rules: &Rules) -> Step {
    let (title, standard) = HEADERS;
    let limits = rules.headers.limits();
    let (bytes, names) = (limits.bytes(), limits.elements());
    let detail = format!("there is more than this policy reads: {names} names and {bytes} bytes");
    Step::failed(title, standard, detail).mended_by([Remedy::SendFewerHeaders { names, bytes }])
}

fn credentials(rules: &Rules) -> Step {
    let detail = if rules.credentials {
        "they are allowed: a page may use `credentials: \"include\"`"
    } else {
        "they are not allowed: a page that uses `credentials: \"include\"` is refused"
    };
    Step::note("credentials", "https://fetch.spec.whatwg.org/#http-access-control-allow-credentials", detail)
}

fn max_age(rules: &Rules) -> Step {
    let detail = match rules.max_age {
        None => "it is not set, so that browsers ask again after 5 s".to_owned(),
        Some(0) => "browsers ask before every request".to_owned(),
        Some(seconds) => {
            format!("browsers remember the answer for {seconds} s at most, after a change of the policy too")
        }
    };
    Step::note("max-age", "https://fetch.spec.whatwg.org/#http-access-control-max-age", detail)
}
