//! Logging in from another origin: the cookie of a response is sent with the next request, if CORS and the browser allow it.

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tower_cors::CorsLayer;
use tower_cors::browser::{Browser, Credentials, Reason, Request};

use crate::support::{APP, allow_app, assert_rows, built};

/// Logs in with a cookie with these attributes, and returns who is logged in.
fn app(attributes: &'static str, credentials: bool) -> Router {
    let login = move || async move { [("set-cookie", format!("session=7{attributes}"))] };
    let logout = || async { [("set-cookie", "session=; Path=/; Max-Age=0; Secure; SameSite=None")] };
    let me = |headers: HeaderMap| async move {
        let cookie = headers.get("cookie").and_then(|cookie| cookie.to_str().ok());
        axum::Json(json!({ "cookie": cookie }))
    };
    let routes =
        Router::new().route("/login", post(login)).route("/logout", post(logout)).route("/me", get(me));
    routes.layer(CorsLayer::new(built(allow_app().allow_credentials(credentials))))
}

async fn me(page: &mut Browser, app: &mut Router, credentials: Credentials) -> Value {
    let response = page.fetch(app, Request::get("/me").credentials(credentials)).await.expect("a response");
    response.json::<Value>().await.expect("JSON")["cookie"].take()
}

const CROSS_SITE: &str = "https://api.example.net";
const SAME_SITE: &str = "https://api.example.com";

#[tokio::test]
async fn a_login_lasts_where_cors_and_the_cookie_allow_it() {
    use Credentials::{Include, Omit, SameOrigin};
    let lasting = "; Path=/; HttpOnly; Secure; SameSite=None";
    let mut rows = Vec::new();
    for (server, attributes, at_login, afterwards, expected) in [
        (CROSS_SITE, lasting, Include, Include, json!("session=7")),
        (CROSS_SITE, lasting, Include, SameOrigin, Value::Null),
        (CROSS_SITE, lasting, Include, Omit, Value::Null),
        (CROSS_SITE, lasting, SameOrigin, Include, Value::Null),
        (CROSS_SITE, "; Path=/", Include, Include, Value::Null),
        (CROSS_SITE, "; Path=/; SameSite=None", Include, Include, Value::Null),
        (SAME_SITE, "; Path=/", Include, Include, json!("session=7")),
        (SAME_SITE, "; Path=/; SameSite=Strict", Include, Include, json!("session=7")),
        (SAME_SITE, "; Path=/", SameOrigin, Include, Value::Null),
        (APP, "; Path=/", SameOrigin, SameOrigin, json!("session=7")),
    ] {
        let mut app = app(attributes, true);
        let mut page = Browser::at(APP).server(server);
        let login =
            page.fetch(&mut app, Request::post("/login").credentials(at_login)).await.expect("a response");
        assert_eq!(login.header("set-cookie"), None, "no script sees it");
        let seen = me(&mut page, &mut app, afterwards).await;
        rows.push((format!("{server} {attributes} {at_login:?} {afterwards:?}"), seen, expected));
    }
    assert_rows(rows);
}

#[tokio::test]
async fn a_logout_ends_the_session_that_was_there_before() {
    let mut app = app("", true);
    let mut page = Browser::at(APP).server(CROSS_SITE).cookie("session=7");
    assert_eq!(me(&mut page, &mut app, Credentials::Include).await, "session=7");
    let logout = Request::post("/logout").credentials(Credentials::Include);
    page.fetch(&mut app, logout).await.expect("a response");
    assert_eq!(page.cookies().count(), 0);
    assert_eq!(me(&mut page, &mut app, Credentials::Include).await, Value::Null);
}

/// As in a browser: the page learns nothing, but is logged in.
#[tokio::test]
async fn a_blocked_response_sets_its_cookie() {
    let mut app = app("; Path=/; Secure; SameSite=None", false);
    let mut page = Browser::at(APP).server(CROSS_SITE);
    let login = Request::post("/login").credentials(Credentials::Include);
    let error = page.fetch(&mut app, login).await.expect_err("no credentials are allowed");
    let reason = error.blocked().expect("blocked").reason();
    assert!(matches!(reason, Reason::AllowCredentials { .. }), "{reason:?}");
    assert!(page.cookies().eq([("session", "7")]));
}

#[tokio::test]
async fn what_is_not_json_is_an_error_that_shows_it() {
    let mut app = Router::new().route("/", get(|| async { "\u{feff}<html>" }));
    let mut fetch =
        async || Browser::at(APP).server(APP).fetch(&mut app, Request::get("/")).await.expect("a response");
    let error = fetch().await.json::<Value>().await.expect_err("a page");
    assert_eq!(
        error.to_string(),
        "the body is not the expected JSON: expected value at line 1 column 1, in `<html>`"
    );
    assert_eq!(fetch().await.text().await.expect("text"), "<html>");
}
