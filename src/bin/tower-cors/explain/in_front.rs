//! Who probably answered, if it was not the policy.

use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, LOCATION, ORIGIN, VARY};
use http::{HeaderMap, HeaderName, Request, Response};

use super::compare::{Difference, lines, members};

/// Headers by which proxies, caches and servers name themselves.
const NAMING: [&str; 13] = [
    "server",
    "via",
    "x-powered-by",
    "x-cache",
    "x-cache-hits",
    "age",
    "cf-ray",
    "cf-cache-status",
    "x-amz-cf-id",
    "x-amzn-requestid",
    "x-served-by",
    "x-varnish",
    "x-envoy-upstream-service-time",
];

/// The headers by which a response says who made it.
pub(super) fn evidence(response: &Response<()>) -> Vec<(HeaderName, String)> {
    let named = NAMING.into_iter().map(HeaderName::from_static);
    named
        .flat_map(|name| lines(response.headers(), &name).into_iter().map(move |line| (name.clone(), line)))
        .collect()
}

/// The probable cause of the differences of a response: who answered, and what to do.
pub(super) fn cause(
    request: &Request<()>,
    is_preflight: bool,
    recorded: &Response<()>,
    differences: &[Difference],
) -> String {
    let differs = |name: &str| differences.iter().any(|difference| difference.of == name);
    if differs(ACCESS_CONTROL_ALLOW_ORIGIN.as_str()) {
        return match lines(recorded.headers(), &ACCESS_CONTROL_ALLOW_ORIGIN).as_slice() {
            [] => without_cors(is_preflight, recorded),
            [origin] if !origin.contains(',') => {
                another_origin(request, recorded.headers(), origin).to_owned()
            }
            _ => TWO_LAYERS.to_owned(),
        };
    }
    let cause = if is_preflight && differs("status") {
        "Something in front of the layer changes the status of its answers, or sets the CORS headers by itself."
    } else if differences.iter().all(|difference| difference.of == VARY.as_str()) {
        "Something in front removes names from `Vary`. A cache may then give one page the response to another."
    } else {
        "Something in front sets CORS headers of its own, or the service runs another policy."
    };
    cause.to_owned()
}

const TWO_LAYERS: &str = "Two layers set `Access-Control-Allow-Origin`, and browsers accept only one. Remove it from the \
                          proxy, or from the service behind it.";

/// The cause if the response has no `Access-Control-Allow-Origin`, and the policy would send one.
fn without_cors(is_preflight: bool, recorded: &Response<()>) -> String {
    let either = |preflight, actual| if is_preflight { preflight } else { actual };
    let (who, advice) = match recorded.status().as_u16() {
        300..=399 => {
            let location = lines(recorded.headers(), &LOCATION);
            let target = location.first().map(|location| format!(" to `{location}`")).unwrap_or_default();
            let advice = either(
                "Browsers do not follow a redirected preflight: answer `OPTIONS` before anything redirects.",
                "Request the URL that it leads to, or put the layer in front of the redirect.",
            );
            return format!(
                "Something in front redirects{target}: to https, to a path with a slash, or to a login page. {advice}"
            );
        }
        401 | 407 => (
            "Authentication in front of the layer answered",
            either(
                "Preflights never carry credentials: put the layer in front of the authentication.",
                "Put the layer in front of the authentication, so pages can read its refusals.",
            ),
        ),
        403 => (
            "A firewall, an access rule or a CSRF check in front of the layer answered",
            either("Let `OPTIONS` pass it.", "Put the layer in front of it."),
        ),
        404 | 405 | 501 => (
            either(
                "A router without a route for `OPTIONS` answered",
                "A router in front of the layer answered",
            ),
            "Put the layer around the whole router, not around single routes.",
        ),
        413 | 429 => ("A limit in front of the layer answered", "Put the layer in front of the limit."),
        502..=504 | 520..=530 => (
            "A gateway answered, probably because it did not reach the service",
            "Check that the service runs and that the gateway reaches it.",
        ),
        500..=599 => {
            ("The service or a gateway failed before the layer could answer", "See its log for this request.")
        }
        200..=299 => (
            either(
                "A web server, a CDN or an API gateway in front answers `OPTIONS` by itself, or the service has no CORS layer",
                "The service has no CORS layer, or something in front removed its headers or answered from a cache",
            ),
            "Let the layer's answer through.",
        ),
        _ => ("Something in front of the layer answered", "Put the layer in front of it."),
    };
    format!("{who}. {advice}")
}

/// The cause if the response allows another origin than the policy.
fn another_origin(request: &Request<()>, headers: &HeaderMap, allowed: &str) -> &'static str {
    let has_credentials = headers.contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let varies = members(headers, &VARY);
    if allowed == "*" && has_credentials {
        "Another CORS layer, in a proxy or in the service, sends `*` beside `Access-Control-Allow-Credentials`, which \
         browsers refuse for requests with credentials. Remove one of the two layers."
    } else if allowed == "*" {
        "Another CORS layer, in a proxy or in the service, allows pages of all sites. Remove one of the two layers."
    } else if lines(request.headers(), &ORIGIN).iter().any(|origin| origin == allowed) {
        "Something in front allows this origin, and not by this policy: another CORS layer that reflects origins, \
         or another policy."
    } else if varies.iter().any(|name| name == "origin" || name == "*") {
        "The response is for a page of another origin: another policy answered, or a cache that ignores `Vary`."
    } else {
        "A cache probably answered with a response for a page of another origin, because it has no `Vary: Origin`. Keep \
         `Vary`, and clear the cache."
    }
}
