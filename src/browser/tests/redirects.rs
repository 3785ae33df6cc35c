//! Redirects.

use super::*;

/// A server that answers `/to?URL` with a redirect there, and everything else like `open`.
fn redirecting(status: u16, request: &http::Request<String>) -> Answer {
    let mut response = open(request);
    if let (Some(target), false) = (request.uri().query(), is_preflight(request)) {
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response.headers_mut().insert("location", target.parse().unwrap());
    }
    response
}

#[tokio::test]
async fn redirects_are_followed_with_their_origins() {
    type Hop = (&'static str, Option<&'static str>);
    let cases: &[(&str, &[Hop])] = &[
        (
            "/to?/x",
            &[("https://api.example.com/to?/x", Some(PAGE)), ("https://api.example.com/x", Some(PAGE))],
        ),
        (
            "/to?https://third.example/",
            &[
                ("https://api.example.com/to?https://third.example/", Some(PAGE)),
                ("https://third.example/", Some("null")),
            ],
        ),
        (
            "https://app.example.com/to?https://api.example.com/",
            &[
                ("https://app.example.com/to?https://api.example.com/", None),
                ("https://api.example.com/", Some(PAGE)),
            ],
        ),
        (
            "/to?https://app.example.com/",
            &[
                ("https://api.example.com/to?https://app.example.com/", Some(PAGE)),
                ("https://app.example.com/", Some("null")),
            ],
        ),
    ];
    for (url, expected) in cases {
        let mut page = page();
        let response =
            page.fetch(&mut server(|request| redirecting(302, &request)), Request::get(*url)).await.unwrap();
        assert!(response.redirected());
        let log: Vec<_> = page
            .log()
            .iter()
            .map(|exchange| {
                let origin = exchange.request_headers().get("origin");
                (exchange.url(), origin.map(|origin| origin.to_str().unwrap()))
            })
            .collect();
        assert_eq!(log, *expected);
        let hosts = page.log().iter().map(|exchange| exchange.request_headers()["host"].to_str().unwrap());
        assert!(hosts.zip(*expected).all(|(host, (url, _))| url.split('/').nth(2) == Some(host)));
    }
}

#[tokio::test]
async fn each_url_of_a_chain_has_its_own_preflight_and_cache_entry() {
    let mut page = page();
    let put = Request::put("/to?https://third.example/x").header("authorization", "t").text("body");
    let mut bodies = Vec::new();
    let mut app = server(|request| {
        bodies.push(request.body().clone());
        redirecting(307, &request)
    });
    let response = page.fetch(&mut app, put.clone()).await.unwrap();
    assert_eq!(response.preflight(), Preflight::Sent);
    assert_eq!(
        sent(&page),
        [
            "OPTIONS https://api.example.com/to?https://third.example/x preflight",
            "PUT https://api.example.com/to?https://third.example/x",
            "OPTIONS https://third.example/x preflight",
            "PUT https://third.example/x",
        ]
    );
    assert!(page.log()[1].request_headers().contains_key("authorization"));
    assert!(!page.log()[2].request_headers().contains_key("access-control-request-headers"));
    assert!(!page.log()[3].request_headers().contains_key("authorization"));
    assert_eq!(page.fetch(&mut app, put).await.unwrap().preflight(), Preflight::Cached);
    drop(app);
    assert_eq!(bodies, ["", "body", "", "body", "body", "body"]);
}

#[tokio::test]
async fn a_post_becomes_a_get_without_its_body() {
    let mut page = page();
    let post = Request::post("/to?/x").text("body");
    let mut bodies = Vec::new();
    let mut app = server(|request| {
        bodies.push(request.body().clone());
        redirecting(303, &request)
    });
    page.fetch(&mut app, post).await.unwrap();
    drop(app);
    assert_eq!(sent(&page)[1], "GET https://api.example.com/x");
    assert!(!page.log()[1].request_headers().contains_key("content-type"));
    assert_eq!(bodies, ["body", ""]);
}

