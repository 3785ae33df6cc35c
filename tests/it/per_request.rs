//! `per_request`: a function picks the policy, or none.

mod without_policy;

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use proptest::prelude::*;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Denial, RequestHead};

use crate::net::Server;
use crate::support::{
    APP, App, PREFLIGHT_VARY, REJECTION_VARY, SAFELISTED_METHODS, STRANGER, VARY, allow_app, assert_headers,
    assert_headers_of, built, preflight, request,
};

type Headers<'a> = &'a [(&'a str, &'a str)];

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

/// The policy of a tenant: it allows the tenant's page and exposes the tenant's header.
fn policy_of(tenant: &str) -> CorsPolicy {
    let policy = CorsPolicy::builder().allow_origin(format!("https://{tenant}.example"));
    built(policy.expose_headers([format!("x-{tenant}")]))
}

fn origin_of(tenant: &str) -> String {
    format!("https://{tenant}.example")
}

/// Picks the policy by the header `X-Tenant`; `nobody` has none, and `broken` panics.
fn by_tenant() -> CorsLayer {
    let policies = ["red", "blue", "green"].map(|tenant| (tenant, policy_of(tenant)));
    CorsLayer::per_request(move |request| {
        let tenant = request.headers().get(TENANT)?;
        assert_ne!(tenant, "broken");
        policies.iter().find(|(name, _)| tenant == name).map(|(_, policy)| policy.clone())
    })
    .vary_by([TENANT])
    .expect("a name")
}

type Heard = Arc<Mutex<Vec<(Denial, String)>>>;

/// A hook that records the denial and the path of the request.
fn listening(layer: CorsLayer) -> (CorsLayer, Heard) {
    let heard = Heard::default();
    let hook = Arc::clone(&heard);
    let layer = layer.on_denial(move |denial, request| {
        hook.lock().expect("no panic").push((*denial, request.uri().path().to_owned()));
    });
    (layer, heard)
}

fn at(path: &str, mut request: Request<String>) -> Request<String> {
    *request.uri_mut() = path.parse().expect("a URI");
    request
}

#[tokio::test]
async fn a_path_picks_the_policy() {
    let layer = CorsLayer::per_request(|request| {
        let policy = match request.uri().path() {
            "/public" => CorsPolicy::builder().allow_any_origin(),
            "/private" => allow_app().allow_credentials(true).allow_methods(["PUT"]),
            _ => return None,
        };
        policy.build().ok()
    });
    let app = App::behind(&layer, &[]);
    let origin = ("access-control-allow-origin", APP);
    let credentials = ("access-control-allow-credentials", "true");
    let anyone = ("access-control-allow-origin", "*");
    let cases: [(&str, Headers<'_>, Headers<'_>); 3] = [
        ("/public", &[anyone, VARY], &[anyone, SAFELISTED_METHODS, PREFLIGHT_VARY]),
        (
            "/private",
            &[origin, credentials, VARY],
            &[origin, credentials, ("access-control-allow-methods", "PUT"), PREFLIGHT_VARY],
        ),
        ("/elsewhere", &[VARY], &[PREFLIGHT_VARY]),
    ];
    for (path, actual, preflighted) in cases {
        let response = app.send_served(at(path, request("GET", &[("origin", APP)]))).await;
        assert_headers_of(&response, actual, path);
        let response = app.send_unserved(at(path, preflight("GET", &[]))).await;
        assert_headers_of(&response, preflighted, path);
        assert_eq!(response.status(), if path == "/elsewhere" { 403 } else { 204 }, "{path}");
    }
}

#[tokio::test]
async fn an_extension_of_an_outer_layer_picks_the_policy() {
    let service = service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(String::new()))));
    let service = ServiceBuilder::new()
        .map_request(|mut request: Request<String>| {
            if request.uri().path() == "/red" {
                request.extensions_mut().insert(policy_of("red"));
            }
            request
        })
        .layer(CorsLayer::per_request(|request| request.extensions().get::<CorsPolicy>().cloned()))
        .service(service);
    let red = origin_of("red");
    let get = |path| at(path, request("GET", &[("origin", &red)]));
    let Ok(response) = service.clone().oneshot(get("/red")).await;
    let allowed = [("access-control-allow-origin", &*red), ("access-control-expose-headers", "x-red"), VARY];
    assert_headers(&response, &allowed);
    let Ok(response) = service.oneshot(get("/blue")).await;
    assert_headers(&response, &[VARY]);
}

