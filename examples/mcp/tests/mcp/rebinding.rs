//! DNS rebinding: a name that points to the attacker's server first, and then to ours.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) const NAME: &str = "rebound.test";

/// The attacker's name: it points to a port of this machine.
pub(crate) struct Name {
    target: watch::Sender<u16>,
    port: u16,
}

impl Name {
    /// The attacker's server has an empty page.
    pub(crate) async fn of_attacker() -> Self {
        let page = get(async || [(header::CONTENT_TYPE, "text/html")]);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let (target, current) = watch::channel(listener.local_addr().expect("an address").port());
        tokio::spawn(axum::serve(listener, Router::new().route("/", page)).into_future());

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(forward(listener, current));
        Self { target, port }
    }

    /// Makes a browser resolve the name.
    pub(crate) fn rule(&self) -> String {
        format!("MAP {NAME} 127.0.0.1:{}", self.port)
    }

    /// Points the name to another port, and ends the connections to the one before.
    pub(crate) fn rebind(&self, port: u16) {
        self.target.send_replace(port);
    }
}

async fn forward(listener: TcpListener, target: watch::Receiver<u16>) {
    loop {
        let (mut from, _) = listener.accept().await.expect("a connection");
        let mut target = target.clone();
        tokio::spawn(async move {
            let port = *target.borrow_and_update();
            let mut to = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
            tokio::select! {
                _ = copy_bidirectional(&mut from, &mut to) => {}
                _ = target.changed() => {}
            }
        });
    }
}
