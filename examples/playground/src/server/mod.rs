//! The three servers of the playground: the page, the API, and a stranger's page.

mod api;
mod live;
mod log;
mod page;
mod policies;
mod remedy;
mod rust;
mod stranger;
mod verdict;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use live::LivePolicy;
use log::Log;

/// Where the playground is. Always `localhost`, so the page's cookie goes to the API: cookies ignore ports.
#[derive(Clone, serde::Serialize)]
pub(crate) struct Origins {
    pub(crate) page: String,
    pub(crate) api: String,
    pub(crate) stranger: String,
}

pub(crate) struct Playground {
    pub(crate) origins: Origins,
    servers: JoinSet<io::Result<()>>,
}

impl Playground {
    /// Listens on `port` and the two after it; on any three with 0.
    pub(crate) async fn start(port: u16) -> Result<Self, Box<dyn std::error::Error>> {
        let [page, api, stranger] = [listen(port, 0).await?, listen(port, 1).await?, listen(port, 2).await?];
        let origins = Origins { page: origin(&page)?, api: origin(&api)?, stranger: origin(&stranger)? };

        let policy = Arc::new(LivePolicy::new(&policies::first(&origins))?);
        let log = Arc::new(Log::default());

        let mut servers = JoinSet::new();
        let mut serve = |listener, app: Router| servers.spawn(async { axum::serve(listener, app).await });
        serve(api, api::app(&policy, &log));
        serve(page, page::app(&origins, &policy, &log));
        serve(stranger, stranger::app(&origins)?);
        Ok(Self { origins, servers })
    }

    /// Serves until something fails.
    pub(crate) async fn serve(mut self) -> Result<(), Box<dyn std::error::Error>> {
        while let Some(server) = self.servers.join_next().await {
            server??;
        }
        Ok(())
    }
}

async fn listen(first: u16, offset: u16) -> Result<TcpListener, String> {
    let port = if first == 0 { 0 } else { first.checked_add(offset).ok_or("PORT is too high")? };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map_err(|error| {
        format!(
            "cannot listen on port {port}: {error}. Choose others: PORT=5000 cargo run -p example-playground"
        )
    })
}

fn origin(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://localhost:{}", listener.local_addr()?.port()))
}
