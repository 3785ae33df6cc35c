//! A request without a policy: what the browser sends, the answers that it needs, and what it does with the recorded answers.

use std::io::{self, Write};

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderName, Method, Request};
use toml_edit::{Array, DocumentMut, value};
use tower_cors::CorsPolicy;
use tower_cors::browser::Credentials;

use super::account::{MISSING_ORIGIN, of_question};
use super::asked::{Asked, Case, asked_by};
use super::judge::{self, Outcome, Received};
use super::text::{self, write_request_headers};
use crate::answer::{Answer, Failure};
use crate::paragraph::{BAD, DOUBTFUL, GOOD, PLAIN, paragraph};
use crate::policy_file::{Format, PolicyFile};
use crate::question::Question;
use crate::saved::Recorded;
use crate::shown::shown;

/// Explains each request. The answer is whether a browser accepts the recorded responses, and yes without recorded responses.
pub(super) fn explain(output: &mut impl Write, cases: Vec<Case>) -> Result<Answer, Failure> {
    let mut answer = Answer::Yes;
    for (index, case) in cases.into_iter().enumerate() {
        if index > 0 {
            writeln!(output)?;
        }
        answer = answer.and(explain_one(output, case)?);
    }
    Ok(answer)
}

fn explain_one(output: &mut impl Write, case: Case) -> Result<Answer, Failure> {
    let Case { place, asked, recorded, caveats } = case;
    let of_place = |failure: Failure| if place.is_empty() { failure } else { failure.about(&place) };
    let (question, recorded) = match asked {
        Asked::Preflight(request) => {
            let question = asked_by(&request)
                .ok_or_else(|| of_place(Failure::new("the preflight is not one that a browser sends")))?;
            (question, Recorded { preflight: recorded.response, ..Recorded::default() })
        }
        Asked::Page(page) => {
            let origin = page.origin.as_deref().ok_or_else(|| of_place(Failure::new(MISSING_ORIGIN)))?;
            (page.question(origin, page.credentials.unwrap_or_default()), recorded)
        }
    };
    let received = judge::judge_with_all_allowed(&question)?;
    let request = format!("{} {}", shown(&question.method), shown(&question.url));
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    let sentence = match (&received.outcome, received.sent.as_slice()) {
        (Outcome::NeverSent(mistake), _) => {
            paragraph(
                output,
                0,
                ("blocked:", BAD),
                &format!("{place}no browser sends {request}: {mistake}"),
            )?;
            return Ok(Answer::No);
        }
        (Outcome::Read { is_same_origin: true }, _) => {
            paragraph(
                output,
                0,
                ("needs:", GOOD),
                &format!("{place}no policy: {request} is a same-origin request"),
            )?;
            return Ok(Answer::Yes);
        }
        (_, [_]) => format!("{place}no preflight; the response to {request} must allow the page's origin"),
        _ => format!("{place}a preflight, before the browser sends {request}"),
    };
    paragraph(output, 0, ("needs:", DOUBTFUL), &sentence)?;
    for (index, sent) in received.sent.iter().enumerate() {
        let request = format!("{} {}", sent.method(), shown(&sent.uri().to_string()));
        writeln!(output)?;
        paragraph(output, 0, (&format!("{}.", index + 1), PLAIN), &request)?;
        write_request_headers(output, sent.headers())?;
    }
    writeln!(output)?;
    write_policy(output, &question, &received.sent)?;
    let answer = write_recorded(output, &question, &recorded, received.sent.len() > 1)?;
    if !caveats.is_empty() {
        writeln!(output)?;
    }
    caveats.iter().try_for_each(|caveat| text::note(output, caveat))?;
    Ok(answer)
}

