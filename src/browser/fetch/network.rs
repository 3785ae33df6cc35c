//! HTTP-network-or-cache fetch: a request as it is sent to the service.

use std::future::poll_fn;

use http::header::{COOKIE, HOST, ORIGIN, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use tower_service::Service;

use super::cookies::Occasion;
use super::exchange::Exchange;
use super::in_flight::Tainting;
use super::metadata;
use super::params::FetchParams;
use super::stage::Stage;

/// Fetch, "HTTP-network-or-cache fetch", step 8, and the call of the service. There is no HTTP cache.
pub(super) async fn http_network_or_cache_fetch<S, B, R>(
    params: &mut FetchParams<'_, S, B>,
    method: Method,
    mut headers: HeaderMap,
    body: B,
    stage: Stage,
) -> Result<http::Response<R>, S::Error>
where
    S: Service<Request<B>, Response = http::Response<R>>,
{
    let request = &params.request;
    let url = request.current_url();
    // Step 8.12, "append a request `Origin` header".
    if request.tainting == Tainting::Cors || (method != Method::GET && method != Method::HEAD) {
        insert(&mut headers, ORIGIN, &request.serialized_origin());
    }
    // Step 8.13.
    metadata::append(&mut headers, request);
    // Step 8.20.
    insert(&mut headers, HOST, &url.authority());
    // Step 8.21. A preflight never has credentials: its own mode is "same-origin".
    let includes_credentials = stage == Stage::Actual && request.includes_credentials();
    let is_cross_site = metadata::site(request) == "cross-site";
    let occasion = Occasion { url, is_cross_site, clock: params.agent.clock };
    if let (true, Some(cookies)) = (includes_credentials, params.agent.cookies.header(occasion)) {
        headers.insert(COOKIE, cookies);
    }

    let mut sent = Request::new(body);
    *sent.method_mut() = method.clone();
    let absolute = if params.agent.absolute_form { url.absolute_target() } else { None };
    *sent.uri_mut() = absolute.unwrap_or_else(|| url.target());
    *sent.headers_mut() = headers.clone();
    poll_fn(|cx| params.app.poll_ready(cx)).await?;
    let response = params.app.call(sent).await?;
    // Fetch, HTTP-network fetch, "parse and store response `Set-Cookie` headers": even if the page does not get the response.
    if includes_credentials {
        for line in response.headers().get_all(SET_COOKIE) {
            params.agent.cookies.set(line, occasion);
        }
    }
    params.agent.log.push(Exchange {
        is_preflight: stage == Stage::Preflight,
        method,
        url: params.request.current_url().to_string(),
        request_headers: headers,
        status: response.status(),
        response_headers: response.headers().clone(),
    });
    Ok(response)
}

/// Sets one of the browser's own headers. Origins and hosts are visible ASCII, so they are valid header values.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
