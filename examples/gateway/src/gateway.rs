//! Which route a request takes, and the layer around all of them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_cors::CorsLayer;
use tower_http::services::ServeDir;

use crate::config::{Config, Route, Target};
use crate::proxy::{Problem, Proxy};

struct Gateway {
    routes: Arc<Routes>,
    proxy: Proxy,
}

pub(crate) fn app(config: Config) -> Router {
    let routes = Arc::new(Routes(config.routes));
    let gateway = Arc::new(Gateway { routes: Arc::clone(&routes), proxy: Proxy::new(config.timeouts) });
    // One layer around everything, so no answer is forgotten: allowed pages can read 404, 502 and 504 too. For a
    // route without a policy, nothing is granted, and the upstream's CORS headers are removed.
    let cors = CorsLayer::per_request(move |request| routes.find(request.uri().path())?.cors.clone());
    let cors = cors.on_denial(|denial, request| {
        let origin = request.headers().get(header::ORIGIN);
        println!("denied: {} {:?} from {origin:?}: {denial}", request.method(), request.uri().path());
    });
    Router::new().fallback(answer).with_state(gateway).layer(cors)
}

async fn answer(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    if climbs(request.uri().path()) {
        let detail = "The path has `.` or `..` segments. Send it without them.";
        return Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
    }
    match gateway.routes.find(request.uri().path()).map(|route| &route.target) {
        Some(Target::Upstream(upstream)) => gateway.proxy.forward(client.ip(), upstream, request).await,
        // A folder has many files: the whole path is looked up in it.
        Some(Target::Files(folder)) => match ServeDir::new(folder).try_call(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) => no_file(folder, &error),
        },
        None => Problem::new(StatusCode::NOT_FOUND, "No route covers this path.").into_response(),
    }
}

fn no_file(folder: &Path, error: &io::Error) -> Response {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied => {
            Problem::new(StatusCode::NOT_FOUND, "There is no such file.").into_response()
        }
        _ => {
            eprintln!("{}: {error}", folder.display());
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The file cannot be read.").into_response()
        }
    }
}

struct Routes(Vec<Route>);

impl Routes {
    /// The route with the longest path that covers the request's.
    fn find(&self, path: &str) -> Option<&Route> {
        self.0.iter().filter(|route| covers(&route.path, path)).max_by_key(|route| route.path.len())
    }
}

/// Whole segments: `/v1` covers `/v1` and `/v1/chat`, not `/v10`.
fn covers(route: &str, path: &str) -> bool {
    path.strip_prefix(route.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path has a segment that an upstream may resolve: it would lead to another route, past this policy. Browsers
/// resolve such segments before they send a path.
fn climbs(path: &str) -> bool {
    if !path.contains(['.', '%']) {
        return false;
    }
    let decoded = path.replace("%2e", ".").replace("%2E", ".");
    let decoded = decoded.replace("%2f", "/").replace("%2F", "/").replace("%5c", "\\").replace("%5C", "\\");
    // Some servers first remove the part of a segment after `;`.
    let mut segments = decoded.split(['/', '\\']).filter_map(|segment| segment.split(';').next());
    segments.any(|segment| segment == "." || segment == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_covers_whole_segments() {
        for (route, path, expected) in [
            ("/", "/", true),
            ("/", "/v1", true),
            ("/v1", "/v1", true),
            ("/v1", "/v1/", true),
            ("/v1", "/v1/chat", true),
            ("/v1", "/v10", false),
            ("/v1", "/V1", false),
            ("/v1", "/", false),
            ("/v1", "/%761", false),
            // For `OPTIONS *`.
            ("/", "*", false),
        ] {
            assert_eq!(covers(route, path), expected, "{route} {path}");
        }
    }

    #[test]
    fn a_path_climbs_however_its_dots_and_slashes_are_written() {
        for path in [
            "/v1/../admin",
            "/v1/..",
            "/v1/./x",
            "/v1/%2e%2E/admin",
            "/v1/.%2e/admin",
            "/v1/..%2fadmin",
            "/v1/..%5Cadmin",
            "/v1/..;x=1/admin",
            "/v1%2F..%2Fadmin",
        ] {
            assert!(climbs(path), "{path}");
        }
        for path in ["/", "/v1/a.b", "/v1/...", "/v1/..a", "/v1/.well-known", "/v1/%41", "*"] {
            assert!(!climbs(path), "{path}");
        }
    }
}
