//! The operator's settings: the configuration file, and environment variables for secrets and for what differs between copies.
//!
//! | variable | | unset |
//! |---|---|---|
//! | `OPENAI_BASE_URL` | the provider, such as `https://api.openai.com/v1` | OpenAI with a key, a simulated provider without |
//! | `OPENAI_API_KEY` | its key | a simulated provider answers |
//! | `FIRST_TOKEN_TIMEOUT_MS` | how long a model may take before the next one is asked | 10000 |
//! | `GATEWAY_TOKENS` | the users: `ada=SECRET,grace=SECRET` | one, with a new token at each start |
//! | `SESSION_SECRET` | signs the session cookies; the same for all copies | new at each start |
//! | `ALLOW_ORIGINS` | more pages: `https://app.example.com,https://b.example.com` | only the chat page |
//! | `REDIS_URL` | shares limits and answers between copies: `redis://localhost` | each copy has its own |
//! | `GATEWAY_CONFIG` | a file instead of the configuration in `main.rs` | |
//! | `PORT` | the first of three ports; 0 for any | 4100 |

use std::env;
use std::error::Error;
use std::fs;
use std::time::Duration;

use cookie::Key;
use serde::Deserialize;
use sha2::{Digest, Sha512};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use crate::gateway::{Models, Users};
use crate::serve::Origins;

pub(crate) struct Settings {
    pub(crate) origins: Origins,
    pub(crate) policy: CorsPolicy,
    pub(crate) limit: Limit,
    pub(crate) models: Models,
    pub(crate) users: Users,
    /// Signs the session cookies. Copies with the same users share it.
    pub(crate) session_key: Key,
    pub(crate) provider: Provider,
    pub(crate) redis: Option<redis::Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    cors: CorsPolicyBuilder,
    limit: Limit,
    models: Models,
}

/// How many requests a client may send in how many seconds.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) seconds: std::num::NonZeroU32,
}

pub(crate) struct Provider {
    /// Such as `https://api.openai.com/v1`.
    pub(crate) base: String,
    /// The one in this process.
    pub(crate) is_stand_in: bool,
    pub(crate) key: String,
    /// How long a model may take to its first token before the next one is asked.
    pub(crate) first_token_timeout: Duration,
}

impl Settings {
    pub(crate) fn read(default: &str, origins: &Origins) -> Result<Self, Box<dyn Error>> {
        let text = match variable("GATEWAY_CONFIG")? {
            Some(path) => {
                fs::read_to_string(&path).map_err(|error| format!("GATEWAY_CONFIG: {path}: {error}"))?
            }
            None => default.to_owned(),
        };
        let config: Config = toml::from_str(&text)?;
        config.models.check()?;
        Ok(Self {
            policy: policy(config.cors, origins)?,
            limit: config.limit,
            models: config.models,
            users: users()?,
            session_key: session_key()?,
            provider: provider(origins)?,
            redis: redis_client()?,
            origins: origins.clone(),
        })
    }
}

/// A mistake in the file or the variable ends the program, with a message that lists all of them.
fn policy(cors: CorsPolicyBuilder, origins: &Origins) -> Result<CorsPolicy, Box<dyn Error>> {
    // A page has the origin at which it was opened: `localhost` and its address are two origins.
    let at_address = |origin: &str| origin.replace("localhost", "127.0.0.1");
    let mut cors = cors
        .allow_origins([origins.page.clone(), at_address(&origins.page)])
        // With `reject_disallowed_origins`: a page that rebinds its name to this machine gets 421.
        .served_at([origins.gateway.clone(), at_address(&origins.gateway)]);
    if let Some(more) = variable("ALLOW_ORIGINS")? {
        cors = cors.allow_origins(more.split(',').map(|origin| origin.trim().to_owned()));
    }
    Ok(cors.build()?)
}

/// The token alone identifies a user. By default there is one user, with a random token.
fn users() -> Result<Users, Box<dyn Error>> {
    match variable("GATEWAY_TOKENS")? {
        Some(list) => Ok(Users::parse(&list)?),
        None => Ok(Users::one("you", random_hex()?)),
    }
}

fn session_key() -> Result<Key, Box<dyn Error>> {
    const LEAST: usize = 32;
    match variable("SESSION_SECRET")? {
        Some(secret) if secret.len() < LEAST => {
            Err(format!("SESSION_SECRET is too short. Use at least {LEAST} random characters").into())
        }
        Some(secret) => Ok(Key::from(&Sha512::digest(secret.as_bytes()))),
        None => Ok(Key::generate()),
    }
}

fn provider(origins: &Origins) -> Result<Provider, Box<dyn Error>> {
    let milliseconds = variable("FIRST_TOKEN_TIMEOUT_MS")?.map_or(Ok(10_000), |value| value.parse())?;
    let (base, key) = match (variable("OPENAI_BASE_URL")?, variable("OPENAI_API_KEY")?) {
        (Some(base), Some(key)) => (base, key),
        (None, Some(key)) => ("https://api.openai.com/v1".to_owned(), key),
        (Some(_), None) => return Err("OPENAI_BASE_URL is set, but OPENAI_API_KEY is not. Set both".into()),
        (None, None) => (format!("{}/v1", origins.provider), crate::provider::KEY.to_owned()),
    };
    Ok(Provider {
        is_stand_in: base.starts_with(&origins.provider),
        base: base.trim_end_matches('/').to_owned(),
        key,
        first_token_timeout: Duration::from_millis(milliseconds),
    })
}

fn redis_client() -> Result<Option<redis::Client>, Box<dyn Error>> {
    let Some(url) = variable("REDIS_URL")? else { return Ok(None) };
    Ok(Some(redis::Client::open(url).map_err(|error| format!("REDIS_URL: {error}"))?))
}

/// An empty variable counts as not set.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} is not valid UTF-8")),
    }
}

fn random_hex() -> Result<String, getrandom::Error> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}
