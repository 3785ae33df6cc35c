//! A proxy with one exported policy at each of its ports, and the service behind it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN,
    VARY,
};
use http::{HeaderValue, Method, Request, Response, Uri, request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde::Deserialize as _;
use toml::Table;
use tower::Layer as _;
use tower::util::BoxCloneSyncService;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

use super::proxy::{Proxy, Running};
use crate::data::ports::Ports;
use crate::data::{self, Data};
use crate::program::run;

pub(super) static DATA: LazyLock<Data> = LazyLock::new(|| data::load(Ports::MODEL));

pub(super) type App = BoxCloneSyncService<Request<String>, Response<String>, Infallible>;

/// A policy in the proxy and in the layer.
pub(super) struct Place {
    /// As it is written in a file.
    pub(super) rules: Table,
    /// The exported configuration.
    pub(super) policy: CorsPolicy,
    /// The service behind the layer.
    pub(super) layer: App,
    /// The service behind the proxy.
    pub(super) proxy: App,
}

pub(super) struct Stand {
    pub(super) places: Vec<Place>,
    /// Policies that the target cannot express.
    pub(super) refused: usize,
    _running: Running,
}

const FIRST_PORT: u16 = 20_000;

impl Stand {
    /// `upstream`: another address than that of the service.
    pub(super) async fn new(proxy: Proxy, policies: Vec<Table>, upstream: Option<&str>, nth: u8) -> Self {
        let service = serve().await.to_string();
        let upstream = upstream.unwrap_or(&service);
        let client = Client::builder(TokioExecutor::new()).build_http();
        let folder = proxy.folder(&format!("policies-{nth}"));
        let (mut places, mut configurations, mut refused) = (Vec::new(), Vec::new(), 0);
        for rules in policies {
            let number = u16::try_from(places.len()).expect("a few policies");
            let file = folder.join(format!("{number}.toml"));
            std::fs::write(&file, toml::to_string(&rules).expect("a table"))
                .expect("the target can be written");
            let (file, host, port) = (file.to_str().expect("text"), proxy.host(nth), FIRST_PORT + number);
            let (listen, name) = (format!("{host}:{port}"), format!("cors_{number}"));
            let flags =
                ["--accept-losses", "--json", "--upstream", upstream, "--listen", &listen, "--name", &name];
            let ran = run(["export", file, "--to", proxy.name()].into_iter().chain(flags), "");
            let document: serde_json::Value =
                serde_json::from_str(&ran.output).unwrap_or_else(|_| panic!("{}", ran.errors));
            let Some(configuration) = document["configuration"].as_str() else {
                assert_eq!(ran.status, 1);
                refused += 1;
                continue;
            };
            configurations.push(configuration.to_owned());
            let policy = CorsPolicyBuilder::deserialize(&document["policy"]).expect("a policy's fields");
            let policy = policy.build().expect("a policy");
            let layer =
                CorsLayer::from(&policy).layer(tower::service_fn(|request| async { Ok(answer(request)) }));
            let (layer, proxy) = (App::new(layer), through(client.clone(), listen));
            places.push(Place { rules, policy, layer, proxy });
        }
        let first: SocketAddr = format!("{}:{FIRST_PORT}", proxy.host(nth)).parse().expect("an address");
        let running = proxy.start(&configurations, first, nth);
        Self { places, refused, _running: running }
    }

    pub(super) fn place(&self, rules: &Table) -> Option<&Place> {
        self.places.iter().find(|place| place.rules == *rules)
    }
}

/// The same service as behind the layer.
async fn serve() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = hyper::service::service_fn(|request: Request<hyper::body::Incoming>| async {
                let request = request.map(|_| String::new());
                Ok::<_, Infallible>(answer(request).map(|body| Full::new(bytes::Bytes::from(body))))
            });
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                // A client may go away.
                let _ = connection.await;
            });
        }
    });
    address
}

/// At the path of a case, the answer of its service. Elsewhere, a service with every mistake.
fn answer(request: Request<String>) -> Response<String> {
    let (request::Parts { method, uri, headers, .. }, _) = request.into_parts();
    let id = uri.path().split('/').nth(1).unwrap_or_default();
    if let Some(case) = DATA.cases.iter().find(|case| case.id == id) {
        return case.service.respond(id, &method, uri.path(), &headers);
    }
    let mut response = Response::new(String::new());
    let answered = response.headers_mut();
    for origin in headers.get_all(ORIGIN) {
        answered.append(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answered.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    answered.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-secret"));
    answered.append(VARY, HeaderValue::from_static("Accept"));
    answered.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if uri.path() == "/error" {
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    }
    response
}

/// Forwards requests over the network.
fn through(client: Client<HttpConnector, Full<bytes::Bytes>>, address: String) -> App {
    let address: Arc<str> = address.into();
    App::new(tower::service_fn(move |request: Request<String>| {
        let (client, address) = (client.clone(), Arc::clone(&address));
        async move {
            let (mut head, body) = request.into_parts();
            let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
            head.uri = format!("http://{address}{path}").parse::<Uri>().expect("a URL");
            let is_head = head.method == Method::HEAD;
            let request = Request::from_parts(head, Full::new(bytes::Bytes::from(body)));
            let response =
                client.request(request).await.unwrap_or_else(|error| panic!("{address}: {error:?}"));
            let (head, body) = response.into_parts();
            let body =
                if is_head { bytes::Bytes::new() } else { body.collect().await.expect("a body").to_bytes() };
            Ok(Response::from_parts(head, String::from_utf8_lossy(&body).into_owned()))
        }
    }))
}
