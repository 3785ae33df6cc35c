//! Requests over HTTP/1.1, one after the other, and over HTTP/2, many at a time.

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::header::ORIGIN;
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::{Client, IMPATIENCE_MS, Trouble, broken, in_time};
use crate::soak::ask::{Ask, PIECE, Target, body, pick};
use crate::soak::cut::Cut;
use crate::soak::origins::Random;
use crate::soak::sources::{PAGES, Source, TENANT};
use crate::soak::tally::Kind;

/// The most requests of a connection.
const REQUESTS: u32 = 12;

/// Ends with the conversation, which also ends the connection.
pub(super) struct Connection(AbortHandle);

impl Connection {
    pub(super) fn spawn(connection: impl Future<Output = hyper::Result<()>> + Send + 'static) -> Self {
        Self(tokio::spawn(connection).abort_handle())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The client's side of a connection.
pub(super) trait Sender {
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Trouble>;
}

impl Sender for http1::SendRequest<Full<Bytes>> {
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Trouble> {
        self.ready().await.map_err(broken)?;
        self.send_request(request).await.map_err(broken)
    }
}

impl Sender for http2::SendRequest<Full<Bytes>> {
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Trouble> {
        self.ready().await.map_err(broken)?;
        self.send_request(request).await.map_err(broken)
    }
}

impl Client<'_> {
    pub(super) async fn over_http_1(self, stream: Cut, random: &mut Random) -> Result<(), Trouble> {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        let _connection = Connection::spawn(connection);
        for _ in 0..random.below(REQUESTS) {
            self.something(Version::HTTP_11, &mut sender, random).await?;
        }
        // Each of these ends the connection.
        match random.below(3) {
            0 => self.fault(Version::HTTP_11, &mut sender, random).await,
            _ => Ok(()),
        }
    }

    pub(super) async fn over_http_2(self, stream: Cut, random: &mut Random) -> Result<(), Trouble> {
        let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (sender, connection) = handshake.await.map_err(broken)?;
        let _connection = Connection::spawn(connection);
        let streams = (0..random.below(REQUESTS)).map(|_| {
            let (mut sender, mut random) = (sender.clone(), Random::new(random.below(u32::MAX).into()));
            async move {
                match random.below(4) {
                    0 => self.fault(Version::HTTP_2, &mut sender, &mut random).await,
                    _ => self.something(Version::HTTP_2, &mut sender, &mut random).await,
                }
            }
        });
        // Each must be right, whatever happens to the others.
        join_all(streams).await.into_iter().collect()
    }

    /// A request that must get its correct, complete answer.
    pub(super) async fn something(
        self,
        version: Version,
        sender: &mut impl Sender,
        random: &mut Random,
    ) -> Result<(), Trouble> {
        let authority = self.address.to_string();
        let target = Target { source: self.source, authority: &authority, version };
        let (ask, kind) = match (random.below(4), version) {
            (0, Version::HTTP_2) => (target.hostile(&self.world.attacks, random), Kind::HostileOverHttp2),
            (0, _) => (target.hostile(&self.world.attacks, random), Kind::HostileOverHttp1),
            (_, Version::HTTP_2) => (target.ordinary(random), Kind::OrdinaryOverHttp2),
            (..) => (target.ordinary(random), Kind::OrdinaryOverHttp1),
        };
        in_time(self.exchange(sender, &ask)).await.map_err(|trouble| trouble.about(&ask.head))?;
        self.world.tally.add(kind);
        Ok(())
    }

    async fn exchange(self, sender: &mut impl Sender, ask: &Ask) -> Result<(), Trouble> {
        let (response, is_served) = self.head(sender, ask).await?;
        let body = response.into_body().collect().await.map_err(broken)?.to_bytes();
        let has_body = is_served && ask.head.method() != Method::HEAD;
        let expected = if has_body { &ask.answer[..] } else { b"" };
        if body == expected {
            return Ok(());
        }
        let (seen, expected) = (body.len(), expected.len());
        Err(Trouble::Wrong(format!(
            "{seen} bytes, and not those {expected}, are the answer to {:?}",
            ask.head
        )))
    }

    /// Sends a request, and checks the head of its response.
    async fn head(self, sender: &mut impl Sender, ask: &Ask) -> Result<(Response<Incoming>, bool), Trouble> {
        let first = self.world.stores.done();
        let response = sender.send(ask.head.clone().map(|()| Full::new(ask.body.clone()))).await?;
        let head = (response.status(), response.headers());
        let is_served =
            self.world.judge(self.source, &ask.head, first, StatusCode::OK, head).map_err(Trouble::Wrong)?;
        Ok((response, is_served))
    }

    /// A fault behind the layer, or in the middle of a response. Over HTTP/1.1 it ends the connection; over HTTP/2 it does not affect
    /// the other streams.
    async fn fault(
        self,
        version: Version,
        sender: &mut impl Sender,
        random: &mut Random,
    ) -> Result<(), Trouble> {
        let authority = self.address.to_string();
        let target = Target { source: self.source, authority: &authority, version };
        let fault = match (random.below(6), version) {
            (0, _) => Kind::ServiceFails,
            // A panic in `call` ends a connection of HTTP/2 with all its streams.
            (1, _) => Kind::ServicePanics,
            (2, _) => Kind::ServiceHangs,
            (3, _) if self.source == Source::PerRequestAsync => Kind::LookUpHangs,
            (3 | 4, _) => Kind::BodyBreaks,
            _ => Kind::BodyIsAbandoned,
        };
        let (length, seed) = (PIECE + random.below(20 * PIECE), random.below(1 << 20));
        let path = match fault {
            Kind::ServiceFails => pick(&["/fail", "/fail-later"], random).to_owned(),
            Kind::ServicePanics if version == Version::HTTP_2 => "/panic".to_owned(),
            Kind::ServicePanics => pick(&["/panic", "/panic-at-once"], random).to_owned(),
            Kind::ServiceHangs => "/hang".to_owned(),
            Kind::BodyBreaks => format!("/broken/{length}/{seed}"),
            _ => format!("/stream/{length}/{seed}"),
        };
        let mut head = target.plain(Method::GET, &path, random);
        if random.below(2) == 0 {
            // Allowed by every policy.
            head.headers_mut().insert(ORIGIN, HeaderValue::from_static(PAGES[0]));
        }
        if fault == Kind::LookUpHangs {
            head.headers_mut().insert(TENANT, HeaderValue::from_static("hang"));
        }
        let ask = Ask { head, body: Bytes::new(), answer: body(seed, length) };
        match fault {
            Kind::ServiceHangs | Kind::LookUpHangs => {
                let wait = Duration::from_millis(random.below(IMPATIENCE_MS).into());
                match timeout(wait, self.head(sender, &ask)).await {
                    Err(_) => {}
                    Ok(Ok(answer)) => return Err(was_answered(&ask, &answer)),
                    Ok(Err(trouble)) => return Err(trouble),
                }
            }
            Kind::ServiceFails | Kind::ServicePanics => match in_time(self.head(sender, &ask)).await {
                Err(Trouble::Broken(_)) => {}
                Ok(answer) => return Err(was_answered(&ask, &answer)),
                Err(wrong) => return Err(wrong),
            },
            _ => match in_time(self.part_of_body(sender, &ask, fault, random)).await {
                // A server may close the connection before the head is written.
                Err(Trouble::Broken(_)) if fault == Kind::BodyBreaks => {}
                other => other.map_err(|trouble| trouble.about(&ask.head))?,
            },
        }
        self.world.tally.add(fault);
        Ok(())
    }

    /// Reads a body until it breaks, or only a part of it.
    async fn part_of_body(
        self,
        sender: &mut impl Sender,
        ask: &Ask,
        fault: Kind,
        random: &mut Random,
    ) -> Result<(), Trouble> {
        let (response, _) = self.head(sender, ask).await?;
        let mut body = response.into_body();
        let frames = if fault == Kind::BodyBreaks { u32::MAX } else { random.below(3) };
        let mut read = 0;
        for _ in 0..frames {
            let Some(frame) = body.frame().await else {
                return match fault {
                    Kind::BodyBreaks => {
                        Err(Trouble::Wrong(format!("a body that broke was whole: {:?}", ask.head)))
                    }
                    _ => Ok(()),
                };
            };
            let Ok(frame) = frame else {
                return Ok(());
            };
            let piece = frame.into_data().unwrap_or_default();
            if !ask.answer[read..].starts_with(&piece) {
                return Err(Trouble::Wrong(format!("the wrong bytes from {read} on: {:?}", ask.head)));
            }
            read += piece.len();
        }
        Ok(())
    }
}

fn was_answered(ask: &Ask, answer: &impl Debug) -> Trouble {
    Trouble::Wrong(format!("{:?} was answered: {answer:?}", ask.head))
}
