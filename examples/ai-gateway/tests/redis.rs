//! Several copies of the gateway with one Redis, and with one that goes away. Without a `redis-server` these are ignored; with
//! `TOWER_CORS_REDIS` set they fail.

mod redis {
    pub(crate) mod server;
}
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod support;

use std::future::Future;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use redis::server::{self, Server};
use support::{Program, chat, config_with_limit, header, text_of};
use tokio::net::TcpListener;
use tokio::time::sleep;

fn main() {
    let tests = vec![
        trial("copies_count_and_remember_together", together),
        trial("a_server_that_goes_away_and_comes_back", away),
        trial("a_server_that_is_not_there_yet", not_yet),
        trial("a_server_that_does_not_answer", silent),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn trial<F: Future<Output = ()> + 'static>(name: &str, test: fn() -> F) -> Trial {
    let run = move || {
        tokio::runtime::Runtime::new()?.block_on(test());
        Ok(())
    };
    let is_required = std::env::var_os("TOWER_CORS_REDIS").is_some();
    Trial::test(name, run).with_ignored_flag(!server::is_installed() && !is_required)
}

/// A copy that lets each client send so many requests in an hour.
async fn copy(url: &str, requests: u32) -> Program {
    let config = config_with_limit(&format!("redis-{requests}.toml"), requests);
    Program::start_with(&[("REDIS_URL", url), ("GATEWAY_CONFIG", &config)]).await
}

async fn status(program: &Program) -> u16 {
    program.get("/v1/models").await.status().as_u16()
}

async fn cache(program: &Program, question: &str) -> String {
    let response = program.post("/v1/chat/completions", &chat("gpt-4.1", question)).await;
    let cache = header(&response, "x-cache").to_owned();
    assert!(text_of(response).await.ends_with("data: [DONE]\n\n"));
    cache
}

async fn together() {
    let server = Server::start(0).await;
    let (one, other) = (copy(&server.url(), 5).await, copy(&server.url(), 5).await);
    assert_eq!(cache(&one, "[words 2] [pause 0]").await, "miss");
    assert_eq!(cache(&other, "[words 2] [pause 0]").await, "hit");
    assert_eq!(other.calls().await["total"], 0, "it did not have to ask");
    for program in [&one, &other, &one] {
        assert_eq!(status(program).await, 200);
    }
    for program in [&one, &other] {
        assert_eq!(status(program).await, 429, "they count together");
    }
}

async fn away() {
    let server = Server::start(0).await;
    let port = server.port;
    let (mut one, other) = (copy(&server.url(), 6).await, copy(&server.url(), 6).await);
    for program in [&one, &other, &one, &other, &one, &other] {
        assert_eq!(status(program).await, 200);
    }
    assert_eq!(status(&one).await, 429);
    drop(server);

    // Each counts and remembers for itself now: the gateway serves, and it still has a limit.
    let start = Instant::now();
    assert_eq!(cache(&one, "[words 2] [pause 0]").await, "miss");
    assert_eq!(cache(&one, "[words 2] [pause 0]").await, "hit");
    for _ in 0..4 {
        assert_eq!(status(&one).await, 200);
    }
    assert_eq!(status(&one).await, 429);
    assert!(start.elapsed() < Duration::from_secs(5), "nothing waits for Redis: {:?}", start.elapsed());

    // A new one remembers nothing, and both use it.
    let server = Server::start(port).await;
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(cache(&one, "[words 3] [pause 0]").await, "miss");
    assert_eq!(cache(&other, "[words 3] [pause 0]").await, "hit");
    drop(server);
    one.terminate().await;
    let (status, errors) = one.wait().await;
    assert!(status.success());
    // Said once, not at every request.
    assert_eq!(errors.matches("Redis does not answer: ").count(), 1, "{errors}");
    assert_eq!(errors.matches("Redis answers again").count(), 1, "{errors}");
}

async fn not_yet() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let port = free.local_addr().expect("it has an address").port();
    drop(free);
    let program = copy(&format!("redis://127.0.0.1:{port}"), 100).await;
    assert_eq!(status(&program).await, 200);
    let _server = Server::start(port).await;
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(cache(&program, "[words 2] [pause 0]").await, "miss");
    let other = copy(&format!("redis://127.0.0.1:{port}"), 100).await;
    assert_eq!(cache(&other, "[words 2] [pause 0]").await, "hit");
}

/// It accepts connections and says nothing: worse than none.
async fn silent() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let url = format!("redis://{}", silent.local_addr().expect("it has an address"));
    let program = copy(&url, 1000).await;
    let start = Instant::now();
    for _ in 0..40 {
        assert_eq!(status(&program).await, 200);
    }
    // A quarter of a second, once a second.
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}
