//! HTTP fetch: a preflight if one is needed, the request, and the CORS check of its response.

use http::{Method, Request};
use tower_service::Service;

use super::blocked::Reason;
use super::cors_check::cors_check;
use super::cors_preflight;
use super::filtered::Filtered;
use super::in_flight::Tainting;
use super::modes::Redirect;
use super::network::http_network_or_cache_fetch;
use super::network_error::NetworkError;
use super::params::FetchParams;
use super::redirect::{self, Next};
use super::stage::{Preflight, Stage};

/// Fetch, "HTTP fetch". `None`: the response is a redirect, and `params` now has the request for the next URL.
pub(super) async fn http_fetch<S, B, R>(
    params: &mut FetchParams<'_, S, B>,
    make_preflight: bool,
) -> Result<Option<Filtered<R>>, NetworkError<S::Error>>
where
    S: Service<Request<B>, Response = http::Response<R>>,
    B: Default,
{
    // Step 4.1.
    if make_preflight {
        cors_preflight_fetch(params).await?;
    }
    // Step 4.3.
    let (method, headers) = (params.request.method.clone(), params.request.headers.clone());
    let body = params.body.as_ref().map(|make| make()).unwrap_or_default();
    let response = http_network_or_cache_fetch(params, method, headers, body, Stage::Actual)
        .await
        .map_err(NetworkError::Service)?;
    let status = response.status();
    // Step 4.4.
    if params.request.tainting == Tainting::Cors {
        cors_check(&params.request, response.headers())
            .map_err(|reason| params.blocked(Stage::Actual, status, reason))?;
    }
    // Step 6.
    if redirect::is_redirect(status) {
        match params.redirect {
            Redirect::Error => {
                return Err(params.blocked(Stage::Actual, status, Reason::RedirectMode).into());
            }
            Redirect::Manual => {
                return Ok(Some(Filtered::opaque_redirect(&params.request, params.preflight, response)));
            }
            Redirect::Follow => match redirect::follow(&mut params.request, status, response.headers()) {
                Ok(Next::Respond) => {}
                Ok(Next::Fetch { keeps_body }) => {
                    if !keeps_body {
                        params.body = None;
                    }
                    return Ok(None);
                }
                Err(reason) => return Err(params.blocked(Stage::Actual, status, reason).into()),
            },
        }
    }
    Ok(Some(Filtered::new(&params.request, params.preflight, response)))
}

/// Fetch, "CORS-preflight fetch", unless the CORS-preflight cache has the answer.
async fn cors_preflight_fetch<S, B, R>(
    params: &mut FetchParams<'_, S, B>,
) -> Result<(), NetworkError<S::Error>>
where
    S: Service<Request<B>, Response = http::Response<R>>,
    B: Default,
{
    if cors_preflight::is_cached(&params.agent.cache, &params.request, params.agent.clock) {
        params.preflight = params.preflight.max(Preflight::Cached);
        return Ok(());
    }
    params.preflight = Preflight::Sent;
    let headers = cors_preflight::headers(&params.request);
    let response =
        http_network_or_cache_fetch(params, Method::OPTIONS, headers, B::default(), Stage::Preflight)
            .await
            .map_err(NetworkError::Service)?;
    let (status, limit) = (response.status(), params.agent.engine.max_age_limit());
    let grant = cors_preflight::check(&params.request, status, response.headers(), limit)
        .map_err(|reason| params.blocked(Stage::Preflight, status, reason))?;
    params.agent.cache.store(&params.request, grant, params.agent.clock);
    Ok(())
}
