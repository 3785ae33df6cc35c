//! A recorded response, compared with the policies' answer.

use std::convert::Infallible;
use std::future::ready;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::policy_file::PolicyFile;
use crate::shown::shown_value;

/// The response headers of CORS.
pub(super) const OF_CORS: [HeaderName; 6] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_EXPOSE_HEADERS,
];

/// A difference between a recorded response and the policies' answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    /// A header's name, or `status`.
    pub(crate) of: String,
    /// Each line. Empty if the header is missing.
    pub(crate) recorded: Vec<String>,
    pub(crate) of_policy: Vec<String>,
}

/// The layer's answer to the request, if the service gives this response.
pub(super) fn of_policies(file: &PolicyFile, request: &Request<()>, response: &Response<()>) -> Response<()> {
    let service = service_fn(|_| ready(Ok::<_, Infallible>(response.clone())));
    let Ok(answered) = pollster::block_on(file.layer().layer(service).oneshot(request.clone()));
    answered
}

/// How a response differs from the layer's, in what concerns CORS.
pub(super) fn differences(
    file: &PolicyFile,
    request: &Request<()>,
    recorded: &Response<()>,
) -> Vec<Difference> {
    let of_policy = of_policies(file, request, recorded);
    let status = |response: &Response<()>| vec![response.status().as_u16().to_string()];
    let mut differences = Vec::new();
    if recorded.status() != of_policy.status() {
        let of = "status".to_owned();
        differences.push(Difference { of, recorded: status(recorded), of_policy: status(&of_policy) });
    }
    for name in OF_CORS {
        let (of_record, expected) = (recorded.headers(), of_policy.headers());
        let is_same = match name {
            ACCESS_CONTROL_ALLOW_ORIGIN | ACCESS_CONTROL_ALLOW_CREDENTIALS | ACCESS_CONTROL_MAX_AGE => {
                of_record.get_all(&name) == expected.get_all(&name)
            }
            ACCESS_CONTROL_EXPOSE_HEADERS if lists_all_headers(file, request) => {
                // A server adds its own headers after the layer has listed those of the service.
                let listed = members(expected, &name);
                members(of_record, &name).iter().all(|name| listed.contains(name))
            }
            _ => members(of_record, &name) == members(expected, &name),
        };
        if !is_same {
            differences.push(Difference {
                recorded: lines(of_record, &name),
                of_policy: lines(expected, &name),
                of: name.to_string(),
            });
        }
    }
    let varies_by = members(recorded.headers(), &VARY);
    let is_missing = |name: String| !varies_by.contains(&name) && !varies_by.contains(&"*".to_owned());
    if members(of_policy.headers(), &VARY).into_iter().any(is_missing) {
        differences.push(Difference {
            of: VARY.to_string(),
            recorded: lines(recorded.headers(), &VARY),
            of_policy: lines(of_policy.headers(), &VARY),
        });
    }
    differences
}

/// Whether the policies expose all headers by listing those of each response.
fn lists_all_headers(file: &PolicyFile, request: &Request<()>) -> bool {
    const ANY_NAME: &str = "x-only-in-this-response";
    let mut response = Response::new(());
    response.headers_mut().insert(ANY_NAME, HeaderValue::from_static("1"));
    let answered = of_policies(file, request, &response);
    members(answered.headers(), &ACCESS_CONTROL_EXPOSE_HEADERS).iter().any(|name| name == ANY_NAME)
}

pub(super) fn lines(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers.get_all(name).iter().map(shown_value).collect()
}

/// The members of a list, in lower case and in order.
pub(super) fn members(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let members = lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let mut members: Vec<_> = members.filter(|name| !name.is_empty()).collect();
    members.sort_unstable();
    members
}
