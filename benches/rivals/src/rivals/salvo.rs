use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use salvo_core::conn::{ConnCtrl, SocketAddr};
use salvo_core::http::uri::Scheme;
use salvo_core::http::{ReqBody, StatusError};
use salvo_core::{Router, Service, handler};
use salvo_cors::{AllowHeaders, AllowOrigin, Cors};

use super::{Built, NotBuilt, Rival, block_on};
use crate::policy::{APP, Headers, Origins, Policy, Switch};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival = Rival {
    name: "salvo",
    subdomains: "predicate",
    careless: "`very_permissive`",
    is_elsewhere: false,
    build,
};

fn build(policy: &Policy) -> Built {
    let origins = match &policy.origins {
        Origins::List(origins) => {
            AllowOrigin::list(origins.iter().map(|origin| HeaderValue::from_str(origin).expect("a value")))
        }
        Origins::Any => AllowOrigin::any(),
        Origins::Below(domain) => {
            let ending = format!(".{domain}");
            AllowOrigin::dynamic(move |origin, _, _| {
                origin.filter(|origin| origin.as_bytes().ends_with(ending.as_bytes())).cloned()
            })
        }
        Origins::Careless => return Ok(layered(Cors::very_permissive())),
        Origins::LookedUp => AllowOrigin::dynamic_async(|origin, _, _| {
            let origin = origin.cloned();
            async move {
                tokio::task::yield_now().await;
                origin.filter(|origin| origin == APP)
            }
        }),
    };
    let headers = match &policy.headers {
        Headers::List(names) => AllowHeaders::list(
            names.iter().map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a name")),
        ),
        // `Any` panics beside credentials.
        Headers::Any if policy.credentials => AllowHeaders::mirror_request(),
        Headers::Any => AllowHeaders::any(),
    };
    let cors = Cors::new()
        .allow_origin(origins)
        .allow_credentials(policy.credentials)
        .allow_methods(super::tower_http::methods(policy))
        .allow_headers(headers)
        .max_age(policy.max_age);
    match policy.switch {
        None => Ok(layered(cors)),
        Some(Switch::PrivateNetwork) => Ok(layered(cors.allow_private_network(true))),
        Some(Switch::Reject | Switch::ServedAt) => Err(NotBuilt::Absent),
    }
}

#[handler]
async fn answer(
    request: &mut salvo_core::Request,
    response: &mut salvo_core::Response,
) -> Result<(), StatusError> {
    let reply = handle(request.uri().path());
    if reply.is_error {
        return Err(StatusError::internal_server_error());
    }
    response.status_code(StatusCode::OK);
    response.headers_mut().extend(reply.headers);
    Ok(())
}

fn layered(cors: Cors) -> Box<dyn Layered> {
    let router = PATHS.into_iter().fold(Router::new(), |router, path| {
        router.push(Router::with_path(path.trim_start_matches('/')).goal(answer))
    });
    // On the service, as its documentation asks.
    Box::new(Salvo(Service::new(router).hoop(cors.into_handler())))
}

struct Salvo(Service);

impl Layered for Salvo {
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let request = salvo_core::Request::from_hyper(request.map(|()| ReqBody::None), Scheme::HTTPS);
        // Called by its server, and by its test helper, which would add compressors.
        let handler = self.0.hyper_handler(
            SocketAddr::Unknown,
            SocketAddr::Unknown,
            Scheme::HTTPS,
            None,
            ConnCtrl::new(),
            None,
        );
        let response = block_on(handler.handle(request));
        (response.status_code.expect("a status"), response.headers().clone())
    }
}
