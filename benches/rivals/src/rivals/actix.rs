use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_cors::Cors;
use actix_web::dev::{Service, Transform};
use actix_web::http::{Method, Uri};
use actix_web::test::{TestRequest, init_service, ok_service};
use actix_web::{App, Error, HttpRequest, HttpResponse, error, rt, web};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use super::{Built, NotBuilt, Rival};
use crate::policy::{Headers, Origins, Policy, Switch};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival = Rival {
    name: "actix-cors",
    subdomains: "predicate",
    careless: "`permissive`",
    is_elsewhere: false,
    build,
};

fn build(policy: &Policy) -> Built {
    if matches!(policy.origins, Origins::LookedUp) || policy.switch == Some(Switch::ServedAt) {
        return Err(NotBuilt::Absent);
    }
    let system = rt::System::new();
    // A mistake is logged, one at a time, and the server does not start.
    if system.block_on(cors(policy).new_transform(ok_service())).is_err() {
        return Err(NotBuilt::Error(1));
    }
    let app = PATHS.into_iter().fold(App::new(), |app, path| app.route(path, web::to(answer)));
    let service = Rc::new(system.block_on(init_service(app.wrap(cors(policy)))));
    let call = move |request: TestRequest| -> Answered {
        let service = Rc::clone(&service);
        Box::pin(async move {
            match service.call(request.to_request()).await {
                Ok(response) => response.into_parts().1.map_body(|_, _| ()),
                Err(error) => error.error_response().map_body(|_, _| ()),
            }
        })
    };
    Ok(Box::new(Actix { system, call: Box::new(call) }))
}

fn cors(policy: &Policy) -> Cors {
    let cors = match &policy.origins {
        Origins::List(origins) => {
            origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        }
        Origins::Any => Cors::default().allow_any_origin(),
        Origins::Below(domain) => {
            let ending = format!(".{domain}");
            Cors::default().allowed_origin_fn(move |origin, _| origin.as_bytes().ends_with(ending.as_bytes()))
        }
        Origins::Careless => return Cors::permissive(),
        Origins::LookedUp => unreachable!("not built"),
    };
    let cors = cors
        .allowed_methods(policy.methods.iter().copied())
        .max_age(usize::try_from(policy.max_age.as_secs()).expect("an age"))
        .block_on_origin_mismatch(policy.switch == Some(Switch::Reject));
    let cors = match &policy.headers {
        Headers::List(names) => cors.allowed_headers(names.iter().copied()),
        Headers::Any => cors.allow_any_header(),
    };
    let cors = if policy.credentials { cors.supports_credentials() } else { cors };
    if policy.switch == Some(Switch::PrivateNetwork) { cors.allow_private_network_access() } else { cors }
}

async fn answer(request: HttpRequest) -> Result<HttpResponse, Error> {
    let reply = handle(request.path());
    if reply.is_error {
        return Err(error::ErrorInternalServerError("failed"));
    }
    let mut response = HttpResponse::Ok();
    for (name, value) in &reply.headers {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(response.finish())
}

/// A response without its body.
type Answered = Pin<Box<dyn Future<Output = HttpResponse<()>>>>;

struct Actix {
    system: rt::SystemRunner,
    call: Box<dyn Fn(TestRequest) -> Answered>,
}

impl Layered for Actix {
    /// Its types are those of another version of `http`.
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let method = Method::from_bytes(request.method().as_str().as_bytes()).expect("a method");
        let uri: Uri = request.uri().to_string().parse().expect("a URI");
        let prepared = TestRequest::default().method(method).uri(&uri.to_string());
        let prepared = request.headers().iter().fold(prepared, |prepared, (name, value)| {
            prepared.append_header((name.as_str(), value.as_bytes()))
        });
        let response = self.system.block_on((self.call)(prepared));
        let headers = response.headers().iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).expect("a name");
            (name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"))
        });
        let status = StatusCode::from_u16(response.status().as_u16()).expect("a status");
        let mut collected = HeaderMap::new();
        headers.for_each(|(name, value)| {
            collected.append(name, value);
        });
        (status, collected)
    }
}
