//! The fetch itself: Fetch's main fetch, HTTP fetch and HTTP-network-or-cache fetch, around a tower service.

use std::future::poll_fn;

use http::header::{COOKIE, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use tower_service::Service;

use super::blocked::{Blocked, Context, Reason, Stage};
use super::check::cors_check;
use super::error::FetchError;
use super::log::Exchange;
use super::preflight::{self, Preflight};
use super::redirect::{self, Next};
use super::request::{Parts, Redirect};
use super::response::Response;
use super::state::Tainting;
use super::{Browser, metadata};

/// One call of [`Browser::fetch`], which knows what it asks for.
pub(super) struct Fetch<'a, S, B> {
    browser: &'a mut Browser,
    app: &'a mut S,
    /// The value of `Cookie`, for the server under test.
    cookies: Option<HeaderValue>,
    request: Parts<B>,
    preflight: Preflight,
}

impl<'a, S, B, R> Fetch<'a, S, B>
where
    S: Service<Request<B>, Response = http::Response<R>>,
    B: Default,
{
    pub(super) fn new(
        browser: &'a mut Browser,
        app: &'a mut S,
        cookies: Option<HeaderValue>,
        request: Parts<B>,
    ) -> Self {
        Self { browser, app, cookies, request, preflight: Preflight::NotNeeded }
    }

    /// Fetch, "main fetch".
    pub(super) async fn run(mut self) -> Result<Response<R>, FetchError<S::Error>> {
        let mut makes_preflight = false;
        loop {
            // Step 12. Once the tainting is "cors", it stays so, even where a redirect leads back to the page's origin.
            let state = &mut self.request.state;
            if !state.origin.is_same_origin(state.current_url().origin()) {
                state.tainting = Tainting::Cors;
            }
            let makes_preflight_now = state.tainting == Tainting::Cors && preflight::is_needed(state);
            makes_preflight |= makes_preflight_now;
            match self.http_fetch(makes_preflight_now).await {
                Ok(Some(response)) => return Ok(response),
                // A redirect: step 12 again, for the next URL.
                Ok(None) => {}
                Err(error) => {
                    // Step 12, in the branch that makes a preflight: what the cache said has proved wrong. The branch
                    // that an earlier URL of the chain took returns the same error, for the same request.
                    if makes_preflight {
                        self.browser.cache.clear(&self.request.state);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Fetch, "HTTP fetch". `None`: the response is a redirect, and the request is now that for the next URL.
    async fn http_fetch(
        &mut self,
        make_preflight: bool,
    ) -> Result<Option<Response<R>>, FetchError<S::Error>> {
        // Step 4.1.
        if make_preflight {
            self.preflight().await?;
        }
        // Step 4.3.
        let state = &self.request.state;
        let (method, headers) = (state.method.clone(), state.headers.clone());
        let body = self.request.body.as_ref().map(|make| make()).unwrap_or_default();
        let response = self.network_fetch(method, headers, body, Stage::Actual).await?;
        let status = response.status();
        // Step 4.4.
        if self.request.state.tainting == Tainting::Cors {
            cors_check(&self.request.state, response.headers())
                .map_err(|reason| self.blocked(Stage::Actual, status, reason))?;
        }
        // Step 6.
        if redirect::is_redirect(status) {
            match self.request.redirect {
                Redirect::Error => {
                    return Err(self.blocked(Stage::Actual, status, Reason::RedirectMode).into());
                }
                Redirect::Manual => {
                    return Ok(Some(Response::opaque_redirect(
                        &self.request.state,
                        self.preflight,
                        response,
                    )));
                }
                Redirect::Follow => {
                    match redirect::follow(&mut self.request.state, status, response.headers()) {
                        Ok(Next::Respond) => {}
                        Ok(Next::Fetch { keeps_body }) => {
                            if !keeps_body {
                                self.request.body = None;
                            }
                            return Ok(None);
                        }
                        Err(reason) => return Err(self.blocked(Stage::Actual, status, reason).into()),
                    }
                }
            }
        }
        Ok(Some(Response::filtered(&self.request.state, self.preflight, response)))
    }

    /// The CORS-preflight fetch, unless the cache answers for it.
    async fn preflight(&mut self) -> Result<(), FetchError<S::Error>> {
        let state = &self.request.state;
        if preflight::is_cached(&self.browser.cache, state, self.browser.clock) {
            self.preflight = self.preflight.max(Preflight::Cached);
            return Ok(());
        }
        self.preflight = Preflight::Sent;
        let headers = preflight::headers(state);
        let response = self.network_fetch(Method::OPTIONS, headers, B::default(), Stage::Preflight).await?;
        let (state, status) = (&self.request.state, response.status());
        let grant = preflight::check(state, status, response.headers(), self.browser.engine.max_age_limit())
            .map_err(|reason| self.blocked(Stage::Preflight, status, reason))?;
        self.browser.cache.store(state, grant, self.browser.clock);
        Ok(())
    }

    /// Fetch, "HTTP-network-or-cache fetch", step 8, and the call of the service. There is no HTTP cache.
    async fn network_fetch(
        &mut self,
        method: Method,
        mut headers: HeaderMap,
        body: B,
        stage: Stage,
    ) -> Result<http::Response<R>, FetchError<S::Error>> {
        let tainting = self.request.state.tainting;
        let url = self.request.state.current_url();
        // Step 8.12, "append a request `Origin` header".
        if tainting == Tainting::Cors || (method != Method::GET && method != Method::HEAD) {
            insert(&mut headers, ORIGIN, &self.request.state.serialized_origin());
        }
        // Step 8.13.
        metadata::append(&mut headers, &self.request.state);
        // Step 8.20.
        insert(&mut headers, HOST, &url.origin().authority());
        // Step 8.21. A preflight never has credentials: its own mode is "same-origin".
        let is_server = url.origin() == self.request.server.origin();
        if let (Stage::Actual, true, Some(cookies)) = (stage, is_server, &self.cookies) {
            if self.request.state.includes_credentials() {
                headers.insert(COOKIE, cookies.clone());
            }
        }

        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = url.target();
        *request.headers_mut() = headers.clone();
        poll_fn(|cx| self.app.poll_ready(cx)).await.map_err(FetchError::Service)?;
        let response = self.app.call(request).await.map_err(FetchError::Service)?;
        self.browser.log.push(Exchange {
            is_preflight: stage == Stage::Preflight,
            method,
            url: self.request.state.current_url().to_string(),
            request_headers: headers,
            status: response.status(),
            response_headers: response.headers().clone(),
        });
        Ok(response)
    }

    fn blocked(&self, stage: Stage, status: StatusCode, reason: Reason) -> Blocked {
        let request = &self.request.state;
        Blocked::new(Context {
            method: request.method.clone(),
            url: request.current_url().to_string(),
            page: request.origin.to_string(),
            origin: request.serialized_origin(),
            credentialed: request.is_credentialed(),
            stage,
            preflight: self.preflight,
            status,
            reason,
        })
    }
}

/// Sets a header of the browser's own. Origins, hosts and the words of `Sec-Fetch-*` are visible ASCII, so that none
/// can fail to be a header value.
pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
