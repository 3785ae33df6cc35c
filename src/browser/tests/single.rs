//! One request, without redirects.

use http::Method;
use proptest::prelude::*;

use super::*;

#[tokio::test]
async fn a_simple_request_goes_out_with_its_origin_alone() {
    let mut page = page();
    let response =
        page.fetch(&mut server(|request| open(&request)), Request::get("/v1?q=1#f")).await.unwrap();
    assert_eq!(
        (response.status(), response.ok(), response.preflight()),
        (StatusCode::OK, true, Preflight::NotNeeded)
    );
    assert_eq!(
        (response.response_type(), response.url()),
        (ResponseType::Cors, "https://api.example.com/v1?q=1")
    );
    assert!(!response.redirected());
    assert_eq!(sent(&page), ["GET https://api.example.com/v1?q=1"]);
    assert_eq!(
        pairs(page.log()[0].request_headers()),
        [
            ("accept", "*/*"),
            ("host", "api.example.com"),
            ("origin", PAGE),
            ("sec-fetch-dest", "empty"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-site", "same-site"),
        ]
    );
}

#[tokio::test]
async fn a_preflight_asks_first_and_without_credentials() {
    let mut page = page().cookie("a=1").cookie("b=2");
    let request = Request::put("/v1")
        .header("X-A", "1")
        .header("Authorization", "Bearer t")
        .header("accept", "text/plain")
        .credentials(Include)
        .text("body");
    let mut bodies = Vec::new();
    let mut app = server(|request| {
        bodies.push(request.body().clone());
        open(&request)
    });
    let response = page.fetch(&mut app, request).await.unwrap();
    drop(app);
    assert_eq!(response.preflight(), Preflight::Sent);
    assert_eq!(bodies, ["", "body"]);
    let [preflight, actual] = page.log() else { panic!("{:?}", sent(&page)) };
    assert_eq!(
        pairs(preflight.request_headers()),
        [
            ("accept", "*/*"),
            ("access-control-request-headers", "authorization,x-a"),
            ("access-control-request-method", "PUT"),
            ("host", "api.example.com"),
            ("origin", PAGE),
            ("sec-fetch-dest", "empty"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-site", "same-site"),
        ]
    );
    assert_eq!(
        pairs(actual.request_headers()),
        [
            ("accept", "text/plain"),
            ("authorization", "Bearer t"),
            ("content-type", "text/plain;charset=UTF-8"),
            ("cookie", "a=1; b=2"),
            ("host", "api.example.com"),
            ("origin", PAGE),
            ("sec-fetch-dest", "empty"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-site", "same-site"),
            ("x-a", "1"),
        ]
    );
}

#[tokio::test]
async fn a_failed_preflight_keeps_the_request_at_home() {
    let mut page = page();
    let mut app = server(|request| if is_preflight(&request) { answer(403, &[]) } else { open(&request) });
    let error = page.fetch(&mut app, Request::delete("/v1")).await.unwrap_err();
    let blocked = error.blocked().unwrap();
    assert_eq!(blocked.reason(), &Reason::AllowOriginMissing);
    assert_eq!((blocked.stage(), blocked.preflight()), (Stage::Preflight, Preflight::Sent));
    assert_eq!((blocked.method(), blocked.url()), (&Method::DELETE, "https://api.example.com/v1"));
    assert_eq!((blocked.origin(), blocked.status()), (PAGE, StatusCode::FORBIDDEN));
    assert_eq!(sent(&page), ["OPTIONS https://api.example.com/v1 preflight"]);
}

#[tokio::test]
async fn a_response_that_is_not_shared_is_blocked_after_the_server_acted() {
    let mut page = page();
    let mut app = server(|request| if is_preflight(&request) { open(&request) } else { answer(500, &[]) });
    let error = page.fetch(&mut app, Request::put("/v1")).await.unwrap_err();
    let blocked = error.blocked().unwrap();
    assert_eq!((blocked.stage(), blocked.preflight()), (Stage::Actual, Preflight::Sent));
    assert_eq!(page.log().len(), 2);
}

#[tokio::test]
async fn the_status_of_a_shared_response_can_be_anything() {
    for status in [200, 204, 300, 304, 401, 404, 500] {
        let mut app = server(|_| answer(status, &[("access-control-allow-origin", "*")]));
        let response = page().fetch(&mut app, Request::get("/")).await.unwrap();
        assert_eq!((response.status().as_u16(), response.ok()), (status, (200..300).contains(&status)));
    }
}

#[tokio::test]
async fn a_request_to_the_own_origin_knows_no_cors() {
    let own = || Browser::at("https://app.example.com/index.html").server(PAGE).cookie("a=1");
    for (request, origin, cookie) in [
        (Request::get("/"), None, Some("a=1")),
        (Request::head("/"), None, Some("a=1")),
        (Request::post("/"), Some(PAGE), Some("a=1")),
        (Request::new("patch", "/").header("x-a", "1"), Some(PAGE), Some("a=1")),
        (Request::delete("/").credentials(Omit), Some(PAGE), None),
        (Request::put("/").use_cors_preflight(true), Some(PAGE), Some("a=1")),
    ] {
        let mut page = own();
        let mut app = server(|_| answer(200, &[("x-hidden", "1"), ("set-cookie", "b=2")]));
        let response = page.fetch(&mut app, request).await.unwrap();
        assert_eq!(
            (response.preflight(), response.response_type()),
            (Preflight::NotNeeded, ResponseType::Basic)
        );
        assert_eq!((response.header("x-hidden"), response.header("set-cookie")), (Some("1"), None));
        let headers = page.log()[0].request_headers();
        let value = |name| headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!((value("origin"), value("cookie")), (origin, cookie));
        assert_eq!(value("sec-fetch-site"), Some("same-origin"));
    }
}

#[tokio::test]
async fn cookies_go_to_the_server_in_the_mode_include_only() {
    for (url, credentials, cookie) in [
        ("/", SameOrigin, false),
        ("/", Omit, false),
        ("/", Include, true),
        ("https://third.example/", Include, false),
    ] {
        let mut page = page().cookie("a=1");
        page.fetch(&mut server(|request| open(&request)), Request::get(url).credentials(credentials))
            .await
            .unwrap();
        assert_eq!(page.log()[0].request_headers().contains_key("cookie"), cookie, "{url} {credentials:?}");
    }
}

#[tokio::test]
async fn an_opaque_origin_is_null() {
    for mut page in [Browser::opaque(), Browser::at("null"), Browser::at("file:///x.html")] {
        page.fetch(&mut server(|request| open(&request)), Request::get("/")).await.unwrap();
        assert_eq!(page.log()[0].request_headers()["origin"], "null");
        assert_eq!(page.log()[0].request_headers()["sec-fetch-site"], "cross-site");
        assert_eq!(page.log()[0].url(), "https://server.test/");
    }
}

#[tokio::test]
async fn hosts_are_sent_as_browsers_write_them() {
    for (url, host, site) in [
        ("https://bücher.example/ü?q=ü", "xn--bcher-kva.example", "same-site"),
        ("https://API.b%C3%BCcher.example./", "api.xn--bcher-kva.example.", "cross-site"),
        ("https://%61pi.example:8443/", "api.example:8443", "cross-site"),
        ("http://127.1:3000/", "127.0.0.1:3000", "cross-site"),
        ("http://0x7f000001/", "127.0.0.1", "cross-site"),
    ] {
        let mut page = Browser::at("https://shop.BÜcher.example/");
        let response = page.fetch(&mut server(|request| open(&request)), Request::put(url)).await.unwrap();
        assert_eq!(response.preflight(), Preflight::Sent, "{url}");
        for exchange in page.log() {
            let headers = exchange.request_headers();
            assert_eq!(headers["host"], host, "{url}");
            assert_eq!(headers["origin"], "https://shop.xn--bcher-kva.example", "{url}");
            assert_eq!(headers["sec-fetch-site"], site, "{url}");
            assert_eq!(exchange.url().split('/').nth(2), Some(host), "{url}");
        }
    }
    let mut short = Browser::at("http://127.1:8080").server("http://127.0.0.1:8080");
    let response = short.fetch(&mut server(|_| answer(200, &[])), Request::put("/")).await.unwrap();
    assert_eq!(response.response_type(), ResponseType::Basic);
}

#[tokio::test]
async fn the_path_reaches_the_server_percent_encoded() {
    let mut app = server(|request| {
        assert_eq!(request.uri(), "/%C3%BC/b%20c?q=%C3%BC%27");
        open(&request)
    });
    page().fetch(&mut app, Request::get("/a/../ü/b c?q=ü'#f")).await.unwrap();
}

#[tokio::test]
async fn a_client_of_the_network_is_given_whole_urls_after_a_redirect_too() {
    let mut seen = Vec::new();
    let mut client = server(|request| {
        seen.push(request.uri().to_string());
        match request.uri().path() {
            "/a" => answer(
                307,
                &[("access-control-allow-origin", "*"), ("location", "http://b.example:81/b?q#f")],
            ),
            _ => open(&request),
        }
    });
    let url = "https://API.bücher.example:8443/a";
    page().absolute_form(true).fetch(&mut client, Request::get(url)).await.unwrap();
    drop(client);
    assert_eq!(seen, ["https://api.xn--bcher-kva.example:8443/a", "http://b.example:81/b?q"]);
}

#[tokio::test]
async fn a_host_that_no_uri_can_have_is_left_out_of_the_absolute_form() {
    let mut client = server(|request| {
        assert_eq!(
            (request.uri().to_string().as_str(), &request.headers()["host"]),
            ("/x", &"a{b}.example".parse().unwrap())
        );
        open(&request)
    });
    page().absolute_form(true).fetch(&mut client, Request::get("https://a{b}.example/x")).await.unwrap();
}

#[tokio::test]
async fn apps_and_extensions_send_their_own_origin() {
    for (at, origin) in [
        ("capacitor://localhost", "capacitor://localhost"),
        ("Capacitor://MyApp/index.html", "capacitor://MyApp"),
        ("tauri://localhost/", "tauri://localhost"),
        (
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop/a.html",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        ),
    ] {
        let mut page = Browser::at(at).server("https://localhost");
        let response = page.fetch(&mut server(|request| open(&request)), Request::get("/")).await.unwrap();
        assert_eq!(response.response_type(), ResponseType::Cors);
        assert_eq!(page.log()[0].request_headers()["origin"], origin);
        assert_eq!(page.log()[0].request_headers()["sec-fetch-site"], "cross-site");
    }
}

#[tokio::test]
async fn invalid_requests_never_reach_the_server() {
    let mut app = server(|_| unreachable!("nothing is sent"));
    for (mut browser, request) in [
        (Browser::at("app.example.com"), Request::get("/")),
        (page().server("api"), Request::get("/")),
        (page().cookie("a=1\r\nb: 2"), Request::get("/")),
        (page(), Request::get("ftp://a.example/")),
        (page(), Request::new("TRACE", "/")),
        (page(), Request::get("/").text("x")),
    ] {
        let error = browser.fetch(&mut app, request).await.unwrap_err();
        assert!(matches!(error, FetchError::Invalid(_)), "{error}");
        assert!(browser.log().is_empty());
    }
}

#[tokio::test]
async fn read_header_tells_a_hidden_header_from_a_refusal() {
    let shared = [("access-control-allow-origin", PAGE), ("x-a", "1")];
    let exposed = [&shared[..], &[("access-control-expose-headers", "x-a")]].concat();
    let value =
        page().read_header(&mut server(|_| answer(200, &exposed)), Request::get("/"), "x-a").await.unwrap();
    assert_eq!(value, "1");
    let error = page()
        .read_header(&mut server(|_| answer(200, &shared)), Request::get("/"), "x-a")
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::Unreadable(Unreadable::NotExposed(_))), "{error}");
    let error =
        page().read_header(&mut server(|_| answer(200, &[])), Request::get("/"), "x-a").await.unwrap_err();
    assert!(error.blocked().is_some(), "{error}");
}

#[tokio::test]
async fn services_with_one_type_of_body_are_driven_too() {
    use axum::body::Body;
    use bytes::Bytes;
    use http_body_util::{Empty, Full};

    fn one<B>() -> impl Service<http::Request<B>, Response = Answer, Error = Infallible> {
        tower::service_fn(|request: http::Request<B>| ready(Ok(open(&request.map(|_| String::new())))))
    }
    let mut page = page();
    page.fetch(&mut one::<()>(), Request::get("/").no_body()).await.unwrap();
    page.fetch(&mut one::<Empty<Bytes>>(), Request::put("/").no_body()).await.unwrap();
    page.fetch(&mut one::<Full<Bytes>>(), Request::put("/").body(Full::from("x"))).await.unwrap();
    page.fetch(&mut one::<Body>(), Request::put("/").body_with(|| Body::from("x"))).await.unwrap();
    page.fetch(&mut one::<Body>(), Request::get("/").no_body()).await.unwrap();
    page.fetch(&mut axum::Router::new(), Request::get("/")).await.unwrap_err();
}

#[test]
fn a_fetch_can_be_spawned() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn is_shareable<T: Send + Sync + Unpin + Clone>() {}
    let mut page = page();
    let mut app = axum::Router::new();
    drop(is_send(page.fetch(&mut app, Request::get("/"))));
    is_shareable::<Browser>();
    is_shareable::<Request<axum::body::Body>>();
    is_shareable::<Blocked>();
}

proptest! {
    /// No server can make a page see anything that was not shared with it.
    #[test]
    fn a_page_sees_what_was_shared_with_it_and_nothing_else(
        preflight in lines(),
        actual in lines(),
        method in prop::sample::select(vec!["GET", "PUT", "patch"]),
        header in prop::option::of(prop::sample::select(vec!["x-a", "authorization"])),
        include in any::<bool>(),
    ) {
        let mut request = Request::new(method, "/").credentials(if include { Include } else { SameOrigin });
        if let Some(name) = header {
            request = request.header(name, "1");
        }
        let mut page = page();
        let mut app = server(|request| answer(200, if is_preflight(&request) { &preflight } else { &actual }));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcome = runtime.block_on(page.fetch(&mut app, request));

        let first = |lines: &[(&str, &'static str)], name: &str| {
            lines.iter().find(|(line, _)| *line == name).map_or("", |(_, value)| *value)
        };
        let count = |lines: &[(&str, &str)], name: &str| lines.iter().filter(|(line, _)| *line == name).count();
        let shared = |lines: &[(&'static str, &'static str)]| {
            let origin = first(lines, "access-control-allow-origin");
            count(lines, "access-control-allow-origin") == 1
                && (origin == PAGE || (origin == "*" && !include))
                && (!include || (count(lines, "access-control-allow-credentials") == 1
                    && first(lines, "access-control-allow-credentials") == "true"))
        };
        let lists = |lines: &[(&str, &str)], name: &str, wanted: &str| {
            lines.iter().any(|(line, value)| *line == name && (value.split(", ").any(|item| item == wanted)
                || (*value == "*" && !include && wanted != "authorization")))
        };
        let asks = method != "GET" || header.is_some();
        let allowed = shared(&actual) && (!asks || shared(&preflight)
            && (method == "GET" || lists(&preflight, "access-control-allow-methods", method))
            && header.is_none_or(|name| lists(&preflight, "access-control-allow-headers", name)));
        prop_assert_eq!(outcome.is_ok(), allowed, "{:?}", outcome);
        if let Ok(response) = outcome {
            prop_assert_eq!(response.preflight() == Preflight::Sent, asks);
            let exposed = lists(&actual, "access-control-expose-headers", "x-b");
            prop_assert_eq!(response.header("x-b"), exposed.then_some("1"));
        }
    }
}

/// Some header lines that matter to CORS, and `X-B`.
fn lines() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let line = prop::sample::select(vec![
        ("access-control-allow-origin", PAGE),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://other.example"),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-credentials", "True"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-methods", "PUT, patch"),
        ("access-control-allow-methods", "*"),
        ("access-control-allow-headers", "x-a"),
        ("access-control-allow-headers", "authorization, x-a"),
        ("access-control-allow-headers", "*"),
        ("access-control-expose-headers", "x-b"),
        ("access-control-expose-headers", "*"),
    ]);
    let fixed =
        [("x-b", "1"), ("access-control-allow-origin", PAGE), ("access-control-allow-credentials", "true")];
    (prop::collection::vec(line, 0..4), 1..=fixed.len())
        .prop_map(move |(lines, count)| [&fixed[..count], &lines].concat())
}
