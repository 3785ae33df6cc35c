//! The account of a request as a terminal shows it.

use std::borrow::Cow;
use std::io::{self, Write};

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LANGUAGE,
    CONTENT_TYPE, HOST, LOCATION, ORIGIN, RANGE, VARY,
};
use http::{HeaderMap, HeaderName, Response};
use tower_cors::browser::Stage;
use tower_cors::{Outcome, Step};

use super::account::{Account, Finding, Verdict};
use super::compare::{Difference, OF_CORS};
use super::judge::Exchange;
use crate::paragraph::{BAD, DOUBTFUL, GOOD, PLAIN, paragraph};
use crate::saved::Reason;
use crate::shown::{shown, shown_value};

/// Request headers with values that matter for CORS. Others may contain secrets: only their names are shown.
const OF_REQUEST: [HeaderName; 9] = [
    HOST,
    ORIGIN,
    ACCESS_CONTROL_REQUEST_METHOD,
    ACCESS_CONTROL_REQUEST_HEADERS,
    ACCEPT,
    ACCEPT_LANGUAGE,
    CONTENT_LANGUAGE,
    CONTENT_TYPE,
    RANGE,
];

/// A request header's value, if it may be shown.
pub(super) fn public_value(name: &HeaderName, value: &http::HeaderValue) -> Option<String> {
    let is_public = OF_REQUEST.contains(name) || name.as_str().starts_with("sec-fetch-");
    is_public.then(|| shown_value(value))
}

/// The response headers that decide about CORS.
pub(super) fn of_cors<B>(response: &Response<B>) -> impl Iterator<Item = (&HeaderName, String)> {
    let is_redirect = response.status().is_redirection();
    let is_of_cors = move |name: &HeaderName| {
        OF_CORS.contains(name) || *name == VARY || (*name == LOCATION && is_redirect)
    };
    let headers = response.headers().iter().filter(move |(name, _)| is_of_cors(name));
    headers.map(|(name, value)| (name, shown_value(value)))
}

/// Writes the account: a sentence, then the exchanges.
pub(crate) fn write(output: &mut impl Write, account: &Account) -> io::Result<()> {
    heading(output, account)?;
    for (index, exchange) in account.exchanges.iter().enumerate() {
        writeln!(output)?;
        write_exchange(output, index + 1, exchange)?;
    }
    if let Some(console) = &account.console {
        writeln!(output)?;
        paragraph(output, 0, ("browser:", PLAIN), console)?;
    }
    for finding in &account.recorded {
        writeln!(output)?;
        write_finding(output, finding)?;
    }
    if let Some(refused) = &account.refused {
        writeln!(output)?;
        paragraph(output, 0, ("recorded:", PLAIN), &format!("the browser said: {}", shown(&refused.words)))?;
        if account.verdict == Verdict::BlockedInFront && account.recorded.is_empty() {
            paragraph(output, 2, ("", PLAIN), advice(&refused.reason))?;
        }
    }
    if !account.caveats.is_empty() {
        writeln!(output)?;
    }
    account.caveats.iter().try_for_each(|caveat| note(output, caveat))
}

/// An assumption or a gap of the account.
pub(crate) fn note(output: &mut impl Write, caveat: &str) -> io::Result<()> {
    paragraph(output, 0, ("note:", DOUBTFUL), caveat)
}

/// The verdict, in a sentence.
pub(crate) fn heading(output: &mut impl Write, account: &Account) -> io::Result<()> {
    let place = if account.place.is_empty() { String::new() } else { format!(" ({})", account.place) };
    let style = match account.verdict {
        Verdict::Unknown(_) => DOUBTFUL,
        _ => match account.verdict.answer() {
            Some(crate::answer::Answer::Yes) => GOOD,
            _ => BAD,
        },
    };
    let label = format!("{}{place}:", word(&account.verdict));
    paragraph(output, 0, (&label, style), &sentence(account))
}

