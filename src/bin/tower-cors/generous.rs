//! A server that allows every request: it answers the model of a browser where no real server takes part.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue,
    ORIGIN,
};
use http::{Method, Request, Response};

/// A response that grants what the request asks for.
pub(crate) fn allow<B>(request: &Request<B>) -> Response<()> {
    let granted = [
        (ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN),
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ];
    let granted = granted
        .into_iter()
        .filter_map(|(asked, granted)| Some((granted, request.headers().get(asked)?.clone())));
    let mut response = Response::new(());
    response.headers_mut().extend(granted);
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    response
}

/// Whether the model of a browser sends this as its preflight.
pub(crate) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}