/// The policy that allows this, and nothing else.
fn write_policy(output: &mut impl Write, question: &Question, sent: &[Request<()>]) -> io::Result<()> {
    let requested = |name: &HeaderName| {
        let value = sent.first().and_then(|sent| sent.headers().get(name))?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let origin = requested(&ORIGIN).unwrap_or_default();
    let is_safelisted = |method: &String| {
        [Method::GET, Method::HEAD, Method::POST].iter().any(|other| other == method.as_str())
    };
    let methods: Vec<_> = requested(&ACCESS_CONTROL_REQUEST_METHOD)
        .into_iter()
        .filter(|method| !is_safelisted(method))
        .collect();
    let headers = requested(&ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let headers: Vec<_> = headers.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let has_credentials = question.credentials == Credentials::Include;
    let policy = CorsPolicy::builder().allow_origin(origin.as_str()).allow_credentials(has_credentials);
    if let Err(error) = policy.allow_methods(&methods).allow_headers(&headers).build() {
        paragraph(output, 0, ("", PLAIN), "A policy that allows exactly this is not valid:")?;
        return error.issues().try_for_each(|issue| paragraph(output, 2, ("-", PLAIN), &issue.to_string()));
    }
    let mut document = DocumentMut::new();
    let mut list = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            document[name] = value(Array::from_iter(values));
        }
    };
    list("allow_origins", vec![origin]);
    list("allow_methods", methods);
    list("allow_headers", headers);
    if has_credentials {
        document["allow_credentials"] = value(true);
    }
    paragraph(
        output,
        0,
        ("", PLAIN),
        "If this page is yours, this policy allows the request, and nothing more:",
    )?;
    writeln!(output)?;
    document.to_string().lines().try_for_each(|line| writeln!(output, "    {line}"))
}

/// What a browser does with the recorded responses.
fn write_recorded(
    output: &mut impl Write,
    question: &Question,
    recorded: &Recorded,
    needs_preflight: bool,
) -> Result<Answer, Failure> {
    let Recorded { preflight, response, blocked } = recorded;
    let mut answer = Answer::Yes;
    let preflight =
        preflight.iter().map(|preflight| (judge::judge_preflight_response(question, preflight), "preflight"));
    let shows_response = response.is_some();
    let response = response.iter().map(|response| (judge::judge_response(question, response), "request"));
    for (received, what) in preflight.chain(response) {
        let Received { outcome, .. } = received?;
        let sentence = match &outcome {
            Outcome::Blocked(blocked) => blocked.to_string(),
            _ => format!("a browser accepts the response to the {what}"),
        };
        answer = answer.and((!matches!(outcome, Outcome::Blocked(_))).into());
        writeln!(output)?;
        paragraph(output, 0, ("recorded:", PLAIN), &sentence)?;
    }
    if needs_preflight && shows_response && recorded.preflight.is_none() {
        paragraph(output, 2, ("", PLAIN), "the text does not show the response to the preflight")?;
    }
    if let Some(blocked) = blocked {
        answer = Answer::No;
        writeln!(output)?;
        paragraph(output, 0, ("recorded:", PLAIN), &format!("the browser said: {}", shown(&blocked.words)))?;
    }
    Ok(answer)
}

const SAMPLE_POLICY: &str = r#"allow_origins = ["https://app.example.com", "https://*.preview.example.com"]
allow_methods = ["PUT"]
allow_headers = ["content-type"]
"#;

/// Shows an example answer.
pub(super) fn show_example(output: &mut impl Write) -> Result<Answer, Failure> {
    let policy = toml_edit::de::from_str(SAMPLE_POLICY).map_err(|error| Failure::new(error.to_string()))?;
    let file = PolicyFile {
        name: "an example".to_owned(),
        text: SAMPLE_POLICY.to_owned(),
        format: Format::Toml,
        policies: vec![policy],
    };
    let question = Question {
        page: "https://preview.example.com".to_owned(),
        method: "GET".to_owned(),
        url: "https://api.example.com/items".to_owned(),
        headers: vec![("x-request-id".to_owned(), "1".to_owned())],
        ..Question::default()
    };
    paragraph(output, 0, ("", PLAIN), "An example. With this policy:")?;
    writeln!(output)?;
    SAMPLE_POLICY.lines().try_for_each(|line| writeln!(output, "    {line}"))?;
    writeln!(output)?;
    let asks = format!(
        "a page at {} asks {} with a header `x-request-id`. `tower-cors explain --help` has more examples.",
        question.page, question.url
    );
    paragraph(output, 0, ("", PLAIN), &asks)?;
    writeln!(output)?;
    text::write(output, &of_question(&file, &question, &Recorded::default())?)?;
    Ok(Answer::Yes)
}