/// `readable`, `blocked` or `unknown`.
pub(super) fn word(verdict: &Verdict) -> &'static str {
    match verdict.answer() {
        Some(crate::answer::Answer::Yes) => "readable",
        Some(crate::answer::Answer::No) => "blocked",
        None => "unknown",
    }
}

/// The result for the request.
pub(super) fn sentence(account: &Account) -> String {
    let subject = &account.subject;
    let request = format!("{} {}", shown(&subject.method), shown(&subject.url));
    let page =
        subject.page.as_deref().map_or("the page".into(), |page| format!("the page at {}", shown(page)));
    let why = || {
        let mut refusing = account.exchanges.iter().map(|exchange| &exchange.explanation);
        let Some((denial, explanation)) = refusing.find_map(|one| Some((one.denial()?, one))) else {
            return String::new();
        };
        let failed = explanation.steps().iter().find(|step| step.outcome() == Outcome::Failed);
        let is_named = |step: &&Step| step.kind().starts_with("requested-");
        let value = failed.filter(is_named).and_then(Step::value).map(|value| format!(" (`{value}`)"));
        format!(": {denial}{}", value.unwrap_or_default())
    };
    match &account.verdict {
        Verdict::Readable if account.is_the_layers_answer() => {
            format!("{page} can read the response to {request}, but the layer itself answers{}", why())
        }
        Verdict::Readable => format!("{page} can read the response to {request}"),
        Verdict::SameOrigin => format!("{request} is a same-origin request of {page}: CORS does not apply"),
        Verdict::PreflightPasses => format!("the preflight of {page} to {} passes", shown(&subject.url)),
        Verdict::Blocked(_) if subject.is_preflight => {
            format!("the preflight of {page} to {} is refused{}", shown(&subject.url), why())
        }
        Verdict::Blocked(Stage::Preflight) => {
            format!(
                "the browser does not send {request} for {page}, because its preflight is refused{}",
                why()
            )
        }
        Verdict::Blocked(Stage::Actual) => {
            format!("the browser sends {request}, but {page} cannot read the response{}", why())
        }
        Verdict::NeverSent => format!("no browser sends {request} for {page}"),
        Verdict::Opaque => format!("{page} cannot read the response to {request}, whatever the policy is"),
        Verdict::BlockedInFront if subject.is_preflight => format!(
            "the preflight of {page} to {} fails: this policy allows it, but something in front answered, or changed the \
             answer",
            shown(&subject.url)
        ),
        Verdict::BlockedInFront => match account.refused.as_ref().map(|refused| &refused.reason) {
            Some(Reason::NotCors) => {
                format!("{page} cannot read the response to {request}, for a reason that is not CORS")
            }
            Some(Reason::NoResponse) if account.recorded.is_empty() => format!(
                "{page} cannot read the response to {request}: this policy allows it, but no response with this policy arrived"
            ),
            _ => format!(
                "{page} cannot read the response to {request}: this policy allows it, but something in front answered, or \
                 changed the answer"
            ),
        },
        Verdict::Unknown(missing) => format!("{request}: {missing}"),
    }
}

fn write_exchange(output: &mut impl Write, number: usize, exchange: &Exchange) -> io::Result<()> {
    let what = if exchange.is_preflight { " (preflight)" } else { "" };
    let request = format!("{} {}{what}", exchange.sent.method(), shown(&exchange.sent.uri().to_string()));
    paragraph(output, 0, (&format!("{number}."), PLAIN), &request)?;
    write_request_headers(output, exchange.sent.headers())?;
    let status = exchange.answered.status().as_u16();
    let who = if exchange.is_preflight
        || exchange.explanation.steps().iter().any(|step| step.kind() == "rejection")
    {
        format!("the layer answers {status}:")
    } else {
        "the layer adds to the service's response:".to_owned()
    };
    let headers: Vec<_> = of_cors(&exchange.answered).collect();
    let none = if headers.is_empty() { " no CORS headers" } else { "" };
    paragraph(output, 3, ("", PLAIN), &format!("{who}{none}"))?;
    for (name, value) in headers {
        paragraph(output, 5, (&format!("{name}:"), PLAIN), &value)?;
    }
    exchange.explanation.steps().iter().try_for_each(|step| write_step(output, step))
}

