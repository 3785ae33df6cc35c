//! The floor: CORS for one policy, written by hand without a library, as a careful engineer would.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

const TRUE: HeaderValue = HeaderValue::from_static("true");
const METHODS: HeaderValue = HeaderValue::from_static("PUT, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, x-request-id");
const EXPOSED: HeaderValue = HeaderValue::from_static("x-request-id");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY_BY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const PREFLIGHT_VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// The same answers as those of the [policy](super::policy::policy) for the same origins.
#[derive(Clone)]
pub struct Floor {
    origins: Arc<Origins>,
}

enum Origins {
    One(String),
    Many(HashSet<String>),
}

impl Floor {
    pub fn new(origins: impl IntoIterator<Item = String>) -> Self {
        let mut origins: Vec<_> = origins.into_iter().collect();
        let origins = match origins.pop() {
            Some(origin) if origins.is_empty() => Origins::One(origin),
            last => Origins::Many(origins.into_iter().chain(last).collect()),
        };
        Self { origins: Arc::new(origins) }
    }

    pub fn allows(&self, origin: &HeaderValue) -> bool {
        match &*self.origins {
            Origins::One(allowed) => origin == allowed,
            Origins::Many(allowed) => origin.to_str().is_ok_and(|origin| allowed.contains(origin)),
        }
    }
}

impl<S> Layer<S> for Floor {
    type Service = FloorService<S>;

    fn layer(&self, inner: S) -> FloorService<S> {
        FloorService { inner, floor: self.clone() }
    }
}

#[derive(Clone)]
pub struct FloorService<S> {
    inner: S,
    floor: Floor,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for FloorService<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
    B: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = FloorFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let headers = request.headers();
        let origin = headers.get(ORIGIN);
        let allowed = origin.filter(|origin| self.floor.allows(origin)).cloned();
        let is_preflight = request.method() == Method::OPTIONS
            && origin.is_some()
            && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if is_preflight {
            FloorFuture::Preflight { allowed }
        } else {
            FloorFuture::Actual { inner: self.inner.call(request), allowed }
        }
    }
}

pin_project! {
    #[project = FloorProjection]
    pub enum FloorFuture<F> {
        Preflight { allowed: Option<HeaderValue> },
        Actual { #[pin] inner: F, allowed: Option<HeaderValue> },
    }
}

impl<F, B, Error> Future for FloorFuture<F>
where
    F: Future<Output = Result<Response<B>, Error>>,
    B: Default,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project() {
            FloorProjection::Preflight { allowed } => Poll::Ready(Ok(preflight(allowed.take()))),
            FloorProjection::Actual { inner, allowed } => {
                let mut response = ready!(inner.poll(cx))?;
                decorate(response.headers_mut(), allowed.take());
                Poll::Ready(Ok(response))
            }
        }
    }
}

fn decorate(headers: &mut HeaderMap, allowed: Option<HeaderValue>) {
    headers.append(VARY, VARY_BY_ORIGIN);
    if let Some(origin) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

fn preflight<B: Default>(allowed: Option<HeaderValue>) -> Response<B> {
    let mut response = Response::new(B::default());
    let Some(origin) = allowed else {
        *response.status_mut() = StatusCode::FORBIDDEN;
        response.headers_mut().insert(VARY, PREFLIGHT_VARY);
        return response;
    };
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(VARY, PREFLIGHT_VARY);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.headers_mut() = headers;
    response
}
