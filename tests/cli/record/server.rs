//! The pages, and the service of each scenario behind its policy, all on loopback.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use libtest_mimic::Failed;
use tokio::net::{TcpListener, TcpStream};
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, ServiceExt as _};

use crate::page;
use crate::scenario::{Frame, InFront, Scenario, Service};

/// Plain HTTP: the page, another page, the API, another API.
const PORTS: [u16; 4] = [4310, 4311, 4312, 4313];

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";

type App = BoxCloneSyncService<Request, Response, Infallible>;

struct Seat {
    scenario: Scenario,
    /// The policy around the service.
    plain: App,
}

type Seats = Arc<BTreeMap<String, Seat>>;

/// Serves as long as the runtime lives.
pub(crate) struct Server {
    tls: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.tls.kill();
        let _ = self.tls.wait();
    }
}

impl Server {
    pub(crate) async fn start(scenarios: &[Scenario]) -> Result<Self, Failed> {
        let seat = |scenario: &Scenario| {
            let plain = BoxCloneSyncService::new(scenario.layer()?.layer(service(scenario.service.clone())));
            Ok::<_, Failed>((scenario.name.clone(), Seat { scenario: scenario.clone(), plain }))
        };
        let seats: BTreeMap<_, _> = scenarios.iter().map(seat).collect::<Result<_, _>>()?;
        let router = Router::new()
            .route("/page/{name}", get(document))
            .route("/asset/main.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], "1") }))
            .route("/asset/logo.svg", get(|| async { ([(header::CONTENT_TYPE, "image/svg+xml")], SVG) }))
            .fallback(serve)
            .with_state(Arc::new(seats));
        for port in PORTS {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let router = router.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(connection(stream, router.clone()));
                }
            });
        }
        Ok(Self { tls: tls().await? })
    }
}

/// HTTP/1.1, or HTTP/2 where the client begins with it.
async fn connection(stream: TcpStream, router: Router) {
    let service =
        TowerToHyperService::new(router.map_request(|request: hyper::Request<_>| request.map(Body::new)));
    // Ignores a browser that closes the connection.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// The same over TLS and HTTP/2, with port numbers that are higher by ten: Node's TLS in front, with an untrusted
/// certificate.
async fn tls() -> Result<Child, Failed> {
    let certificate = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:*.localhost"])
        .args(["-keyout", "-", "-out", "-"])
        .stderr(Stdio::null())
        .output()?;
    let pem = String::from_utf8(certificate.stdout)?;
    let node = Command::new("node")
        .args(["-e", include_str!("tls.js"), "--", &pem])
        .stdin(Stdio::piped())
        .spawn()?;
    for _ in 0..50 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, PORTS[3] + 10)).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(node)
}

/// `?plain` makes the request with nothing in front of the policy, `?frame` is the content of a sandboxed frame.
async fn document(
    State(seats): State<Seats>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let Some(Seat { scenario, .. }) = seats.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let plain = query.contains_key("plain");
    let html = if scenario.frame == Frame::Sandboxed && !query.contains_key("frame") {
        page::outer(&format!("?frame{}", if plain { "&plain" } else { "" }))
    } else {
        page::page(scenario, &scenario.request(plain))
    };
    if scenario.cookie {
        let path = if plain { "/plain" } else { "" };
        let cookie = format!("session=1; Path={path}/{name}");
        return ([(header::SET_COOKIE, cookie)], Html(html)).into_response();
    }
    Html(html).into_response()
}

/// The first segment of the path is a scenario's name, or `plain` before it.
async fn serve(State(seats): State<Seats>, request: Request) -> Response {
    let path = request.uri().path();
    let (plain, rest) = match path.strip_prefix("/plain/") {
        Some(rest) => (true, rest),
        None => (false, path.trim_start_matches('/')),
    };
    let Some(seat) = seats.get(rest.split('/').next().unwrap_or_default()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let app = seat.plain.clone();
    let answered = match seat.scenario.in_front {
        Some(in_front) if !plain => in_front.answer(app, request).await,
        _ => app.oneshot(request).await,
    };
    match answered {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

impl InFront {
    async fn answer(self, app: App, request: Request) -> Result<Response, Infallible> {
        let is_options = request.method() == Method::OPTIONS;
        match self {
            Self::Authentication if !request.headers().contains_key(header::AUTHORIZATION) => {
                return Ok((StatusCode::UNAUTHORIZED, "who are you?").into_response());
            }
            Self::Options404 if is_options => return Ok(StatusCode::NOT_FOUND.into_response()),
            Self::Options405 if is_options => {
                return Ok(
                    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST, PUT")]).into_response()
                );
            }
            Self::RedirectOptions if is_options => {
                let elsewhere = format!("http://localhost:{}{}", PORTS[3], request.uri().path());
                return Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, elsewhere)]).into_response());
            }
            Self::BadGateway if !is_options => {
                return Ok((StatusCode::BAD_GATEWAY, Html("<h1>502 Bad Gateway</h1>\n")).into_response());
            }
            Self::OwnPreflight if is_options => {
                let headers = [
                    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
                    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
                    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
                ];
                return Ok((StatusCode::NO_CONTENT, headers).into_response());
            }
            _ => {}
        }
        let mut response = app.oneshot(request).await?;
        if self == Self::Doubled {
            response.headers_mut().append(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        if self == Self::Stripped && !is_options {
            response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        }
        Ok(response)
    }
}

/// Answers every request in the same way, and `OPTIONS` as any other.
fn service(
    service: Service,
) -> impl tower::Service<Request, Response = Response, Error = Infallible, Future: Send>
+ Clone
+ Send
+ Sync
+ 'static {
    let service = Arc::new(service);
    tower::service_fn(move |request: Request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.respond(&request)) }
    })
}

impl Service {
    fn respond(&self, request: &Request) -> Response {
        if let Some(location) = self.redirect.as_ref().filter(|_| !request.uri().path().ends_with("/next")) {
            return (StatusCode::FOUND, [(header::LOCATION, location.clone())]).into_response();
        }
        let status =
            self.status.map_or(StatusCode::OK, |status| StatusCode::from_u16(status).expect("a status"));
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().expect("a header name");
            headers.insert(name, value.parse().expect("a header value"));
        }
        (status, headers, self.body.clone().unwrap_or_else(|| "done".to_owned())).into_response()
    }
}