#[tokio::test]
async fn a_redirect_must_itself_be_shared() {
    let mut page = page();
    let mut app = server(|_| answer(302, &[("location", "/x")]));
    let error = page.fetch(&mut app, Request::get("/")).await.unwrap_err();
    assert_eq!(error.blocked().unwrap().reason(), &Reason::AllowOriginMissing);
    assert_eq!(page.log().len(), 1);
}

#[tokio::test]
async fn a_preflight_is_never_redirected() {
    let mut app = server(|request| {
        let mut response = open(&request);
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        response.headers_mut().insert("location", "/x".parse().unwrap());
        response
    });
    let error = page().fetch(&mut app, Request::put("/")).await.unwrap_err();
    let reason = Reason::PreflightStatus { status: StatusCode::PERMANENT_REDIRECT };
    assert_eq!(error.blocked().unwrap().reason(), &reason);
}

#[tokio::test]
async fn redirect_modes_refuse_or_hide() {
    let mut app = server(|request| redirecting(302, &request));
    let error = page().fetch(&mut app, Request::get("/to?/x").redirect(Redirect::Error)).await.unwrap_err();
    assert_eq!(error.blocked().unwrap().reason(), &Reason::RedirectMode);

    let mut page = page();
    let response = page.fetch(&mut app, Request::get("/to?/x").redirect(Redirect::Manual)).await.unwrap();
    assert_eq!(
        (response.response_type(), response.status()),
        (ResponseType::OpaqueRedirect, StatusCode::FOUND)
    );
    assert!(response.headers().is_empty());
    assert_eq!(page.log()[0].status(), StatusCode::FOUND);
}

#[tokio::test]
async fn twenty_redirects_are_followed() {
    let mut app = server(|request| {
        let hop: u32 = request.uri().path().trim_start_matches('/').parse().unwrap();
        let mut response = open(&request);
        if hop > 0 {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert("location", format!("/{}", hop - 1).parse().unwrap());
        }
        response
    });
    let mut page = page();
    assert_eq!(page.fetch(&mut app, Request::get("/20")).await.unwrap().status(), 200);
    assert_eq!(page.log().len(), 21);
    let error = page.fetch(&mut app, Request::get("/21")).await.unwrap_err();
    assert_eq!(error.blocked().unwrap().reason(), &Reason::TooManyRedirects);
}

#[tokio::test]
async fn a_chain_that_sent_one_preflight_has_sent_one() {
    let mut page = page();
    let mut app = server(|request| redirecting(307, &request));
    page.fetch(&mut app, Request::put("/to?https://third.example/")).await.unwrap();
    // Another first URL and the same last one. The preflight of the last one is cached.
    let response = page.fetch(&mut app, Request::put("/other?https://third.example/")).await.unwrap();
    assert_eq!(response.preflight(), Preflight::Sent);
    let preflights = page.log().iter().filter(|exchange| exchange.is_preflight()).count();
    assert_eq!((preflights, page.log().len()), (1, 3));
}

#[tokio::test]
async fn a_refusal_at_the_end_of_a_chain_that_needed_a_preflight_empties_the_cache() {
    let mut page = page();
    let to_third = Request::put("/to?https://third.example/");
    page.fetch(&mut server(|request| redirecting(307, &request)), to_third.clone()).await.unwrap();
    // The last request is a simple one, but the first was not.
    let mut app = server(|request| match request.uri().path() {
        "/to" => redirecting(303, &request),
        _ => answer(200, &[]),
    });
    page.fetch(&mut app, to_third.clone()).await.unwrap_err();
    page.fetch(&mut server(|request| redirecting(307, &request)), to_third).await.unwrap();
    let preflights: Vec<_> =
        page.log().iter().filter(|exchange| exchange.is_preflight()).map(Exchange::url).collect();
    assert_eq!(preflights, ["https://third.example/"]);
}

#[tokio::test]
async fn a_redirect_may_lead_to_a_unicode_host() {
    let mut app = server(|request| {
        let mut response = open(&request);
        if request.headers()["host"] == "api.example.com" {
            let location = "https://bücher.example/".as_bytes().try_into().unwrap();
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert("location", location);
        }
        response
    });
    let response = page().fetch(&mut app, Request::get("/")).await.unwrap();
    assert_eq!(response.url(), "https://xn--bcher-kva.example/");
}
