//! Servers behind actix-cors, with its defaults and with a safe configuration: `tower-cors probe` tells them apart.
//!
//! `TOWER_CORS=path/to/tower-cors cargo run --bin probe`

use std::error::Error;
use std::process::Command;

use actix_cors::Cors;
use actix_web::{App, HttpServer, rt, web};

const PAGE: &str = "https://app.example.com";

/// A layer, and the expected findings.
type Case = (&'static str, fn() -> Cors, &'static [&'static str]);

const CASES: [Case; 3] = [
    ("permissive", Cors::permissive, &["any-origin-with-credentials", "null-origin-with-credentials"]),
    (
        "any origin by `*`",
        || Cors::default().allow_any_origin().send_wildcard().allowed_methods(["GET"]),
        &[],
    ),
    (
        "one origin",
        || Cors::default().allowed_origin(PAGE).supports_credentials().allowed_methods(["GET"]),
        &[],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::var_os("TOWER_CORS")
        .ok_or("set TOWER_CORS to the path of the program: TOWER_CORS=path/to/tower-cors")?;
    for (name, layer, expected) in CASES {
        let text = rt::System::new().block_on(async {
            let app = move || App::new().wrap(layer()).route("/items", web::get().to(async || "tea"));
            let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0))?;
            let url = format!("http://{}/items", server.addrs()[0]);
            let server = server.run();
            let handle = server.handle();
            rt::spawn(server);
            let mut probe = Command::new(&program);
            probe.args(["probe", &url, "--origin", PAGE, "--json"]);
            let output = rt::task::spawn_blocking(move || probe.output()).await??;
            handle.stop(false).await;
            Ok::<_, Box<dyn Error>>(String::from_utf8(output.stdout)?)
        })?;
        let found: Vec<_> =
            text.split("\"kind\": \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        println!("actix-cors, {name}: {found:?}");
        if found != expected || !text.contains("\"questions\"") {
            return Err(format!("{name}: expected {expected:?}\n{text}").into());
        }
    }
    Ok(())
}
