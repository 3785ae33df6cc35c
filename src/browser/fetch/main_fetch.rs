//! Main fetch: the request, and after it the request for each redirect.

use http::Request;
use tower_service::Service;

use super::cors_preflight;
use super::filtered::Filtered;
use super::http_fetch::http_fetch;
use super::in_flight::Tainting;
use super::network_error::NetworkError;
use super::params::FetchParams;

/// Fetch, "main fetch".
pub(in crate::browser) async fn main_fetch<S, B, R>(
    mut params: FetchParams<'_, S, B>,
) -> Result<Filtered<R>, NetworkError<S::Error>>
where
    S: Service<Request<B>, Response = http::Response<R>>,
    B: Default,
{
    let mut was_preflighted = false;
    loop {
        // Step 12. Once the tainting is "cors", it stays "cors", even if a redirect leads back to the page's origin.
        let request = &mut params.request;
        if !request.origin.is_same_origin(request.current_url()) {
            request.tainting = Tainting::Cors;
        }
        let make_preflight = request.tainting == Tainting::Cors && cors_preflight::is_needed(request);
        was_preflighted |= make_preflight;
        match http_fetch(&mut params, make_preflight).await {
            Ok(Some(response)) => return Ok(response),
            // A redirect: step 12 again, for the next URL.
            Ok(None) => {}
            Err(error) => {
                // Step 12, in the branch that makes a preflight: the cached permission was wrong. For an earlier URL of
                // the chain, that branch returns the same error, for the same request.
                if was_preflighted {
                    params.agent.cache.clear(&params.request);
                }
                return Err(error);
            }
        }
    }
}
