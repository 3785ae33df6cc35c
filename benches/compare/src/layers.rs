//! The layers that are compared, each for the same number of origins.

use axum::http::{HeaderName, HeaderValue, Method};
use tower_cors::CorsLayer;
use tower_http::cors::{AllowOrigin, CorsLayer as TowerHttp};

use crate::floor::Floor;
use crate::origins::origin;
use crate::policy::{EXPOSED, HEADERS, MAX_AGE, METHODS, policy};

pub fn floor(size: u32) -> Floor {
    Floor::new((0..size).map(origin))
}

pub fn ours(size: u32) -> CorsLayer {
    CorsLayer::from(policy((0..size).map(origin)))
}

/// A list even for a single origin: `AllowOrigin::exact` would send it to every origin.
pub fn tower_http(size: u32) -> TowerHttp {
    let origins = (0..size).map(|number| HeaderValue::try_from(origin(number)).expect("a value"));
    TowerHttp::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods(METHODS.map(|method| method.parse::<Method>().expect("a method")))
        .allow_headers(HEADERS.map(HeaderName::from_static))
        .expose_headers([HeaderName::from_static(EXPOSED)])
        .max_age(MAX_AGE)
}
