//! A page that shows, request by request, what a browser allows and why the policy decided so.
//!
//! `cargo run -p example-playground` prints its address. One process, three origins: the page, an API behind the layer,
//! and a stranger's page.

mod server;

use std::error::Error;
use std::process::ExitCode;

use server::{Origins, Playground};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    // `PORT=0` takes any free ports.
    let port = std::env::var("PORT").map_or(Ok(4000), |port| port.parse())?;
    let playground = Playground::start(port).await?;
    print_where_to_look(&playground.origins);
    playground.serve().await
}

fn print_where_to_look(origins: &Origins) {
    let Origins { page, api, stranger } = origins;
    println!(
        "open {page} in a browser

{page}  the page
{api}  an API behind the layer, which the page calls
{stranger}  a stranger's page, which makes the same requests

Ctrl-C ends it; PORT=5000 before the command takes other ports."
    );
}
