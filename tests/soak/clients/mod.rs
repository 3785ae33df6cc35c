//! Clients: each opens a connection, sends something over it, and checks the answer.

mod bytes;
mod messages;
mod requests;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use http::Request;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::ask::pick;
use super::cut::Cut;
use super::origins::Random;
use super::sources::Source;
use super::tally::Kind;
use super::world::World;

/// The longest wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest wait for something that must not come.
const IMPATIENCE_MS: u32 = 20;

/// The byte at which a connection breaks: for most, before a second request.
const CUT_BEFORE: u32 = 3_000;

/// Why a conversation ended.
#[derive(Debug)]
enum Trouble {
    /// The connection broke, or refused the request.
    Broken(String),
    /// The answer is wrong.
    Wrong(String),
}

impl Trouble {
    /// Adds the request to the message.
    fn about(self, head: &Request<()>) -> Self {
        match self {
            Self::Broken(error) => Self::Broken(format!("{error} in answer to {head:?}")),
            wrong @ Self::Wrong(_) => wrong,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(what) => write!(f, "a connection broke: {what}"),
            Self::Wrong(what) => f.write_str(what),
        }
    }
}

/// Any error of a connection.
fn broken(error: impl fmt::Debug) -> Trouble {
    Trouble::Broken(format!("{error:?}"))
}

/// Waits for something that must come within a time.
async fn in_time<T>(what: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    timeout(PATIENCE, what).await.unwrap_or_else(|_| Err(Trouble::Wrong("nothing came".to_owned())))
}

/// Opens one connection after another until the end.
pub(crate) async fn run(world: &World, mut random: Random) {
    while !world.is_over() {
        let (source, address) = pick(&world.servers, &mut random);
        let client = Client { world, source, address };
        if let Err(trouble) = client.talk(&mut random).await {
            world.fail(format!("{source:?}: {trouble}"));
        }
    }
}

/// One connection to one server.
#[derive(Clone, Copy, Debug)]
struct Client<'a> {
    world: &'a World,
    source: Source,
    address: SocketAddr,
}

impl Client<'_> {
    async fn talk(self, random: &mut Random) -> Result<(), Trouble> {
        match random.below(16) {
            0..5 => self.over_http_1(Cut::never(self.connect().await?), random).await,
            5..10 => self.over_http_2(Cut::never(self.connect().await?), random).await,
            10 => self.socket_over_http_1(Cut::never(self.connect().await?), random).await,
            11 => self.sockets_over_http_2(Cut::never(self.connect().await?), random).await,
            12 => self.any_bytes(self.connect().await?, random).await,
            _ => self.until_cut(random).await,
        }
    }

    async fn connect(self) -> Result<TcpStream, Trouble> {
        for _ in 0..1000 {
            match TcpStream::connect(self.address).await {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(broken)?;
                    return Ok(stream);
                }
                // A port is free again a while after its connection ends.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        }
        Err(Trouble::Broken("no connection".to_owned()))
    }

    /// The same, over a connection that breaks at a byte. Everything before that must still be right.
    async fn until_cut(self, random: &mut Random) -> Result<(), Trouble> {
        let (write, read) = match random.below(2) {
            0 => (random.below(CUT_BEFORE) as usize, usize::MAX),
            _ => (usize::MAX, random.below(CUT_BEFORE) as usize),
        };
        let stream = Cut::after(write, read, self.connect().await?);
        self.world.tally.add(Kind::CutConnection);
        let talk = match random.below(4) {
            0 => self.over_http_1(stream, random).await,
            1 => self.over_http_2(stream, random).await,
            2 => self.socket_over_http_1(stream, random).await,
            _ => self.sockets_over_http_2(stream, random).await,
        };
        match talk {
            Err(Trouble::Broken(_)) => Ok(()),
            other => other,
        }
    }
}
