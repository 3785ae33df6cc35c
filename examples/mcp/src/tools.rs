//! Two tools: one answers at once, the other reports its progress.

use std::time::Duration;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ProgressNotificationParam, RequestMetaObject};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{Peer, RoleServer, ServerHandler, schemars, tool, tool_handler, tool_router};
use serde::Deserialize;

/// The steps of [`Kitchen::brew`], and how long each takes.
const STEPS: [&str; TOTAL as usize] = ["fill the kettle", "heat the water", "warm the cup", "pour", "wait"];
const TOTAL: u8 = 5;
const STEP: Duration = Duration::from_millis(400);

/// Before version 2026-07-28 of the protocol, clients have sessions. They are kept in memory.
pub(crate) fn service(
    config: StreamableHttpServerConfig,
) -> StreamableHttpService<Kitchen, LocalSessionManager> {
    // rmcp can check `Host` and `Origin` too, but only on this path. The layer checks them on every path, with one policy, and
    // logs refusals. So rmcp's list of hosts is switched off: one list is enough.
    let config = config.disable_allowed_hosts();
    StreamableHttpService::new(|| Ok(Kitchen), LocalSessionManager::default().into(), config)
}

pub(crate) struct Kitchen;

#[derive(Deserialize, schemars::JsonSchema)]
struct Order {
    /// Something from the menu.
    drink: Drink,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
// Inlined in the schema: simpler for models, and for the page.
#[schemars(inline)]
enum Drink {
    Tea,
    Coffee,
}

#[tool_handler(name = "example-mcp", version = "1.0.0")]
impl ServerHandler for Kitchen {}

#[tool_router]
impl Kitchen {
    /// What there is to drink.
    #[tool]
    fn menu() -> String {
        "tea, coffee".to_owned()
    }

    /// Makes a drink and reports each step.
    #[tool]
    async fn brew(
        Parameters(Order { drink }): Parameters<Order>,
        meta: RequestMetaObject,
        client: Peer<RoleServer>,
    ) -> String {
        for (step, done) in STEPS.into_iter().zip(1_u8..) {
            if let Some(token) = meta.get_progress_token() {
                let progress = ProgressNotificationParam::new(token, done.into())
                    .with_total(TOTAL.into())
                    .with_message(step);
                // A client that disconnects may come back and ask for the messages that it missed.
                let _ = client.notify_progress(progress).await;
            }
            tokio::time::sleep(STEP).await;
        }
        match drink {
            Drink::Tea => "a cup of tea".to_owned(),
            Drink::Coffee => "a cup of coffee".to_owned(),
        }
    }
}
