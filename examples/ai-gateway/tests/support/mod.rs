//! The program, started on ports of its own, and requests to it over TCP.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_example-ai-gateway");

/// The simulated provider's key, which no response may ever contain.
pub(crate) const KEY: &str = "sk-stand-in";

pub(crate) const ADA: &str = "ada-secret";
pub(crate) const GRACE: &str = "grace-secret";

/// What a busy machine may need for anything.
pub(crate) const SLACK: Duration = Duration::from_secs(20);

/// The process. Dropping it ends it.
pub(crate) struct Program {
    process: Child,
    /// Kept open: a program whose output nobody can read stops.
    _printed: Lines<BufReader<ChildStdout>>,
    pub(crate) page: String,
    pub(crate) gateway: String,
    pub(crate) provider: String,
}

impl Program {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With variables of its environment beside the two users.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(PROGRAM)
            .env("PORT", "0")
            .env("GATEWAY_TOKENS", format!("ada={ADA},grace={GRACE}"))
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let mut printed = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut origins = Vec::new();
        while origins.len() < 3 {
            let line = printed.next_line().await.expect("it prints text").expect("it prints its origins");
            // Each on a line of its own, with what it is.
            if let Some((origin, _)) = line.split_once("  ") {
                origins.push(origin.to_owned());
            }
        }
        let [page, gateway, provider] = origins.try_into().expect("three");
        let provider = provider.trim_end_matches("/v1").to_owned();
        Self { process, _printed: printed, page, gateway, provider }
    }

    /// The calls to the simulated provider.
    pub(crate) async fn calls(&self) -> Value {
        let request = Request::get(format!("{}/calls", self.provider)).body(String::new());
        json_of(send(request.expect("a request")).await).await
    }

    /// Asks the simulated provider until it says yes.
    pub(crate) async fn wait_for_calls(&self, condition: impl Fn(&Value) -> bool) {
        let start = Instant::now();
        loop {
            let calls = self.calls().await;
            if condition(&calls) {
                return;
            }
            assert!(start.elapsed() < SLACK, "{calls}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// A request as the allowed page sends it, signed in with a token.
    pub(crate) fn request(&self, method: &str, path: &str, token: &str) -> hyper::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.gateway))
            .header("origin", &self.page)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Incoming> {
        send(self.request("GET", path, ADA).body(String::new()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response<Incoming> {
        send(self.request("POST", path, ADA).body(body.to_string()).expect("a request")).await
    }

    /// A streamed answer to a question.
    pub(crate) async fn ask(&self, question: &str) -> Response<Incoming> {
        self.post("/v1/chat/completions", &chat("auto", question)).await
    }

    #[cfg(unix)]
    pub(crate) async fn terminate(&self) {
        let id = self.process.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("there is `kill`").success());
    }

    /// How it ends, and what it has written as errors.
    pub(crate) async fn wait(&mut self) -> (ExitStatus, String) {
        let status = timeout(SLACK, self.process.wait()).await.expect("it ends").expect("it can be asked");
        let mut errors = String::new();
        let piped = self.process.stderr.as_mut().expect("it is piped");
        piped.read_to_string(&mut errors).await.expect("it prints text");
        (status, errors)
    }
}

pub(crate) fn chat(model: &str, question: &str) -> Value {
    json!({ "model": model, "stream": true, "messages": [{ "role": "user", "content": question }] })
}

/// On a connection of its own.
pub(crate) async fn send(request: Request<String>) -> Response<Incoming> {
    let client: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
    let answer = client.request(request.map(Full::from));
    timeout(SLACK, answer).await.expect("it answers in time").expect("it answers")
}

pub(crate) fn header<'a, B>(response: &'a Response<B>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

pub(crate) async fn text_of(response: Response<Incoming>) -> String {
    let body = timeout(SLACK, response.into_body().collect()).await.expect("it ends in time");
    String::from_utf8(body.expect("a whole body").to_bytes().to_vec()).expect("text")
}

pub(crate) async fn json_of(response: Response<Incoming>) -> Value {
    serde_json::from_str(&text_of(response).await).expect("JSON")
}

/// A configuration file with a limit of so many requests in an hour.
pub(crate) fn config_with_limit(name: &str, requests: u32) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let text = format!(
        r#"
        cors.expose_headers = ["retry-after"]
        limit = {{ requests = {requests}, seconds = 3600 }}
        models = [
            {{ name = "gpt-4.1-nano", tier = "easy", input = 0.10, output = 0.40 }},
            {{ name = "gpt-4.1", tier = "hard", input = 2.0, output = 8.0 }},
        ]
        "#
    );
    std::fs::write(&path, text).expect("there is room for a file");
    path.to_str().expect("text").to_owned()
}
