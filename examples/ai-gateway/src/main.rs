//! Browser, gateway, model provider: the provider's key stays on the server, and the answer arrives token by token.
//!
//! `cargo run -p example-ai-gateway` prints what to try. One process, three origins: a chat page, the gateway that it calls,
//! and a simulated provider, which the gateway calls. `OPENAI_BASE_URL` and `OPENAI_API_KEY` point to a real one;
//! `settings.rs` lists every variable.

mod client;
mod gateway;
mod page;
mod provider;
mod serve;
mod settings;
mod store;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use gateway::Gateway;
use serve::{Listeners, interrupted};
use settings::Settings;

/// The default configuration; `GATEWAY_CONFIG=gateway.toml` replaces it by a file.
const CONFIG: &str = r#"
[cors]                               # the page's own origin, those of ALLOW_ORIGINS and the gateway's own are added
allow_credentials = true             # the session cookie
allow_methods     = ["DELETE"]       # to sign out
presets           = ["openai-js"]    # what OpenAI's client sends, and what it reads: when to try again, the request's id
expose_headers    = ["x-model", "x-cache"]   # or the page cannot read them
max_age           = "10m"
reject_disallowed_origins = true     # browsers send the cookie for any page: a stranger's must cost nothing

[limit]                              # for each client
requests = 30
seconds  = 60

# A tier's first model answers, and the others stand in for it, then those of the other tier. In US dollars for a million tokens.
[[models]]
name   = "gpt-4.1-nano"
tier   = "easy"
input  = 0.10
output = 0.40

[[models]]
name   = "gpt-4.1-mini"
tier   = "easy"
input  = 0.40
output = 1.60

[[models]]
name   = "gpt-4.1"
tier   = "hard"
input  = 2.00
output = 8.00
"#;

#[tokio::main]
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
    let end = interrupted()?;
    // `PORT=0` takes any free ports.
    let port = std::env::var("PORT").map_or(Ok(4100), |port| port.parse())?;
    let listeners = Listeners::from(port).await?;
    let origins = listeners.origins()?;
    let settings = Settings::read(CONFIG, &origins)?;
    print_what_to_try(&settings);

    let page = page::app(&origins.gateway);
    let provider = settings.provider.is_stand_in.then(provider::app);
    let policy = settings.policy.clone();
    let gateway = gateway::app(Arc::new(Gateway::new(settings)), policy);
    serve::until(end, listeners, gateway, page, provider).await
}

fn print_what_to_try(settings: &Settings) {
    let page = &settings.origins.page;
    let gateway = &settings.origins.gateway;
    let token = settings.users.first_token();
    println!(
        "open {page}/#token={token} in a browser

{page}  the chat page
{gateway}  the gateway, which the page calls
{}  the model provider, which only the gateway calls

# The page's preflight needs no token:
curl -i -X OPTIONS {gateway}/v1/chat/completions -H 'Origin: {page}' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: authorization,content-type'

# An answer, token by token:
curl -N {gateway}/v1/chat/completions -H 'Origin: {page}' -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{{\"model\": \"auto\", \"stream\": true, \"messages\": [{{\"role\": \"user\", \"content\": \"What is CORS?\"}}]}}'

# Without the token: 401, which the page can read:
curl -i {gateway}/v1/usage -H 'Origin: {page}'

# A page of a stranger is refused before anything runs:
curl -i {gateway}/v1/usage -H 'Origin: https://stranger.example' -H 'Authorization: Bearer {token}'

# What the requests cost:
curl {gateway}/v1/usage -H 'Authorization: Bearer {token}'

Ctrl-C ends it, after the answers that have begun; PORT=5100 before the command takes other ports.",
        settings.provider.base
    );
}
