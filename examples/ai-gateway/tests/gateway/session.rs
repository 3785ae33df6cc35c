//! The session cookie.

use hyper::Request;
use serde_json::json;

use crate::support::{ADA, Program, header, json_of, send};

/// Signs in, and returns the cookie's line.
async fn sign_in(program: &Program) -> String {
    let request = Request::post(format!("{}/session", program.gateway))
        .header("origin", &program.page)
        .header("content-type", "application/json")
        .body(json!({ "token": ADA }).to_string());
    let response = send(request.expect("a request")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-credentials"), "true");
    header(&response, "set-cookie").to_owned()
}

/// Who a cookie is, or the status.
async fn who(program: &Program, cookie: &str, authorization: Option<&str>) -> Result<String, u16> {
    let mut request = Request::get(format!("{}/session", program.gateway)).header("cookie", cookie);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let response = send(request.body(String::new()).expect("a request")).await;
    match response.status().as_u16() {
        200 => Ok(json_of(response).await["user"].as_str().expect("a name").to_owned()),
        status => Err(status),
    }
}

#[tokio::test]
async fn it_works_from_another_site_and_only_there_where_it_was_set() {
    let program = Program::start().await;
    let line = sign_in(&program).await;
    let (cookie, attributes) = line.split_once("; ").expect("attributes");
    let mut attributes: Vec<_> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=43200", "Partitioned", "Path=/", "SameSite=None", "Secure"]);
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert_eq!(who(&program, cookie, None).await.as_deref(), Ok("ada"));
    assert_eq!(who(&program, &format!("a=b; {cookie}; c"), None).await.as_deref(), Ok("ada"));
}

#[tokio::test]
async fn nobody_else_can_write_it() {
    let program = Program::start().await;
    let line = sign_in(&program).await;
    let cookie = line.split(';').next().expect("a cookie");
    let forged = cookie.replace("ada.", "grace.");
    assert_ne!(forged, cookie);
    let later = format!("{cookie}0");
    for cookie in ["", "__Host-session=", "__Host-session=ada.99999999999", &forged, &later] {
        assert_eq!(who(&program, cookie, None).await, Err(401), "{cookie}");
    }
    assert_eq!(who(&program, cookie, Some("Bearer wrong")).await, Err(401), "the token counts");
    let elsewhere = Program::start().await;
    assert_eq!(who(&elsewhere, cookie, None).await, Err(401), "it has another key");
}

#[tokio::test]
async fn copies_with_one_secret_know_the_same_sessions() {
    let secret = [("SESSION_SECRET", "0123456789abcdef0123456789abcdef")];
    let (one, other) = (Program::start_with(&secret).await, Program::start_with(&secret).await);
    let line = sign_in(&one).await;
    assert_eq!(who(&other, line.split(';').next().expect("a cookie"), None).await.as_deref(), Ok("ada"));
}

#[tokio::test]
async fn signing_out_takes_it_away() {
    let program = Program::start().await;
    let request = Request::delete(format!("{}/session", program.gateway)).header("origin", &program.page);
    let response = send(request.body(String::new()).expect("a request")).await;
    let line = header(&response, "set-cookie");
    assert!(line.starts_with("__Host-session=;") && line.contains("Max-Age=0"), "{line}");
    assert!(line.contains("Partitioned"), "it must name the same cookie: {line}");
}
