//! A simulation of Lambda, as far as this function needs it: a function URL, and the runtime API that gives the function its
//! events. The function is a second process of this program, started as Lambda starts it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use lambda_http::Error;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc, oneshot};

/// Lambda's own limit for an event.
const MAX_BODY: usize = 6 << 20;

/// How long the function may take for one event.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Events on their way to the function, each with the receiver of its answer.
type Invocation = (Value, oneshot::Sender<Value>);

/// The events that the function has not answered yet, by number.
struct Runtime {
    waiting: Mutex<mpsc::Receiver<Invocation>>,
    given: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
}

/// Serves until it is told to end.
pub(crate) async fn stand_in() -> Result<(), Error> {
    let interrupted = interrupted()?;
    // `PORT=0` takes any free port.
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap_or_else(|error| {
        eprintln!(
            "cannot listen on port {port}: {error}. Choose another: PORT=4001 cargo run -p example-lambda"
        );
        std::process::exit(1)
    });
    let runtime_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;

    let (events, waiting) = mpsc::channel(16);
    let runtime = Runtime { waiting: Mutex::new(waiting), given: Mutex::default() };
    let runtime = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
        .with_state(Arc::new(runtime));
    let mut function = start_function(runtime_listener.local_addr()?)?;
    tokio::spawn(async move { axum::serve(runtime_listener, runtime).await });

    // Another port, and so another origin than the function's.
    let page_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    print_what_to_try(listener.local_addr()?, page_listener.local_addr()?.port());
    let page = Router::new().route("/", get(|| async { Html(include_str!("../client.html")) }));
    tokio::spawn(async move { axum::serve(page_listener, page).await });

    let url = Router::new().fallback(invoke).with_state(events);
    axum::serve(listener, url).with_graceful_shutdown(interrupted).await?;
    // Not before its last answer, and before the runtime API goes away.
    function.kill().await?;
    Ok(())
}

/// With the environment that Lambda sets. If the simulation fails, the function ends too.
fn start_function(runtime: SocketAddr) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    // Ctrl-C is for the simulation: the function must still answer requests that have begun.
    #[cfg(unix)]
    command.process_group(0);
    command
        .env("AWS_LAMBDA_RUNTIME_API", runtime.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "example")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .kill_on_drop(true)
        .spawn()
}

/// The function URL: makes an event of a request, and a response of the function's answer.
async fn invoke(State(events): State<mpsc::Sender<Invocation>>, request: Request) -> Response {
    let Some(event) = event(request).await else {
        return (StatusCode::BAD_REQUEST, "the simulation accepts only text of limited length\n")
            .into_response();
    };
    let (sender, answer) = oneshot::channel();
    let answered = async {
        events.send((event, sender)).await.ok()?;
        answer.await.ok()
    };
    let answer = tokio::time::timeout(TIMEOUT, answered).await.ok().flatten();
    answer.as_ref().and_then(response).unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
}

/// An event in the format 2.0.
async fn event(request: Request) -> Option<Value> {
    let (head, body) = request.into_parts();
    let body = String::from_utf8(to_bytes(body, MAX_BODY).await.ok()?.to_vec()).ok()?;
    let mut headers = Map::new();
    for name in head.headers.keys() {
        let lines: Option<Vec<_>> =
            head.headers.get_all(name).iter().map(|line| line.to_str().ok()).collect();
        headers.insert(name.to_string(), lines?.join(",").into());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": head.uri.path(),
        "rawQueryString": head.uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": "localhost",
            "domainPrefix": "local",
            "http": {
                "method": head.method.as_str(),
                "path": head.uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent"),
            },
            "requestId": "local",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": u64::try_from(now.as_millis()).ok()?,
        },
        "body": body,
        "isBase64Encoded": false,
    }))
}

/// The response for an answer in the same format. This function answers only with text.
fn response(answer: &Value) -> Option<Response> {
    let status = StatusCode::from_u16(answer["statusCode"].as_u64()?.try_into().ok()?).ok()?;
    let body = answer["body"].as_str().unwrap_or_default().to_owned();
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    for (name, value) in answer["headers"].as_object()? {
        let name: HeaderName = name.parse().ok()?;
        response.headers_mut().insert(name, HeaderValue::from_str(value.as_str()?).ok()?);
    }
    Some(response)
}

/// The next event for the function. It waits for one.
async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    let Some((event, sender)) = runtime.waiting.lock().await.recv().await else {
        // The simulation is about to end the function.
        return std::future::pending().await;
    };
    let mut given = runtime.given.lock().await;
    // Removes events that nobody waits for any more.
    given.retain(|_, sender| !sender.is_closed());
    let id = given.keys().max().map_or(1, |last| last + 1);
    given.insert(id, sender);
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + TIMEOUT;
    let headers = [
        ("lambda-runtime-aws-request-id", id.to_string()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:local:000000000000:function:example".to_owned(),
        ),
    ];
    (headers, Json(event)).into_response()
}

/// The function's answer to an event.
async fn answer(State(runtime): State<Arc<Runtime>>, Path(id): Path<u64>, answer: Bytes) -> StatusCode {
    let sender = runtime.given.lock().await.remove(&id);
    match (sender, serde_json::from_slice(&answer)) {
        (Some(sender), Ok(answer)) => {
            let _ = sender.send(answer);
            StatusCode::ACCEPTED
        }
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The function has failed: nobody needs to wait for its answer.
async fn fail(State(runtime): State<Arc<Runtime>>, Path(id): Path<u64>, error: String) -> StatusCode {
    eprintln!("the function failed: {error}");
    runtime.given.lock().await.remove(&id);
    StatusCode::ACCEPTED
}

fn print_what_to_try(address: SocketAddr, page: u16) {
    println!("listening on http://{address}; try:

# An allowed page reads the greeting. `Vary` is one line:
curl -i http://{address}/greeting -H 'Origin: https://app.example.com' -H 'Accept-Language: de'

# Its browser sends a preflight before it sends JSON:
curl -i -X OPTIONS http://{address}/greeting -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# A page that is not allowed is refused:
curl -i -X OPTIONS http://{address}/greeting -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: PUT'

# In a browser: a page that is allowed, and the same page from an origin that is not.
http://localhost:{page}/?url=http://{address}/greeting
http://127.0.0.1:{page}/?url=http://{address}/greeting
");
}

/// Ends with Ctrl-C, or with the signal that supervisors send.
#[cfg(unix)]
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(windows)]
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
