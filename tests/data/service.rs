//! The service of a case, with the layer around it, and what it saw.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use tower::Layer as _;
use tower::util::BoxCloneSyncService;
use tower_cors::CorsLayer;

use super::case::{Case, build};
use super::exchange::Exchange;
use super::format::{OneOrMany, PreflightEntry, ServiceEntry};

pub(crate) type App<B> = BoxCloneSyncService<Request<B>, Response<String>, Infallible>;

/// What a server saw since the last call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) exchanges: Vec<Exchange>,
    /// What the layer's hook was called with.
    pub(crate) denials: Vec<&'static str>,
    /// How often the service behind the layer ran.
    pub(crate) runs: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Record>>);

impl Recorder {
    /// Returns what was seen, and forgets it.
    pub(crate) fn take(&self) -> Record {
        self.with(std::mem::take)
    }

    /// Logs the requests and responses of a whole stack.
    pub(crate) fn around<B: Send + 'static>(&self, app: App<B>) -> App<B> {
        let recorder = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<B>| {
            let (recorder, mut app) = (recorder.clone(), app.clone());
            async move {
                let (parts, body) = request.into_parts();
                let request = Request::from_parts(parts.clone(), body);
                let response = tower::Service::call(&mut app, request).await?;
                recorder.with(|record| record.exchanges.push(Exchange::of_http(&parts, &response)));
                Ok(response)
            }
        }))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// The service of a case behind the layer, or alone if the case has no policy. An error means that the policy is
/// refused.
pub(crate) fn app<B: Send + 'static>(case: &Case, recorder: &Recorder) -> Result<App<B>, String> {
    let (id, service) = (Arc::<str>::from(case.id.as_str()), Arc::new(case.service.clone()));
    let (runs, denials) = (recorder.clone(), recorder.clone());
    let inner = tower::service_fn(move |request: Request<B>| {
        runs.with(|record| record.runs += 1);
        let response = service.respond(&id, request.method(), request.uri().path(), request.headers());
        async move { Ok::<_, Infallible>(response) }
    });
    Ok(match &case.rules {
        None => BoxCloneSyncService::new(inner),
        Some(rules) => {
            let layer = CorsLayer::from(build(rules)?);
            let layer =
                layer.on_denial(move |denial, _| denials.with(|record| record.denials.push(denial.kind())));
            BoxCloneSyncService::new(layer.layer(inner))
        }
    })
}

impl ServiceEntry {
    pub(crate) fn respond(
        &self,
        id: &str,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Response<String> {
        let is_preflight =
            *method == Method::OPTIONS && headers.contains_key("access-control-request-method");
        if let (true, Some(PreflightEntry { status, headers })) = (is_preflight, &self.preflight) {
            return response(status.unwrap_or(204), headers, "");
        }
        // The path ends with the number of the hop.
        let hop: usize = path.rsplit('/').next().and_then(|hop| hop.parse().ok()).unwrap_or_default();
        let mut hops =
            self.redirects.iter().flat_map(|redirect| std::iter::repeat_n(redirect, redirect.times));
        if let Some(redirect) = hops.nth(hop) {
            let next = format!("/{id}/{}", hop + 1);
            let locations =
                redirect.to.lines().into_iter().map(|line| line.replace("{next}", &next)).collect();
            let mut headers = self.headers.clone();
            headers.insert("location".to_owned(), OneOrMany::Many(locations));
            return response(redirect.status, &headers, "");
        }
        response(self.status.unwrap_or(200), &self.headers, "done")
    }
}

fn response(status: u16, headers: &BTreeMap<String, OneOrMany>, body: &str) -> Response<String> {
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/plain"));
    for (name, lines) in headers {
        let name: HeaderName = name.parse().expect("a header name");
        let lines = lines.lines();
        response.headers_mut().remove(&name);
        for line in lines {
            response.headers_mut().append(&name, line.parse().expect("a header value"));
        }
    }
    response
}
