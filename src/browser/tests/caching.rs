//! The CORS-preflight cache over several fetches.

use super::*;

#[tokio::test]
async fn the_cache_serves_what_the_preflight_listed_until_it_expires() {
    let mut page = page();
    let mut app = server(|request| open(&request));
    let steps = [
        (0, Request::put("/"), Preflight::Sent),
        (0, Request::put("/"), Preflight::Cached),
        (0, Request::delete("/").header("x-a", "1"), Preflight::Cached),
        (0, Request::post("/").header("x-a", "1"), Preflight::Cached),
        (0, Request::put("/other"), Preflight::Sent),
        (0, Request::get("/"), Preflight::NotNeeded),
        (0, Request::post("/").use_cors_preflight(true), Preflight::Sent),
        (59, Request::put("/"), Preflight::Cached),
        (1, Request::put("/"), Preflight::Sent),
        (0, Request::put("/").credentials(Include), Preflight::Sent),
        (60, Request::put("/").credentials(Include), Preflight::Sent),
        (0, Request::put("/"), Preflight::Cached),
    ];
    for (index, (seconds, request, preflight)) in steps.into_iter().enumerate() {
        page.advance(Duration::from_secs(seconds));
        let response = page.fetch(&mut app, request).await.unwrap();
        assert_eq!(response.preflight(), preflight, "step {index}");
    }
}

#[tokio::test]
async fn engines_differ_in_how_long_they_cache() {
    let mut app = server(|_| {
        answer(
            200,
            &[
                ("access-control-allow-origin", "*"),
                ("access-control-allow-methods", "PUT"),
                ("access-control-max-age", "604800"),
            ],
        )
    });
    for (engine, seconds) in [(Engine::WebKit, 600), (Engine::Chromium, 7_200), (Engine::Firefox, 86_400)] {
        let mut page = page().engine(engine);
        for (advance, preflight) in
            [(0, Preflight::Sent), (seconds - 1, Preflight::Cached), (1, Preflight::Sent)]
        {
            page.advance(Duration::from_secs(advance));
            assert_eq!(
                page.fetch(&mut app, Request::put("/")).await.unwrap().preflight(),
                preflight,
                "{engine:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_use_cors_preflight_flag_is_cached_without_a_method_list() {
    let mut app = server(|_| answer(200, &[("access-control-allow-origin", "*")]));
    let mut page = page();
    for preflight in [Preflight::Sent, Preflight::Cached] {
        let upload = Request::post("/").use_cors_preflight(true);
        assert_eq!(page.fetch(&mut app, upload).await.unwrap().preflight(), preflight);
    }
}

#[tokio::test]
async fn a_response_that_is_refused_empties_the_cache() {
    let mut page = page();
    let mut shared = true;
    for (share, preflight) in [
        (true, Preflight::Sent),
        (true, Preflight::Cached),
        (false, Preflight::Cached),
        (true, Preflight::Sent),
    ] {
        shared = share;
        let mut app =
            server(
                |request| if shared || is_preflight(&request) { open(&request) } else { answer(200, &[]) },
            );
        let outcome = match page.fetch(&mut app, Request::put("/")).await {
            Ok(response) => response.preflight(),
            Err(error) => error.blocked().unwrap().preflight(),
        };
        assert_eq!(outcome, preflight);
    }
    assert!(shared);
}

#[tokio::test]
async fn a_simple_request_that_is_refused_leaves_the_cache_alone() {
    let mut page = page();
    page.fetch(&mut server(|request| open(&request)), Request::put("/")).await.unwrap();
    page.fetch(&mut server(|_| answer(200, &[])), Request::get("/")).await.unwrap_err();
    let again = page.fetch(&mut server(|request| open(&request)), Request::put("/")).await.unwrap();
    assert_eq!(again.preflight(), Preflight::Cached);
}

#[tokio::test]
async fn a_failing_service_is_passed_on_and_empties_the_cache() {
    let mut page = page();
    page.fetch(&mut server(|request| open(&request)), Request::put("/")).await.unwrap();
    let mut broken = tower::service_fn(|_: http::Request<String>| ready(Err::<Answer, _>("broken")));
    let error = page.fetch(&mut broken, Request::put("/")).await.unwrap_err();
    assert_eq!(error.to_string(), "the service failed: broken");
    assert!(page.log().is_empty());
    let again = page.fetch(&mut server(|request| open(&request)), Request::put("/")).await.unwrap();
    assert_eq!(again.preflight(), Preflight::Sent);
}
