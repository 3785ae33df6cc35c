//! The program, as it is started: called by a gRPC client, and from pages in Chromium by the gRPC-web clients.

mod chromium;
mod page;
mod program;

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio_stream::StreamExt;
use tonic::Code;
use tonic::transport::{Channel, Endpoint};

use self::pb::weather_client::WeatherClient;
use self::pb::{NowRequest, WatchRequest};
use self::program::{PROGRAM, Program};

mod pb {
    #![allow(clippy::pedantic, reason = "generated")]

    tonic::include_proto!("weather.v1");
}

async fn connect(program: &Program) -> WeatherClient<Channel> {
    let endpoint = Endpoint::try_from(program.url()).expect("a URL");
    WeatherClient::new(endpoint.connect().await.expect("it listens"))
}

fn city(name: &str) -> String {
    name.to_owned()
}

#[tokio::test]
async fn a_grpc_client_calls_the_same_port() {
    let program = Program::start();
    let mut client = connect(&program).await;
    let reading = client.now(NowRequest { city: city("Oslo") }).await.expect("a reading").into_inner();
    assert_eq!((reading.celsius, reading.number), (-4, 1));

    let error = client.now(NowRequest { city: city("Atlantis") }).await.expect_err("no reading");
    assert_eq!((error.code(), error.message()), (Code::NotFound, "no weather in Atlantis"));

    let watch = WatchRequest { city: city("Lima"), count: 3 };
    let readings = client.watch(watch).await.expect("a stream").into_inner();
    let numbers: Vec<_> = readings.map(|reading| reading.expect("a reading").number).collect().await;
    assert_eq!(numbers, [1, 2, 3]);
}

/// A running call is answered to its end, and a new connection is not accepted.
#[cfg(unix)]
#[tokio::test]
async fn it_ends_where_it_is_told_to() {
    let mut program = Program::start();
    let mut client = connect(&program).await;
    let watch = WatchRequest { city: city("Cairo"), count: 5 };
    let mut readings = client.watch(watch).await.expect("a stream").into_inner();
    readings.next().await.expect("a first reading").expect("a reading");
    program.terminate();
    let rest = readings.map(|reading| reading.expect("a reading")).collect::<Vec<_>>().await;
    assert_eq!(rest.len(), 4);
    drop(client);
    let (status, errors) = program.wait();
    assert!(status.success() && errors.is_empty(), "{status}: {errors}");
}

/// A call runs for longer than the program waits.
#[cfg(unix)]
#[tokio::test]
async fn it_does_not_wait_for_ever() {
    let mut program = Program::start();
    let mut client = connect(&program).await;
    let watch = WatchRequest { city: city("Cairo"), count: u32::MAX };
    let mut readings = client.watch(watch).await.expect("a stream").into_inner();
    readings.next().await.expect("a first reading").expect("a reading");
    program.terminate();
    let start = Instant::now();
    let (status, errors) = tokio::task::spawn_blocking(move || program.wait()).await.expect("no panic");
    assert!(status.success() && errors.contains("not every call ended"), "{status}: {errors}");
    assert!(start.elapsed() > Duration::from_secs(4), "it has to wait for calls that end");
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it has an address").port().to_string();
    let output = Command::new(PROGRAM).env("PORT", &port).output().expect("it starts");
    let errors = String::from_utf8(output.stderr).expect("text");
    assert!(
        !output.status.success() && errors.starts_with(&format!("cannot listen on port {port}: ")),
        "{errors}"
    );
    assert!(errors.ends_with(". Choose another: PORT=4001 cargo run -p example-tonic\n"), "{errors}");
}
