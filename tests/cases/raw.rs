//! Requests that no browser sends, and the whole answers.

use http::{HeaderName, HeaderValue, Request};
use libtest_mimic::Failed;
use tower::{Layer as _, ServiceExt as _};
use tower_cors::CorsLayer;

use crate::data::case::build;
use crate::data::exchange::cors;
use crate::data::format::RawCase;
use crate::ensure;

/// The denial, the status and all headers of CORS, which are compared at once.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn is_answered_so(case: &RawCase) -> Result<(), Failed> {
    let policy = build(&case.rules)?;
    let request = request(&case.request);
    let denial = policy.decide(&request).denial().map(|denial| denial.kind().to_owned());
    let inner = tower::service_fn(|_: Request<String>| async {
        Ok::<_, http::Error>(http::Response::new(String::new()))
    });
    let response = CorsLayer::from(policy).layer(inner).oneshot(request).await?;
    let seen = (denial, response.status().as_u16(), cors(response.headers()));
    let expected = (case.denial.clone(), case.status, case.answer.clone());
    ensure(seen == expected, || format!("seen: {seen:?}\nexpected: {expected:?}"))
}

/// The first line is `METHOD target`, the others are headers, whose values can be any bytes: `{3*ab}` is `ababab`.
fn request(lines: &[String]) -> Request<String> {
    let (method, target) = lines[0].split_once(' ').expect("a method and a target");
    let mut request = Request::builder().method(method).uri(target).body(String::new()).expect("a request");
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').expect("a name and a value");
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_bytes(repeated(value.trim_start()).as_bytes()).expect("a header value");
        request.headers_mut().append(name, value);
    }
    request
}

fn repeated(value: &str) -> String {
    let parts = value.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (times, after))) = parts else { return value.to_owned() };
    let (count, text) = times.split_once('*').expect("how often, and what");
    format!("{before}{}{after}", text.repeat(count.parse().expect("a number")))
}
