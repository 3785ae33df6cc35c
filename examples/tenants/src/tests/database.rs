//! What happens while policies are looked up, edited and out of reach.

use std::pin::pin;
use std::task::{Context, Waker};

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_cors::{CorsPolicy, RequestHead};

use super::http::{APP, STRANGER, VARY, assert_headers, assert_headers_of, send};
use super::{
    JSON, PATIENCE, PROBLEM, assert_readable, cors, get, json as body_of, page_of, serve, with_tenants,
};
use crate::api::{Database, Policies, Tenant};

#[tokio::test]
async fn many_first_requests_at_the_same_time_ask_the_database_once() {
    let policies = with_tenants(3);
    let app = serve(&policies);
    let mut requests = JoinSet::new();
    for _ in 0..64 {
        let app = app.clone();
        requests.spawn(async move {
            assert_readable(&send(&app, get("t1", &page_of("t1"))).await, "t1", &[JSON]);
        });
    }
    while let Some(outcome) = requests.join_next().await {
        outcome.expect("each is granted");
    }
    assert_eq!(policies.database().queries(), 1);

    // That there is no such tenant is remembered as well.
    for _ in 0..3 {
        send(&app, get("nobody", APP)).await;
    }
    assert_eq!(policies.database().queries(), 2);
    assert_eq!(body_of(&send(&app, get("t2", APP)).await)["tenant"], "t2");
    assert_eq!(policies.database().queries(), 3);
}

fn tenant(name: &str) -> Tenant {
    Tenant::of(RequestHead::from(&get(name, APP))).expect("a name")
}

#[tokio::test]
async fn a_look_up_that_an_edit_overtakes_is_not_kept() {
    let tenant = tenant("t0");
    let new = CorsPolicy::builder().allow_origin(APP).build().expect("a policy");
    loop {
        let policies = with_tenants(1);
        let mut overtaken = pin!(policies.find(&tenant));
        if overtaken.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            // The database was so fast that nothing could overtake it.
            continue;
        }
        let has_read = async {
            while policies.database().queries() == 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, has_read).await.expect("the old policy is read");
        policies.store(&tenant, &new).await.expect("stored");
        assert_ne!(overtaken.await.expect("the old policy"), new);
        assert_eq!(policies.find(&tenant).await, Some(new));
        return;
    }
}

#[tokio::test]
async fn an_edit_whose_client_goes_away_takes_effect_all_the_same() {
    let policies = with_tenants(1);
    let tenant = tenant("t0");
    let old = policies.find(&tenant).await;
    let new = CorsPolicy::builder().allow_origin(APP).build().expect("a policy");
    {
        let mut edit = pin!(policies.store(&tenant, &new));
        assert!(edit.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let taken_effect = async {
        while policies.find(&tenant).await == old {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, taken_effect).await.expect("the new policy");
    assert_eq!(policies.find(&tenant).await, Some(new));
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_grants_nothing_and_can_be_mended() {
    let policies = with_tenants(1);
    let app = serve(&policies);
    for broken in [
        "",
        "{",
        "{\"allow_origins\": [\"null\"]}",
        "{\"allow_origins\": \"*\", \"allow_credentials\": true}",
    ] {
        let t0 = tenant("t0");
        let new = CorsPolicy::builder().allow_origin(APP).build().expect("a policy");
        policies.store(&t0, &new).await.expect("stored");
        policies.database().store_policy(&t0, broken.to_owned()).await.expect("stored");
        for origin in [APP, "null", STRANGER] {
            assert_headers_of(&send(&app, get("t0", origin)).await, &[JSON, VARY], broken);
        }
        // The tenant sees what it is. Its page does not: nobody has allowed it to.
        let read = send(&app, cors("GET", "t0", "")).await;
        assert_eq!(read.body(), broken);
        assert_headers(&read, &[JSON, VARY]);
        let mended = send(&app, cors("PUT", "t0", json!({"allow_origins": [APP]}).to_string())).await;
        assert_eq!(mended.status(), 204);
        let response = send(&app, get("t0", APP)).await;
        assert_headers(&response, &[("access-control-allow-origin", APP), JSON, VARY]);
    }
}

#[tokio::test]
async fn a_database_that_fails_grants_nothing() {
    // Without a table.
    let connection = rusqlite::Connection::open_in_memory().expect("a database");
    let policies = Policies::new(Database::new(connection));
    let app = serve(&policies);
    for reads in 1..=2 {
        // The service answers all the same, and the next request asks again.
        let response = send(&app, get("t0", &page_of("t0"))).await;
        assert_eq!(response.status(), 200);
        assert_headers(&response, &[JSON, VARY]);
        assert_eq!(policies.database().queries(), reads);
    }
    let response = send(&app, cors("GET", "t0", "")).await;
    assert_eq!(response.status(), 500);
    assert_headers(&response, &[PROBLEM, VARY]);
    let expected = json!({
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "this is an error of the server; please try again",
    });
    assert_eq!(body_of(&response), expected);
}