/// Picks the policy by the host, as in the documentation; `broken` panics.
fn by_host() -> CorsLayer {
    let policies = ["red", "blue"].map(|tenant| (tenant, policy_of(tenant)));
    CorsLayer::per_request(move |request: RequestHead<'_>| {
        let header = || request.headers().get("host").and_then(|host| host.to_str().ok());
        let authority = request.uri().authority().map(http::uri::Authority::as_str).or_else(header)?;
        let (tenant, _) = authority.split_once('.')?;
        assert_ne!(tenant, "broken");
        policies.iter().find(|(name, _)| *name == tenant).map(|(_, policy)| policy.clone())
    })
}

async fn serve(layer: CorsLayer) -> Server {
    let service = service_fn(|_: Request<Incoming>| {
        let mut response = Response::new("served".to_owned());
        response.headers_mut().insert("access-control-allow-origin", HeaderValue::from_static("*"));
        ready(Ok::<_, Infallible>(response))
    });
    Server::hyper(layer.layer(service)).await
}

#[tokio::test]
async fn the_host_of_http_1_picks_the_policy() {
    let server = serve(by_host()).await;
    let own = server.address.port();
    for host in ["red", "blue", "nobody"] {
        let name = format!("{host}.localhost:{own}");
        let headers = [("host", &*name), ("origin", "https://red.example")];
        let response = server.send(request("GET", &headers)).await;
        assert_eq!((response.version(), response.status().as_u16()), (http::Version::HTTP_11, 200), "{host}");
        assert_eq!(response.headers()["content-length"], "6", "{host}");
        assert_eq!(response.body(), "served", "{host}");
        let granted = [
            ("access-control-allow-origin", "https://red.example"),
            ("access-control-expose-headers", "x-red"),
            VARY,
        ];
        assert_headers_of(&response, if host == "red" { &granted } else { &[VARY] }, host);
    }
}

fn to_host(tenant: &str, method: &str, headers: &[(&str, &str)]) -> Request<Empty<Bytes>> {
    let uri = format!("http://{tenant}.localhost/");
    at(&uri, request(method, headers)).map(|_| Empty::new())
}

#[tokio::test]
async fn the_authority_of_http_2_picks_the_policy() {
    let server = serve(by_host()).await;
    let mut sender = server.connect_h2().await;
    for (tenant, origin) in [("red", "https://red.example"), ("blue", "https://blue.example")] {
        let exposed = format!("x-{tenant}");
        let response =
            sender.send_request(to_host(tenant, "GET", &[("origin", origin)])).await.expect("a response");
        assert_eq!(response.version(), http::Version::HTTP_2);
        let expected =
            [("access-control-allow-origin", origin), ("access-control-expose-headers", &*exposed), VARY];
        assert_headers(&response, &expected);
        // The same page at the other tenant's host.
        let other = if tenant == "red" { "blue" } else { "red" };
        let response =
            sender.send_request(to_host(other, "GET", &[("origin", origin)])).await.expect("a response");
        assert_headers(&response, &[VARY]);
    }
}

#[tokio::test]
async fn a_function_that_panics_ends_no_connection_of_http_2() {
    let (layer, heard) = listening(by_host());
    let server = serve(layer).await;
    let mut sender = server.connect_h2().await;
    let broken = || to_host("broken", "GET", &[("origin", APP)]);
    let red = || to_host("red", "GET", &[("origin", "https://red.example")]);
    // All of them are sent before the first is answered.
    let sent = [sender.send_request(broken()), sender.send_request(red()), sender.send_request(broken())];
    let [first, second, third] = sent.map(tokio::spawn);
    for response in [first, third] {
        let response = response.await.expect("no panic").expect("a response");
        assert_eq!(response.status(), 200);
        assert_headers(&response, &[VARY]);
        assert_eq!(response.into_body().collect().await.expect("a body").to_bytes(), "served");
    }
    let allowed = [
        ("access-control-allow-origin", "https://red.example"),
        ("access-control-expose-headers", "x-red"),
        VARY,
    ];
    assert_headers(&second.await.expect("no panic").expect("a response"), &allowed);
    assert_headers(&sender.send_request(red()).await.expect("the connection is open"), &allowed);
    assert_eq!(
        heard.lock().expect("no panic").iter().map(|(denial, _)| *denial).collect::<Vec<_>>(),
        [Denial::LookupPanicked; 2]
    );
}

