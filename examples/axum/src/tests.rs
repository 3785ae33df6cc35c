//! What pages get from their browsers.

use axum::Router;
use tower_cors::browser::{Browser, Credentials, Request};

use super::{CONFIG, Config};

const APP: &str = "https://app.example.com";

fn app() -> Router {
    let config: Config = toml::from_str(CONFIG).expect("a policy without mistakes");
    super::app(config.cors)
}

/// A body in JSON, for which a browser sends a preflight.
fn put(item: &str) -> Request<String> {
    Request::put("/items/1").header("content-type", "application/json").body(item.to_owned())
}

#[tokio::test]
async fn an_allowed_page_reads_and_edits() {
    let mut page = Browser::at(APP);
    let list = Request::<String>::get("/items").credentials(Credentials::Include);
    assert_eq!(page.read_header(&mut app(), list, "x-request-id").await.expect("it is exposed"), "1");

    let response = page.fetch(&mut app(), put("\"green tea\"")).await.expect("it is allowed");
    assert_eq!(response.status(), 200);
    let body = axum::body::to_bytes(response.into_body(), 1024).await.expect("a body");
    assert_eq!(body, "item 1 is now green tea");
}

#[tokio::test]
async fn an_allowed_page_reads_an_error() {
    let response =
        Browser::at("http://localhost:5173").fetch(&mut app(), Request::<String>::get("/nowhere")).await;
    assert_eq!(response.expect("it is allowed").status(), 404);
}

#[tokio::test]
async fn a_page_that_is_not_allowed_reads_and_edits_nothing() {
    let mut page = Browser::at("https://evil.example");
    page.fetch(&mut app(), Request::<String>::get("/items")).await.expect_err("it is kept from the page");
    page.fetch(&mut app(), put("\"poison\"")).await.expect_err("the preflight is refused");
    assert_eq!(page.log().len(), 1, "nothing was sent after the preflight");
}
