//! What the server can do: two tools, one that answers at once and one that reports its progress.

use std::time::Duration;

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ProgressNotificationParam, RequestMetaObject};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{Peer, RoleServer, schemars, tool, tool_router};
use serde::Deserialize;

/// The steps of [`Kitchen::brew`], and how long each takes.
const STEPS: [&str; 5] = ["fill the kettle", "heat the water", "warm the cup", "pour", "wait"];
const STEP: Duration = Duration::from_millis(400);

/// In the older versions of the protocol a client has a session, which is kept in memory here; since 2026-07-28 there is none.
pub(crate) fn service(
    config: StreamableHttpServerConfig,
) -> StreamableHttpService<Kitchen, LocalSessionManager> {
    // rmcp can look at `Host` and `Origin` too, but only in front of this service, and its answers are nothing that a page can
    // read or that the policy's log knows of. The layer does both for every path, from one list, so it is left to the layer.
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
// Where it is used, and not by reference: a list of values is easier to read for models and pages.
#[schemars(inline)]
enum Drink {
    Tea,
    Coffee,
}

#[tool_router(server_handler)]
impl Kitchen {
    /// What there is to drink.
    #[tool]
    fn menu(&self) -> String {
        "tea, coffee".to_owned()
    }

    /// Makes a drink and reports each step.
    #[tool]
    async fn brew(
        &self,
        Parameters(Order { drink }): Parameters<Order>,
        meta: RequestMetaObject,
        client: Peer<RoleServer>,
    ) -> String {
        for (step, count) in STEPS.iter().zip(1_u8..) {
            if let Some(token) = meta.get_progress_token() {
                let progress = ProgressNotificationParam::new(token, count.into())
                    .with_total(STEPS.len() as f64)
                    .with_message(*step);
                // A client that is gone may come back and ask for what it missed.
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
