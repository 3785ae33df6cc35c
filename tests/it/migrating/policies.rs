//! The same policies, written for tower-http and for this crate.

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, ORIGIN};
use http::{HeaderValue, Method};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer as TowerHttp};

use crate::support::{APP, STRANGER, allow_app};

pub(super) const OTHER: &str = "https://other.example.com";

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

const A: HeaderName = HeaderName::from_static("x-a");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
pub(super) struct Policy {
    pub(super) name: &'static str,
    pub(super) theirs: TowerHttp,
    pub(super) ours: CorsLayer,
    pub(super) origins: Origins,
    pub(super) credentials: bool,
    /// tower-http mirrors the requested method and headers; this crate allows any.
    pub(super) mirrors: bool,
    /// The policy says that its answer varies by [`TENANT`], too.
    pub(super) varies_by_tenant: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Origins {
    Any,
    /// `AllowOrigin::exact`, which has its own rules in tower-http.
    One,
    /// A list or a predicate.
    Some,
}

impl Policy {
    fn new(name: &'static str, origins: Origins, theirs: TowerHttp, ours: CorsPolicyBuilder) -> Self {
        let ours = CorsLayer::from(ours.build().expect("a policy"));
        Self { name, theirs, ours, origins, credentials: false, mirrors: false, varies_by_tenant: false }
    }
}

pub(super) fn policies() -> [Policy; 9] {
    [
        everything(),
        bare(),
        exact(),
        permissive(),
        open(),
        mirrored(),
        mirrored_for_all(),
        predicate_with_a_vary(),
        lenient_predicate(),
    ]
}

fn everything() -> Policy {
    let policy = Policy::new(
        "a list of origins, with everything",
        Origins::Some,
        TowerHttp::new()
            .allow_origin([HeaderValue::from_static(APP), HeaderValue::from_static(OTHER)])
            .allow_credentials(true)
            .allow_methods([Method::PUT, Method::DELETE])
            .allow_headers([A, AUTHORIZATION, CONTENT_TYPE])
            .expose_headers([REQUEST_ID, ETAG])
            .max_age(Duration::from_secs(300))
            .allow_private_network(true),
        CorsPolicy::builder()
            .allow_origins([APP, OTHER])
            .allow_credentials(true)
            .allow_methods([Method::PUT, Method::DELETE])
            .allow_headers([A, AUTHORIZATION, CONTENT_TYPE])
            .expose_headers([REQUEST_ID, ETAG])
            .max_age(Duration::from_secs(300)),
    );
    Policy { credentials: true, ..policy }
}

fn bare() -> Policy {
    Policy::new(
        "a list of one origin, and nothing else",
        Origins::Some,
        TowerHttp::new().allow_origin([HeaderValue::from_static(APP)]),
        allow_app(),
    )
}

fn exact() -> Policy {
    let theirs = TowerHttp::new().allow_origin(HeaderValue::from_static(APP));
    Policy::new(
        "an exact origin",
        Origins::One,
        theirs.allow_methods(Method::PUT).expose_headers(Any),
        allow_app().allow_methods([Method::PUT]).expose_all_headers(),
    )
}

fn permissive() -> Policy {
    Policy::new(
        "permissive",
        Origins::Any,
        TowerHttp::permissive(),
        CorsPolicy::builder().allow_any_origin().allow_any_method().allow_any_header().expose_all_headers(),
    )
}

fn open() -> Policy {
    Policy::new(
        "any origin, with lists",
        Origins::Any,
        TowerHttp::new()
            .allow_origin(Any)
            .allow_methods([Method::PUT, Method::DELETE])
            .allow_headers([CONTENT_TYPE, A])
            .expose_headers([REQUEST_ID, REQUEST_ID])
            .max_age(Duration::ZERO),
        CorsPolicy::builder()
            .allow_any_origin()
            .allow_methods([Method::PUT, Method::DELETE])
            .allow_headers([CONTENT_TYPE, A])
            .expose_headers([REQUEST_ID, REQUEST_ID])
            .max_age(Duration::ZERO),
    )
}

fn mirrored() -> Policy {
    let policy = Policy::new(
        "mirrored method and headers, with credentials",
        Origins::Some,
        mirror(TowerHttp::new().allow_origin([HeaderValue::from_static(APP)]).allow_credentials(true)),
        allow_any(allow_app().allow_credentials(true)),
    );
    Policy { credentials: true, mirrors: true, ..policy }
}

fn mirrored_for_all() -> Policy {
    let policy = Policy::new(
        "mirrored method and headers, for any origin",
        Origins::Any,
        mirror(TowerHttp::new().allow_origin(Any)),
        allow_any(CorsPolicy::builder().allow_any_origin()),
    );
    Policy { mirrors: true, ..policy }
}

fn mirror(layer: TowerHttp) -> TowerHttp {
    layer.allow_methods(AllowMethods::mirror_request()).allow_headers(AllowHeaders::mirror_request())
}

fn allow_any(policy: CorsPolicyBuilder) -> CorsPolicyBuilder {
    policy.allow_any_method().allow_any_header().allow_headers([AUTHORIZATION])
}

fn predicate_with_a_vary() -> Policy {
    let is_ours = |origin: &[u8]| origin.starts_with(b"https://") && origin.ends_with(b".example.com");
    let policy = Policy::new(
        "a predicate, and a vary of its own",
        Origins::Some,
        TowerHttp::new()
            .allow_origin(AllowOrigin::predicate(move |origin, _| is_ours(origin.as_bytes())))
            .allow_methods(Method::PUT)
            .vary([ORIGIN, TENANT]),
        CorsPolicy::builder()
            .allow_origin_if(move |origin, _| is_ours(origin.as_str().as_bytes()))
            .allow_methods([Method::PUT])
            .vary_by([TENANT]),
    );
    Policy { varies_by_tenant: true, ..policy }
}

fn lenient_predicate() -> Policy {
    Policy::new(
        "a predicate that allows all but strangers",
        Origins::Some,
        TowerHttp::new().allow_origin(AllowOrigin::predicate(|origin, _| origin != STRANGER)),
        CorsPolicy::builder().allow_origin_if(|origin, _| origin.as_str() != STRANGER),
    )
}
