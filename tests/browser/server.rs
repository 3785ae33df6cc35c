//! A real server on loopback: the pages, and the service of each case behind its layer.

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::data;
use crate::data::case::Case;
use crate::data::ports::Ports;
use crate::data::service::{App, Record, Recorder, app};

/// Serves as long as the runtime lives.
pub(crate) struct Server {
    pub(crate) ports: Ports,
    /// The cases that run in browsers.
    pub(crate) cases: Vec<Case>,
    seats: Arc<Seats>,
}

/// By the id of the case.
type Seats = BTreeMap<String, Seat>;

struct Seat {
    app: App<Body>,
    recorder: Recorder,
    /// What was seen at each request of the page.
    steps: Mutex<Vec<Record>>,
}

const PAGE: &str = "<!doctype html><meta charset=utf-8><title>page</title><script src=/run.js></script>";
/// An opaque origin: no `allow-same-origin`.
const FRAME: &str = "<!doctype html><meta charset=utf-8><title>frame</title>\
                     <iframe sandbox=allow-scripts src=/page></iframe>";

impl Server {
    pub(crate) async fn start() -> io::Result<Self> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listeners = [bind().await?, bind().await?, bind().await?];
        let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
        let [page, other, api] = &listeners;
        let ports = Ports { page: port(page)?, other: port(other)?, api: port(api)? };
        let mut cases = data::load(ports).cases;
        cases.retain(|case| case.runs_in_browsers);

        let seat = |case: &Case| Seat::new(case).map(|seat| (case.id.clone(), seat));
        let seats: Arc<Seats> = Arc::new(cases.iter().map(seat).collect::<Result<_, _>>()?);
        let router = Router::new()
            .route(
                "/page",
                get(|| async { ([(header::SET_COOKIE, "session=1; SameSite=Strict")], Html(PAGE)) }),
            )
            .route("/frame", get(|| async { Html(FRAME) }))
            .route(
                "/run.js",
                get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], include_str!("run.js")) }),
            )
            .route("/mark/{id}", post(mark))
            .fallback(serve)
            .with_state(Arc::clone(&seats));
        for listener in listeners {
            tokio::spawn(axum::serve(listener, router.clone()).into_future());
        }
        Ok(Self { ports, cases, seats })
    }

    /// Each page once, with its cases.
    pub(crate) fn cases_by_page(&self) -> BTreeMap<&str, Vec<&Case>> {
        let mut pages = BTreeMap::<&str, Vec<&Case>>::new();
        for case in &self.cases {
            pages.entry(&case.page).or_default().push(case);
        }
        pages
    }

    /// What was seen at each request of a case.
    pub(crate) fn records(&self, case: &Case) -> Vec<Record> {
        self.seats.get(&case.id).map(|seat| seat.steps.lock().expect("no panic").clone()).unwrap_or_default()
    }
}

impl Seat {
    fn new(case: &Case) -> io::Result<Self> {
        let recorder = Recorder::default();
        let refused = |error| io::Error::other(format!("{}: {error}", case.name));
        let app = recorder.around(app(case, &recorder).map_err(refused)?);
        Ok(Self { app, recorder, steps: Mutex::default() })
    }
}

/// The page has the outcome of a request, so all exchanges until now belong to it.
async fn mark(State(seats): State<Arc<Seats>>, Path(id): Path<String>) -> StatusCode {
    let Some(seat) = seats.get(&id) else { return StatusCode::NOT_FOUND };
    seat.steps.lock().expect("no panic").push(seat.recorder.take());
    StatusCode::NO_CONTENT
}

/// The first segment of the path is a case's.
async fn serve(State(seats): State<Arc<Seats>>, request: Request) -> Response {
    let id = request.uri().path().split('/').nth(1).unwrap_or_default();
    let Some(seat) = seats.get(id) else { return StatusCode::NOT_FOUND.into_response() };
    match seat.app.clone().oneshot(request).await {
        Ok(response) => response.map(Body::from),
        Err(never) => match never {},
    }
}