#[tokio::test]
async fn the_names_of_the_layer_and_of_the_policy_are_on_every_response() {
    let any = || CorsPolicy::builder().allow_any_origin();
    let names = [TENANT, HeaderName::from_static("origin"), HeaderName::from_static("x-region")];
    let layer = CorsLayer::per_request(move |request| {
        let policy = match request.headers().get(TENANT)?.to_str().ok()? {
            "any" => any(),
            "any by tenant" => any().vary_by(["x-tenant", "accept-language"]),
            "app" => allow_app().vary_by(["X-Region"]),
            "rejecting" => allow_app().reject_disallowed_origins(true),
            _ => return None,
        };
        policy.build().ok()
    });
    // Twice, as two parts of a program may do.
    let layer = layer.vary_by(names).and_then(|layer| layer.vary_by([TENANT])).expect("names");
    let app = App::behind(&layer, &[("vary", "Accept")]);
    let cases: [(&str, &str, &[&str]); 6] = [
        ("any", STRANGER, &["Accept", "Origin", "X-Tenant", "X-Region"]),
        ("any by tenant", STRANGER, &["Accept", "Origin", "X-Tenant", "Accept-Language", "X-Region"]),
        ("app", APP, &["Accept", "Origin", "X-Region", "X-Tenant"]),
        ("app", STRANGER, &["Accept", "Origin", "X-Region", "X-Tenant"]),
        ("rejecting", APP, &["Accept", "Origin", "X-Tenant", "X-Region"]),
        ("nobody", APP, &["Accept", "Origin", "X-Tenant", "X-Region"]),
    ];
    for (tenant, origin, expected) in cases {
        let response = app.send_served(request("GET", &[("origin", origin), ("x-tenant", tenant)])).await;
        let mut lines: Vec<_> = expected.iter().map(|name| ("vary", *name)).collect();
        lines.extend(match tenant {
            "any" | "any by tenant" => Some(("access-control-allow-origin", "*")),
            _ => (origin == APP && tenant != "nobody").then_some(("access-control-allow-origin", APP)),
        });
        assert_headers_of(&response, &lines, &format!("{tenant} from {origin}"));
    }
    let response =
        app.send_unserved(request("GET", &[("origin", STRANGER), ("x-tenant", "rejecting")])).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[REJECTION_VARY, ("vary", "X-Tenant"), ("vary", "X-Region")]);

    // Preflights: the policy's line, and the names that the selection adds.
    let more = |more: &str| format!("{}{more}", PREFLIGHT_VARY.1);
    let cases: [(&str, u16, &[&str]); 4] = [
        ("any", 204, &[&more(""), "X-Tenant", "X-Region"]),
        ("app", 204, &[&more(", X-Region"), "X-Tenant"]),
        ("any by tenant", 204, &[&more(", X-Tenant, Accept-Language"), "X-Region"]),
        ("nobody", 403, &[&more(""), "X-Tenant", "X-Region"]),
    ];
    for (tenant, status, expected) in cases {
        let mut preflight = preflight("GET", &[]);
        preflight.headers_mut().insert(TENANT, tenant.parse().expect("a value"));
        let response = app.send_unserved(preflight).await;
        assert_eq!(response.status(), status, "{tenant}");
        let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(vary, expected, "{tenant}");
    }
}

#[tokio::test]
async fn any_origin_varies_by_the_origin_and_by_what_its_policy_varies_by() {
    let anyone = ("access-control-allow-origin", "*");
    let any = |names: &'static [&str]| {
        let policy = built(CorsPolicy::builder().allow_any_origin().vary_by(names));
        App::behind(&CorsLayer::per_request(move |_| Some(policy.clone())), &[])
    };
    for (names, vary) in [(&[][..], "Origin"), (&["x-tenant"], "Origin, X-Tenant")] {
        for headers in [&[("origin", APP)][..], &[("origin", "null")], &[("origin", "")], &[]] {
            let response = any(names).send_served(request("GET", headers)).await;
            assert_headers_of(&response, &[anyone, ("vary", vary)], &format!("{headers:?}"));
        }
    }
}

#[tokio::test]
async fn a_fixed_policy_can_vary_by_what_it_was_chosen_by_elsewhere() {
    let policy = built(CorsPolicy::builder().allow_any_origin());
    let app = App::behind(&CorsLayer::from(policy).vary_by([TENANT]).expect("a name"), &[]);
    let response = app.send_served(request::<&str>("GET", &[])).await;
    let anyone = ("access-control-allow-origin", "*");
    assert_headers(&response, &[anyone, VARY, ("vary", "X-Tenant")]);
}