pub(super) fn write_request_headers(output: &mut impl Write, headers: &HeaderMap) -> io::Result<()> {
    for (name, value) in headers {
        let value = public_value(name, value).map_or(Cow::Borrowed("(value not shown)"), Cow::Owned);
        paragraph(output, 5, (&format!("{name}:"), PLAIN), &value)?;
    }
    Ok(())
}

fn write_step(output: &mut impl Write, step: &Step) -> io::Result<()> {
    let (label, style) = match step.outcome() {
        Outcome::Passed => ("ok  ", GOOD),
        Outcome::Failed => ("FAIL", BAD),
        _ => ("note", PLAIN),
    };
    let value = step.value().map(|value| format!(": `{value}`")).unwrap_or_default();
    paragraph(output, 3, (label, style), &format!("{}{value}", step.title()))?;
    paragraph(output, 8, ("", PLAIN), &step.detail())?;
    for (index, remedy) in step.remedies().iter().enumerate() {
        paragraph(output, 8, (if index == 0 { "fix:" } else { "or:" }, GOOD), &remedy.to_string())?;
    }
    if step.outcome() == Outcome::Failed {
        paragraph(output, 8, ("see", PLAIN), step.standard())?;
    }
    Ok(())
}

fn write_finding(output: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let Finding { is_preflight, response, console, differences, cause, evidence } = finding;
    let which = if *is_preflight { "the preflight's response" } else { "the response" };
    let status = response.status().as_u16();
    let judged = match (differences.is_empty(), console) {
        (true, _) => "is what this policy answers",
        (false, None) => "is not what this policy answers, though a browser accepts it:",
        (false, Some(_)) => "is not what this policy answers:",
    };
    paragraph(output, 0, ("recorded:", PLAIN), &format!("{which} (status {status}) {judged}"))?;
    for difference in differences {
        paragraph(output, 2, (&format!("{}:", difference.of), PLAIN), &instead(difference))?;
    }
    if let Some(cause) = cause {
        paragraph(output, 2, ("", PLAIN), cause)?;
    }
    if !evidence.is_empty() {
        let named: Vec<_> = evidence.iter().map(|(name, value)| format!("`{name}: {value}`")).collect();
        paragraph(output, 2, ("", PLAIN), &format!("Its headers name who answered: {}.", named.join(", ")))?;
    }
    match console {
        // The browser's message about the policy's own answer is above.
        Some(console) if !differences.is_empty() => paragraph(output, 2, ("browser:", PLAIN), console),
        _ => Ok(()),
    }
}

fn instead(Difference { recorded, of_policy, .. }: &Difference) -> String {
    let lines = |lines: &[String]| {
        let quoted: Vec<_> = lines.iter().map(|line| format!("`{line}`")).collect();
        if quoted.is_empty() { "nothing".to_owned() } else { quoted.join(" and ") }
    };
    format!("{}, where the policy has {}", lines(recorded), lines(of_policy))
}

/// What to do if only the browser's message is known.
fn advice(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotCors => {
            "No policy changes that: look at the page's Content Security Policy and the browser's settings."
        }
        Reason::NoResponse => {
            "Check that the server runs and can be reached, and that nothing in front of it ended the connection."
        }
        Reason::PreflightStatus => {
            "Something in front of the layer answered the preflight with an error: authentication, which preflights never \
             pass, or a router without a route for `OPTIONS`. Put the layer in front of it."
        }
        Reason::PreflightRedirected => {
            "Something in front redirects the preflight: to https, to a path with a slash, or to a login page. Answer \
             `OPTIONS` before anything redirects."
        }
        Reason::AllowOriginTwice => {
            "Two layers set `Access-Control-Allow-Origin`. Remove it from the proxy, or from the service behind it."
        }
        _ => {
            "The service runs another policy, something in front of the layer answered (authentication, a limit, a proxy, a \
             cache), or the layer is not around this route. Save the exchange with its response (HAR, or `curl -v`) to see \
             which."
        }
    }
}
