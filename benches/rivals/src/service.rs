//! The service behind each layer, and its answers.

use std::sync::atomic::{AtomicBool, Ordering};

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderName, VARY};
use http::{HeaderValue, Request, StatusCode};

/// A layer in front of the service.
pub trait Layered {
    /// Panics where the layer or the handler does.
    fn call(&self, request: Request<()>) -> (StatusCode, HeaderMap);
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub handler_ran: bool,
}

pub fn ask(layered: &dyn Layered, request: Request<()>) -> Answer {
    RAN.store(false, Ordering::SeqCst);
    let (status, headers) = layered.call(request);
    Answer { status, headers, handler_ran: RAN.load(Ordering::SeqCst) }
}

/// The situations run one after the other.
static RAN: AtomicBool = AtomicBool::new(false);

/// The handler's answers, for any method, on the paths below. The router handles every other path.
pub struct Reply {
    /// In the framework's own way to fail.
    pub is_error: bool,
    pub headers: HeaderMap,
}

pub const ITEMS: &str = "/items";
pub const VARIES: &str = "/varies";
pub const GRANTS: &str = "/grants";
pub const FAILS: &str = "/fails";
pub const PANICS: &str = "/panics";
pub const PATHS: [&str; 5] = [ITEMS, VARIES, GRANTS, FAILS, PANICS];
pub const NOWHERE: &str = "/nowhere";

/// The handler of a rival in another process has run.
pub fn mark_run() {
    RAN.store(true, Ordering::SeqCst);
}

pub fn handle(path: &str) -> Reply {
    mark_run();
    assert_ne!(path, PANICS, "as this path must");
    let mut headers = HeaderMap::new();
    let mut add = |name: HeaderName, value: &'static str| {
        headers.append(name, HeaderValue::from_static(value));
    };
    if path == VARIES {
        add(VARY, "accept-encoding");
        add(VARY, "accept-language");
    }
    if path == GRANTS {
        add(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    Reply { is_error: path == FAILS, headers }
}