#[tokio::test]
async fn a_policy_that_rejects_does_so_before_the_service() {
    let layer = CorsLayer::per_request(|_| allow_app().reject_disallowed_origins(true).build().ok());
    let (layer, heard) = listening(layer);
    let app = App::behind(&layer, &[]);
    let response = app.send_unserved(at("/rejected", request("POST", &[("origin", STRANGER)]))).await;
    assert_eq!(response.status(), 403);
    assert_headers(&response, &[REJECTION_VARY]);
    let heard = heard.lock().expect("no panic");
    assert_eq!(*heard, [(Denial::OriginNotAllowed, "/rejected".to_owned())]);
}

#[tokio::test]
async fn the_hook_sees_the_request_that_the_function_saw() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&heard);
    let layer = CorsLayer::per_request(|_| None).on_denial(move |denial, request| {
        let tenant = request.headers().get(TENANT).cloned();
        let number = request.extensions().get::<u8>().copied();
        hook.lock().expect("no panic").push((denial.kind(), request.method().clone(), tenant, number));
    });
    let mut request = request("DELETE", &[("origin", APP), ("x-tenant", "red")]);
    request.extensions_mut().insert(7_u8);
    App::behind(&layer, &[]).send_served(request).await;
    let expected = ("no-policy", http::Method::DELETE, Some(HeaderValue::from_static("red")), Some(7));
    assert_eq!(*heard.lock().expect("no panic"), [expected]);
}

#[tokio::test]
async fn the_layers_own_answers_have_the_body_that_a_function_makes() {
    let layer = by_tenant().empty_body(|| Full::new(Bytes::new()));
    let mut service = layer.layer(service_fn(|_: Request<String>| {
        ready(Ok::<_, Infallible>(Response::new(Full::new(Bytes::from("served")))))
    }));
    for (tenant, status) in [("red", 204), ("blue", 403), ("nobody", 403), ("broken", 403)] {
        let headers = [
            ("origin", "https://red.example"),
            ("access-control-request-method", "GET"),
            ("x-tenant", tenant),
        ];
        let Ok(response) = service.call(request("OPTIONS", &headers)).await;
        assert_eq!(response.status(), status, "{tenant}");
        let Ok(body) = response.into_body().collect().await;
        assert_eq!(body.to_bytes(), "", "{tenant}");
    }
}

#[tokio::test]
async fn the_function_is_asked_once_for_a_request() {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let layer = CorsLayer::per_request(move |_| {
        *count.lock().expect("no panic") += 1;
        allow_app().build().ok()
    });
    let app = App::behind(&layer.on_denial(|_, _| {}), &[]);
    let requests = [
        request::<&str>("GET", &[]),
        request("GET", &[("origin", APP)]),
        request("GET", &[("origin", STRANGER)]),
        preflight("GET", &[]),
        preflight("PUT", &[]),
    ];
    for (index, request) in requests.into_iter().enumerate() {
        app.send(request).await;
        assert_eq!(*asked.lock().expect("no panic"), index + 1);
    }
}

proptest! {
    /// Concurrent requests in the service, which are answered in a different order.
    #[test]
    fn no_response_is_decorated_by_the_policy_of_another_tenant(
        requests in proptest::collection::vec((0_usize..5, 0_usize..3, any::<bool>(), any::<u16>()), 1..24),
    ) {
        const TENANTS: [&str; 5] = ["red", "blue", "green", "nobody", "broken"];
        let mut service = by_tenant().layer(service_fn(|_: Request<String>| async {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(Response::new(String::new()))
        }));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let mut pending = Vec::new();
            for (tenant, page, is_preflight, turn) in requests {
                let origin = origin_of(TENANTS[page]);
                let mut headers = vec![("origin", &*origin), ("x-tenant", TENANTS[tenant])];
                if is_preflight {
                    headers.push(("access-control-request-method", "GET"));
                }
                let method = if is_preflight { "OPTIONS" } else { "GET" };
                pending.push((turn, tenant == page, is_preflight, TENANTS[page], service.call(request(method, &headers))));
            }
            pending.sort_by_key(|(turn, ..)| *turn);
            for (_, own, is_preflight, page, response) in pending {
                let Ok(response) = response.await;
                let allowed = response.headers().get("access-control-allow-origin");
                assert_eq!(allowed, own.then(|| origin_of(page).parse().expect("a value")).as_ref());
                let exposed = response.headers().get("access-control-expose-headers");
                let expected = (own && !is_preflight).then(|| format!("x-{page}").parse().expect("a value"));
                assert_eq!(exposed, expected.as_ref());
            }
        });
    }
}
