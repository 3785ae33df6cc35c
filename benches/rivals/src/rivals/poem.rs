use http::{HeaderMap, Request, StatusCode};
use poem::endpoint::{BoxEndpoint, EndpointExt, make};
use poem::middleware::Cors;
use poem::{Endpoint, Response, Route};

use super::{Built, NotBuilt, Rival, block_on};
use crate::policy::{Headers, Origins, Policy};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival =
    Rival { name: "poem", subdomains: "pattern", careless: "no origins", is_elsewhere: false, build };

fn build(policy: &Policy) -> Built {
    if policy.switch.is_some() {
        return Err(NotBuilt::Absent);
    }
    let cors = Cors::new()
        .allow_credentials(policy.credentials)
        .allow_methods(policy.methods.iter().copied())
        .max_age(i32::try_from(policy.max_age.as_secs()).expect("an age"));
    let cors = match &policy.headers {
        Headers::List(names) => cors.allow_headers(names.iter().copied()),
        Headers::Any => cors,
    };
    let cors = match &policy.origins {
        Origins::List(origins) => cors.allow_origins(origins.iter().map(String::as_str)),
        Origins::Any | Origins::Careless => cors,
        Origins::Below(domain) => cors.allow_origin_regex(format!("https://*.{domain}")),
        Origins::LookedUp => return Err(NotBuilt::Absent),
    };
    let route = PATHS.into_iter().fold(Route::new(), |route, path| {
        let answer = make(async |request: poem::Request| {
            let reply = handle(request.uri().path());
            let mut response = Response::default();
            *response.headers_mut() = reply.headers;
            if reply.is_error {
                Err(poem::Error::from_status(StatusCode::INTERNAL_SERVER_ERROR))
            } else {
                Ok(response)
            }
        });
        route.at(path, answer)
    });
    Ok(Box::new(Poem(route.with(cors).map_to_response().boxed())))
}

struct Poem(BoxEndpoint<'static, Response>);

impl Layered for Poem {
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let (parts, ()) = request.into_parts();
        let mut request = poem::Request::builder().method(parts.method).uri(parts.uri).finish();
        *request.headers_mut() = parts.headers;
        let response = block_on(self.0.get_response(request));
        (response.status(), response.headers().clone())
    }
}
