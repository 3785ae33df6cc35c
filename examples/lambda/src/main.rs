//! A function on AWS Lambda, behind any of its HTTP front doors: REST API, HTTP API, function URL, load balancer.
//!
//! On Lambda, it serves events. Anywhere else, `cargo run -p example-lambda` simulates Lambda and prints what to try. The README
//! says what to switch off in front of it.

mod local;

use std::convert::Infallible;

use lambda_http::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE, VARY};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Error, Request, RequestExt, Response};
use tower::{ServiceBuilder, service_fn};
use tower_cors::{CorsLayer, CorsPolicy};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://app.example.com", "http://localhost:*"])
        .allow_methods(["PUT"])
        .allow_headers(["authorization", "content-type"])
        .max_age(std::time::Duration::from_secs(600))
        .build()?;
    let service = ServiceBuilder::new()
        .map_response(one_line_each)
        .layer(CorsLayer::new(policy))
        .service(service_fn(handle));

    // Lambda sets it.
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return local::stand_in().await;
    }
    lambda_http::run(service).await
}

async fn handle(request: Request) -> Result<Response<Body>, Infallible> {
    // Some front doors put the name of the stage before the path.
    let mut response = match (request.method(), request.raw_http_path().rsplit('/').next()) {
        (&Method::GET, Some("greeting")) => Response::new(Body::from(greeting(&request))),
        (&Method::PUT, Some("greeting")) => Response::new(Body::from("noted\n")),
        _ => {
            let mut response = Response::new(Body::from("nothing here\n"));
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    Ok(response)
}

fn greeting(request: &Request) -> &'static str {
    let language = request.headers().get(ACCEPT_LANGUAGE);
    if language.is_some_and(|language| language.as_bytes().starts_with(b"de")) {
        "Hallo\n"
    } else {
        "Hello\n"
    }
}

/// Joins the lines of each header. For HTTP APIs, function URLs and load balancers without multi-value headers, the runtime sends
/// the first line of a name and drops the others: here it would drop `Origin` from `Vary`, and a cache would give one page
/// the answer to another.
fn one_line_each(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    // Never joins cookies. The front doors that accept one line have a separate list for cookies.
    let names = headers.keys().filter(|name| **name != SET_COOKIE);
    let repeated: Vec<HeaderName> =
        names.filter(|name| headers.get_all(*name).iter().count() > 1).cloned().collect();
    for name in repeated {
        let lines: Vec<_> = headers.get_all(&name).iter().map(HeaderValue::as_bytes).collect();
        if let Ok(line) = HeaderValue::from_bytes(&lines.join(&b", "[..])) {
            headers.insert(name, line);
        }
    }
    response
}
