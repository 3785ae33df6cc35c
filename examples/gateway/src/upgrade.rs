//! A connection that changes its protocol, as a WebSocket does. After the handshake the gateway passes bytes, in both directions.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use crate::headers;

const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");

/// The two headers that are for one connection, again for the next one.
pub(crate) fn ask(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, protocol);
}

/// Answers the client's handshake with the service's, and joins their connections.
pub(crate) fn join(client: OnUpgrade, mut answer: Response<Incoming>) -> Response<Body> {
    let service = hyper::upgrade::on(&mut answer);
    tokio::spawn(async move {
        let (Ok(client), Ok(service)) = tokio::join!(client, service) else { return };
        // An end on either side is the end of both. Nobody is left to tell of an error.
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(service)).await;
    });
    let protocol = headers::upgrade(answer.headers());
    headers::remove_hop_by_hop(answer.headers_mut());
    if let Some(protocol) = protocol {
        ask(answer.headers_mut(), protocol);
    }
    answer.map(|_| Body::empty())
}
