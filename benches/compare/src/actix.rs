//! actix-cors, which is not a tower layer: its service is called by reference and never cloned, so only direct calls
//! can be compared. Its requests are another type with its own costs, so it is compared with a bare actix service.

use std::future::ready;

use actix_cors::Cors;
use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, fn_service};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::{Method, Uri};
use actix_web::test::TestRequest;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use crate::origins::origin;
use crate::policy::{EXPOSED, HEADERS, MAX_AGE, METHODS};
use crate::subject::{Call, Subject, answer_at_once};

pub fn bare() -> Box<dyn Subject> {
    Box::new(Actix(service()))
}

pub fn cors(size: u32) -> Box<dyn Subject> {
    let cors = (0..size)
        .fold(Cors::default(), |cors, number| cors.allowed_origin(&origin(number)))
        .supports_credentials()
        .allowed_methods(METHODS)
        .allowed_headers(HEADERS)
        .expose_headers([EXPOSED])
        .max_age(usize::try_from(MAX_AGE.as_secs()).ok());
    let service = answer_at_once(cors.new_transform(service()));
    Box::new(Actix(service.expect("a service")))
}

struct Actix<S>(S);

impl<S, B> Call for Actix<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Request = ServiceRequest;
    type Response = ServiceResponse<B>;

    fn prepare(&self, request: Request<Body>) -> ServiceRequest {
        let method = Method::from_bytes(request.method().as_str().as_bytes()).expect("a method");
        let uri = request.uri().to_string().parse::<Uri>().expect("a URI");
        let prepared = TestRequest::with_uri(&uri.to_string()).method(method);
        let headers = request.headers().iter();
        let prepared = headers.fold(prepared, |prepared, (name, value)| {
            prepared.append_header((name.as_str(), value.as_bytes()))
        });
        prepared.to_srv_request()
    }

    fn call(&mut self, request: ServiceRequest) -> ServiceResponse<B> {
        answer_at_once(self.0.call(request)).expect("a response")
    }

    fn head(response: ServiceResponse<B>) -> (StatusCode, HeaderMap) {
        let headers = response.headers().iter().map(|(name, value)| {
            let name = name.as_str().parse::<HeaderName>().expect("a name");
            (name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"))
        });
        let status = StatusCode::from_u16(response.status().as_u16()).expect("a status");
        (status, headers.collect())
    }
}

/// The same as `bare::Bare` for the others.
fn service() -> impl Service<ServiceRequest, Response = ServiceResponse, Error = Error> {
    fn_service(|request: ServiceRequest| {
        let mut response = HttpResponse::Ok();
        if request.method() != Method::OPTIONS {
            response.insert_header((CONTENT_TYPE, "application/json"));
        }
        ready(Ok(request.into_response(response.finish())))
    })
}
