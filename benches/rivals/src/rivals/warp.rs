use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;
use warp::filters::cors::{Builder, Cors};
use warp::path::FullPath;
use warp::reject::Reject;
use warp::{Filter, Reply};

use super::{Built, NotBuilt, Rival, block_on};
use crate::policy::{Headers, Origins, Policy};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival =
    Rival { name: "warp", subdomains: "absent", careless: "any origin", is_elsewhere: false, build };

fn build(policy: &Policy) -> Built {
    if policy.switch.is_some() {
        return Err(NotBuilt::Absent);
    }
    let Headers::List(headers) = &policy.headers else { return Err(NotBuilt::Absent) };
    let cors = warp::cors()
        .allow_credentials(policy.credentials)
        .allow_methods(policy.methods.iter().copied())
        .allow_headers(headers.iter().copied())
        .max_age(policy.max_age);
    let cors: Builder = match &policy.origins {
        Origins::List(origins) => cors.allow_origins(origins.iter().map(String::as_str)),
        Origins::Any | Origins::Careless => cors.allow_any_origin(),
        Origins::Below(_) | Origins::LookedUp => return Err(NotBuilt::Absent),
    };
    Ok(Box::new(Warp(cors.build())))
}

struct Warp(Cors);

#[derive(Debug)]
struct Failed;

impl Reject for Failed {}

impl Layered for Warp {
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let service = warp::path::full()
            .and_then(async |path: FullPath| {
                if !PATHS.contains(&path.as_str()) {
                    return Err(warp::reject::not_found());
                }
                let reply = handle(path.as_str());
                if reply.is_error {
                    return Err(warp::reject::custom(Failed));
                }
                let mut response = warp::reply().into_response();
                *response.headers_mut() = reply.headers;
                Ok(response)
            })
            .with(self.0.clone());
        let Ok(response) = block_on(warp::service(service).oneshot(request.map(|()| String::new())));
        (response.status(), response.headers().clone())
    }
}
