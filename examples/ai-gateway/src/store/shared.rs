//! Redis, while it answers. `None` means not available: nothing waits for it until the next attempt.

use std::time::{Duration, Instant};

use bytes::Bytes;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client as Server, Cmd, FromRedisValue, Pipeline, RedisError, cmd, pipe};
use tokio::sync::Mutex;

use super::{Key, LIFETIME, Window};
use crate::client::Client;

/// The longest that a request waits for Redis.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long to wait after a failure before the next attempt.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Shared {
    server: Server,
    state: Mutex<State>,
}

enum State {
    NotYet,
    Connected(MultiplexedConnection),
    Away { since: Instant },
}

impl Shared {
    pub(super) fn new(server: Server) -> Self {
        Self { server, state: Mutex::new(State::NotYet) }
    }

    pub(super) async fn count(&self, client: Client, window: Window) -> Option<u32> {
        let key = format!("ai-gateway:count:{client}:{}", window.number);
        let mut both = pipe();
        both.atomic().incr(&key, 1).expire(&key, seconds(window.rest)).ignore();
        let (count,) = self.ask(&both).await?;
        Some(count)
    }

    pub(super) async fn answer(&self, key: Key) -> Option<Option<Bytes>> {
        let (answer,): (Option<Vec<u8>>,) = self.ask(&one(cmd("GET").arg(name(key)))).await?;
        Some(answer.map(Bytes::from))
    }

    pub(super) async fn keep(&self, key: Key, answer: &[u8]) -> Option<()> {
        let mut set = cmd("SET");
        set.arg(name(key)).arg(answer).arg("EX").arg(LIFETIME.as_secs());
        let (): () = self.ask(pipe().add_command(set).ignore()).await?;
        Some(())
    }

    async fn ask<T: FromRedisValue>(&self, commands: &Pipeline) -> Option<T> {
        let error = match commands.query_async(&mut self.connection().await?).await {
            Ok(answer) => return Some(answer),
            // It may have come back since the last request. A request may then be counted twice.
            Err(error) if error.is_connection_dropped() => {
                *self.state.lock().await = State::NotYet;
                match commands.query_async(&mut self.connection().await?).await {
                    Ok(answer) => return Some(answer),
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        self.state.lock().await.fail(&error);
        None
    }

    /// Simultaneous requests wait for the same attempt to connect.
    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Connected(connection) => return Some(connection.clone()),
            State::Away { since } if since.elapsed() < PAUSE => return None,
            State::Away { .. } | State::NotYet => {}
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        match self.server.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                if matches!(*state, State::Away { .. }) {
                    eprintln!("Redis answers again");
                }
                *state = State::Connected(connection.clone());
                Some(connection)
            }
            Err(error) => {
                state.fail(&error);
                None
            }
        }
    }
}

impl State {
    /// Says so once, not at every request.
    fn fail(&mut self, error: &RedisError) {
        if !matches!(self, Self::Away { .. }) {
            eprintln!("Redis does not answer: {error}. This copy uses its own memory until it does");
        }
        *self = Self::Away { since: Instant::now() };
    }
}

fn one(command: &Cmd) -> Pipeline {
    let mut pipeline = pipe();
    pipeline.add_command(command.clone());
    pipeline
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn name(key: Key) -> String {
    use std::fmt::Write;

    let mut name = "ai-gateway:answer:".to_owned();
    for byte in key.0 {
        let _ = write!(name, "{byte:02x}");
    }
    name
}
