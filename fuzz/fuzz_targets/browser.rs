//! The model of a browser against the layer: a page is blocked if and only if there is a denial, and the remedy helps.

#![no_main]

use http::header::ORIGIN;
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, Origin};
use tower_cors_fuzz::browser::{HOME, Page, assert_blocked_where_denied};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::config::Config;
use tower_cors_fuzz::{near, service};

/// The most policies of an input, because each takes some time.
const MAX_POLICIES: usize = 3;

fuzz_target!(|data: &[u8]| {
    let case = Case::parse(data);
    let server = server(&case);
    let policies: Vec<_> =
        case.configs().take(MAX_POLICIES).filter_map(|config| policy(config, &server)).collect();
    if policies.is_empty() {
        return;
    }
    let own = case.request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    for at in own.into_iter().chain(near::origins(&case.config.origins)) {
        let page = page(&case, at);
        if !page.is_mixed_content() && (page.at == "null" || Origin::parse(&page.at).is_ok()) {
            // Ignores requests that no browser sends.
            let _ = service::run(assert_blocked_where_denied(policies.clone(), page));
        }
    }
});

/// Adds an allowed page, to which a remedy can point, and allows `http:` origins, which a remedy may add. `served_at` gets
/// the server's real origin: with a wrong one, browser and layer cannot agree.
fn policy(config: &Config, server: &str) -> Option<CorsPolicy> {
    let mut config = config.clone();
    config.served_at.iter_mut().for_each(|own| server.clone_into(own));
    config.builder().allow_origin(HOME).dangerously_allow_insecure_origins(true).build().ok()
}

fn server(case: &Case) -> String {
    let uri = case.request.uri();
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme @ ("http" | "https")), Some(authority)) => format!("{scheme}://{authority}"),
        _ => "https://api.example.com".to_owned(),
    }
}

fn page(case: &Case, at: String) -> Page {
    let headers = case.request.headers();
    Page {
        at,
        server: server(case),
        method: case.request.method().clone(),
        headers: headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        credentials: case.credentials,
        response: case.response.clone(),
    }
}
