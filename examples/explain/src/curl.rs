//! What `curl -v` printed: requests, each with the response that came, held against what the policy would have answered.

use std::convert::Infallible;
use std::future::ready;
use std::io::Write;
use std::str::FromStr;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap,
    HeaderName, HeaderValue, VARY,
};
use http::{Request, Response, StatusCode};
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Explanation};

use super::{Error, policies};

const OF_CORS: [HeaderName; 6] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_EXPOSE_HEADERS,
];

#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) request: Request<()>,
    pub(crate) response: Option<Response<()>>,
}

/// Says whether the policy denies none of the requests, and no response was another one's.
pub(crate) async fn explain(
    policies: &[CorsPolicy],
    text: &str,
    output: &mut impl Write,
) -> Result<bool, Error> {
    let exchanges = parse(text)?;
    if exchanges.is_empty() {
        return Err(
            "it is neither `fetch(...)` nor the output of `curl -v`, whose request lines begin with `>`"
                .into(),
        );
    }
    let layer = policies::layer(policies);
    let mut is_fine = true;
    for Exchange { request, response } in &exchanges {
        writeln!(output, "{} {}", request.method(), request.uri())?;
        let explanation = Explanation::by_first_match(policies, request);
        writeln!(output, "{explanation}")?;
        is_fine &= explanation.denial().is_none();
        if let Some(response) = response {
            let differences = differences(&layer, request, response).await;
            if differences.is_empty() {
                writeln!(output, "the response is what this policy answers")?;
            } else {
                is_fine = false;
                writeln!(
                    output,
                    "the response is not what this policy answers: something in front answered, or changed it"
                )?;
                differences.iter().try_for_each(|difference| writeln!(output, "  {difference}"))?;
            }
            writeln!(output)?;
        }
    }
    Ok(is_fine)
}

/// Reads the lines that begin with `>` and `<`; the others are curl's own words.
pub(crate) fn parse(text: &str) -> Result<Vec<Exchange>, Error> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}: {line:.100?}", index + 1);
        if let Some(line) = line.strip_prefix('>').map(str::trim) {
            match (split_header(line), exchanges.last_mut()) {
                _ if line.is_empty() => {}
                (Some((name, value)), Some(exchange)) => {
                    exchange.request.headers_mut().append(name, value);
                }
                _ => exchanges.push(Exchange {
                    request: request_line(line)
                        .ok_or_else(|| wrong("it is neither a request line nor a header"))?,
                    response: None,
                }),
            }
        } else if let Some(line) = line.strip_prefix('<').map(str::trim) {
            let exchange =
                exchanges.last_mut().ok_or_else(|| wrong("there is no request that this answers"))?;
            match (split_header(line), &mut exchange.response) {
                _ if line.is_empty() => {}
                (Some((name, value)), Some(response)) => {
                    response.headers_mut().append(name, value);
                }
                // Of several, such as `100 Continue` before the answer, the last one counts.
                (_, response) => {
                    *response = Some(
                        status_line(line).ok_or_else(|| wrong("it is neither a status line nor a header"))?,
                    );
                }
            }
        }
    }
    Ok(exchanges)
}

fn request_line(line: &str) -> Option<Request<()>> {
    let mut words = line.split_ascii_whitespace();
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let request = Request::builder().method(method).uri(target).body(()).ok()?;
    version.starts_with("HTTP/").then_some(request)
}

fn status_line(line: &str) -> Option<Response<()>> {
    let mut words = line.split_ascii_whitespace();
    let status = words.next().filter(|version| version.starts_with("HTTP/")).and(words.next())?;
    Response::builder().status(StatusCode::from_str(status).ok()?).body(()).ok()
}

fn split_header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.parse().ok()?, value.trim().parse().ok()?))
}

/// How a response differs from the layer's, as far as CORS is concerned.
async fn differences(layer: &CorsLayer, request: &Request<()>, received: &Response<()>) -> Vec<String> {
    // The service's own answer, which the layer decorates: what it says already stays as it is.
    let service = service_fn(|_| ready(Ok::<_, Infallible>(received.clone())));
    let Ok(expected) = layer.layer(service).oneshot(request.clone()).await;
    let mut differences = Vec::new();
    if received.status() != expected.status() {
        differences.push(format!(
            "status: {}, not {}",
            received.status().as_u16(),
            expected.status().as_u16()
        ));
    }
    for name in OF_CORS {
        let (received, expected) = (lines(received.headers(), &name), lines(expected.headers(), &name));
        if received != expected {
            differences.push(format!("{name}: {received}, not {expected}"));
        }
    }
    let varies_by = members(received.headers());
    let missing = members(expected.headers()).into_iter().filter(|name| !varies_by.contains(name));
    differences.extend(missing.map(|name| format!("vary: without {name}")));
    differences
}

fn lines(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines: Vec<_> = headers.get_all(name).iter().map(|value| format!("{value:.100?}")).collect();
    if lines.is_empty() { "nothing".to_owned() } else { lines.join(" and ") }
}

fn members(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(VARY).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}
