//! WebSocket, over HTTP/1.1 and over HTTP/2 (RFC 8441).

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use http::header::{ORIGIN, SEC_WEBSOCKET_VERSION};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version};
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper::ext::Protocol;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::requests::{Connection, Sender};
use super::{Client, Trouble, broken, in_time};
use crate::soak::ask::{Target, body, pick};
use crate::soak::cut::Cut;
use crate::soak::origins::Random;
use crate::soak::sources::PAGES;
use crate::soak::tally::Kind;

const PATH: &str = "/socket";

/// The most messages of a socket.
const MESSAGES: u32 = 6;

const LONGEST_MESSAGE: u32 = 70_000;

/// The most sockets over one HTTP/2 connection.
const SOCKETS: u32 = 4;

impl Client<'_> {
    pub(super) async fn socket_over_http_1(self, stream: Cut, random: &mut Random) -> Result<(), Trouble> {
        let head = self.handshake(Version::HTTP_11, Method::GET, random);
        let mut request = format!("ws://{}{PATH}", self.address).into_client_request().map_err(broken)?;
        request.headers_mut().extend(head.headers().clone());
        let first = self.world.stores.done();
        let opened = in_time(async { Ok(client_async(request, stream).await) }).await?;
        match opened {
            Ok((socket, response)) => {
                let served = StatusCode::SWITCHING_PROTOCOLS;
                self.judge_socket(&head, first, served, (response.status(), response.headers()))?;
                in_time(talk(socket, random)).await?;
                self.world.tally.add(Kind::SocketOverHttp1);
                Ok(())
            }
            // Not upgraded, so the service did not send this status.
            Err(Error::Http(response)) => self.judge_socket(
                &head,
                first,
                StatusCode::SWITCHING_PROTOCOLS,
                (response.status(), response.headers()),
            ),
            Err(error) => Err(broken(error)),
        }
    }

    /// Several at a time, together with requests.
    pub(super) async fn sockets_over_http_2(self, stream: Cut, random: &mut Random) -> Result<(), Trouble> {
        let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.map_err(broken)?;
        let _connection = Connection::spawn(connection);
        // The server announces extended CONNECT before its first answer.
        self.something(Version::HTTP_2, &mut sender, random).await?;
        let streams = (0..=random.below(SOCKETS)).map(|_| {
            let (mut sender, mut random) = (sender.clone(), Random::new(random.below(u32::MAX).into()));
            async move {
                match random.below(3) {
                    0 => self.something(Version::HTTP_2, &mut sender, &mut random).await,
                    _ => in_time(self.socket_over_http_2(&mut sender, &mut random)).await,
                }
            }
        });
        join_all(streams).await.into_iter().collect()
    }

    async fn socket_over_http_2(
        self,
        sender: &mut http2::SendRequest<Full<Bytes>>,
        random: &mut Random,
    ) -> Result<(), Trouble> {
        let head = self.handshake(Version::HTTP_2, Method::CONNECT, random);
        let mut request = head.clone().map(|()| Full::default());
        request.extensions_mut().insert(Protocol::from_static("websocket"));
        let first = self.world.stores.done();
        let response = sender.send(request).await?;
        self.judge_socket(&head, first, StatusCode::OK, (response.status(), response.headers()))?;
        if response.status() == StatusCode::OK {
            let upgraded = hyper::upgrade::on(response).await.map_err(broken)?;
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None).await;
            talk(socket, random).await?;
            self.world.tally.add(Kind::SocketOverHttp2);
        }
        Ok(())
    }

    fn handshake(self, version: Version, method: Method, random: &mut Random) -> Request<()> {
        let authority = self.address.to_string();
        let target = Target { source: self.source, authority: &authority, version };
        let mut head = target.plain(method, PATH, random);
        let origins = [PAGES[0], PAGES[0], PAGES[1], "https://stranger.example", "null"];
        head.headers_mut().insert(ORIGIN, HeaderValue::from_static(pick(&origins, random)));
        if version == Version::HTTP_2 {
            head.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        head
    }

    fn judge_socket(
        self,
        request: &Request<()>,
        first: usize,
        served: StatusCode,
        head: (StatusCode, &HeaderMap),
    ) -> Result<(), Trouble> {
        let is_served =
            self.world.judge(self.source, request, first, served, head).map_err(Trouble::Wrong)?;
        if !is_served {
            self.world.tally.add(Kind::SocketRefused);
        }
        Ok(())
    }
}

/// Every message comes back unchanged and in order. At the end, some clients close the socket, some just
/// disconnect.
async fn talk<S>(mut socket: WebSocketStream<S>, random: &mut Random) -> Result<(), Trouble>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for _ in 0..random.below(MESSAGES) {
        let message = Message::Binary(body(random.below(1 << 20), random.below(LONGEST_MESSAGE)));
        socket.send(message.clone()).await.map_err(broken)?;
        match socket.next().await {
            Some(Ok(answer)) if answer == message => {}
            Some(Ok(answer)) => {
                return Err(Trouble::Wrong(format!("{} bytes came back as {}", message.len(), answer.len())));
            }
            other => return Err(broken(other)),
        }
    }
    if random.below(2) == 0 {
        socket.close(None).await.map_err(broken)?;
        while let Some(Ok(_)) = socket.next().await {}
    }
    Ok(())
}
