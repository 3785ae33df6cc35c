use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use rocket::config::LogLevel;
use rocket::http::{Header, Method, Status};
use rocket::local::blocking::Client;
use rocket::route::{Handler, Outcome, Route};
use rocket::{Config, Data, Response, async_trait};
use rocket_cors::{AllowedHeaders, AllowedOrigins, CorsOptions};

use super::{Built, NotBuilt, Rival};
use crate::policy::{Headers, Origins, Policy};
use crate::service::{Layered, PATHS, handle};

pub(super) const RIVAL: Rival =
    Rival { name: "rocket_cors", subdomains: "regex", careless: "all origins", is_elsewhere: false, build };

const METHODS: [Method; 4] = [Method::Get, Method::Put, Method::Post, Method::Options];

fn build(policy: &Policy) -> Built {
    if policy.switch.is_some() {
        return Err(NotBuilt::Absent);
    }
    let origins = match &policy.origins {
        Origins::List(origins) => AllowedOrigins::some_exact(origins),
        Origins::Any | Origins::Careless => AllowedOrigins::all(),
        // As in its documentation, except for the dots.
        Origins::Below(domain) => {
            AllowedOrigins::some_regex(&[format!("^https://(.+)\\.{}$", domain.replace('.', "\\."))])
        }
        Origins::LookedUp => return Err(NotBuilt::Absent),
    };
    let headers = match &policy.headers {
        Headers::List(names) => AllowedHeaders::some(names),
        Headers::Any => AllowedHeaders::all(),
    };
    let options = CorsOptions::default()
        .allowed_origins(origins)
        .allowed_methods(policy.methods.iter().map(|method| method.parse().expect("a method")).collect())
        .allowed_headers(headers)
        .allow_credentials(policy.credentials)
        .max_age(usize::try_from(policy.max_age.as_secs()).ok());
    let cors = options.to_cors().map_err(|_| NotBuilt::Error(1))?;
    let routes: Vec<_> =
        PATHS.iter().flat_map(|path| METHODS.map(|method| Route::new(method, path, Answer))).collect();
    let config = Config { log_level: LogLevel::Off, ..Config::debug_default() };
    let rocket = rocket::custom(config).mount("/", routes).attach(cors);
    Ok(Box::new(Rocket(Client::untracked(rocket).expect("a client"))))
}

#[derive(Clone)]
struct Answer;

#[async_trait]
impl Handler for Answer {
    async fn handle<'r>(&self, request: &'r rocket::Request<'_>, _: Data<'r>) -> Outcome<'r> {
        let reply = handle(request.uri().path().as_str());
        if reply.is_error {
            return Outcome::Error(Status::InternalServerError);
        }
        let mut response = Response::build();
        for (name, value) in &reply.headers {
            response.raw_header_adjoin(name.as_str().to_owned(), value.to_str().expect("text").to_owned());
        }
        Outcome::Success(response.finalize())
    }
}

struct Rocket(Client);

impl Layered for Rocket {
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap) {
        let method = request.method().as_str().parse().expect("a method");
        let mut prepared = self.0.req(method, request.uri().path().to_owned());
        for (name, value) in request.headers() {
            let value = String::from_utf8(value.as_bytes().to_vec()).expect("UTF-8");
            prepared.add_header(Header::new(name.as_str().to_owned(), value));
        }
        let response = prepared.dispatch();
        let mut headers = HeaderMap::new();
        for header in response.headers().iter() {
            let name = HeaderName::from_bytes(header.name().as_str().as_bytes()).expect("a name");
            headers.append(name, HeaderValue::from_str(header.value()).expect("a value"));
        }
        (StatusCode::from_u16(response.status().code).expect("a status"), headers)
    }
}
