//! The cost of each request, and its user's rating. In the memory of this copy, bounded by the configuration.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::auth::User;
use super::models::Model;
use super::{ApiError, Body, Gateway};

/// How many requests of a user are listed one by one.
const RECENT: usize = 100;

#[derive(Default)]
pub(super) struct Ledger(Mutex<HashMap<User, Account>>);

#[derive(Clone, Default, Serialize)]
struct Account {
    total: Sum,
    models: BTreeMap<Arc<str>, Sum>,
    /// The newest first.
    recent: VecDeque<Entry>,
}

#[derive(Clone, Default, Serialize)]
struct Sum {
    requests: u64,
    cached: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    usd: f64,
    up: u64,
    down: u64,
}

#[derive(Clone, Serialize)]
pub(super) struct Entry {
    pub(super) request: String,
    pub(super) model: Arc<str>,
    pub(super) purpose: Purpose,
    pub(super) prompt_tokens: u64,
    pub(super) completion_tokens: u64,
    /// The provider did not report the tokens: the answer was stopped or interrupted.
    pub(super) is_estimate: bool,
    pub(super) usd: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<Rating>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Purpose {
    Answer,
    /// For the request that rates how hard a question is.
    Routing,
    Cached,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Rating {
    Up,
    Down,
}

/// As the provider reports it.
#[derive(Clone, Copy, Default, Deserialize)]
pub(super) struct Usage {
    #[serde(default)]
    pub(super) prompt_tokens: u64,
    #[serde(default)]
    pub(super) completion_tokens: u64,
}

impl Entry {
    pub(super) fn new(request: String, model: &Model, purpose: Purpose, usage: Usage) -> Self {
        let Usage { prompt_tokens, completion_tokens } = usage;
        #[expect(clippy::cast_precision_loss, reason = "nobody pays for so many tokens")]
        let price = |tokens: u64, usd_per_million: f64| tokens as f64 * usd_per_million / 1e6;
        Self {
            request,
            model: Arc::clone(&model.name),
            purpose,
            prompt_tokens,
            completion_tokens,
            is_estimate: false,
            usd: price(prompt_tokens, model.input) + price(completion_tokens, model.output),
            rating: None,
        }
    }

    /// An answer without cost.
    pub(super) fn cached(request: String, model: &str) -> Self {
        Self {
            request,
            model: model.into(),
            purpose: Purpose::Cached,
            prompt_tokens: 0,
            completion_tokens: 0,
            is_estimate: false,
            usd: 0.0,
            rating: None,
        }
    }
}

impl Sum {
    fn add(&mut self, entry: &Entry) {
        self.requests += u64::from(entry.purpose != Purpose::Routing);
        self.cached += u64::from(entry.purpose == Purpose::Cached);
        self.prompt_tokens += entry.prompt_tokens;
        self.completion_tokens += entry.completion_tokens;
        self.usd += entry.usd;
    }

    fn rate(&mut self, before: Option<Rating>, now: Option<Rating>) {
        let is = |rating, one| u64::from(rating == Some(one));
        self.up = self.up + is(now, Rating::Up) - is(before, Rating::Up);
        self.down = self.down + is(now, Rating::Down) - is(before, Rating::Down);
    }
}

impl Ledger {
    pub(super) fn add(&self, user: &User, entry: Entry) {
        let Entry { request, model, prompt_tokens, completion_tokens, usd, .. } = &entry;
        // It does not matter if nobody reads it.
        let _ = writeln!(
            std::io::stdout(),
            "{request} {}: {model}, {prompt_tokens} + {completion_tokens} tokens, ${usd:.6}",
            user.0
        );
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(user.clone()).or_default();
        account.total.add(&entry);
        account.models.entry(Arc::clone(&entry.model)).or_default().add(&entry);
        account.recent.truncate(RECENT - 1);
        account.recent.push_front(entry);
    }

    fn account(&self, user: &User) -> Account {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(user).cloned().unwrap_or_default()
    }

    /// Whether there is such a request. A new rating replaces the old one.
    fn rate(&self, user: &User, request: &str, rating: Option<Rating>) -> bool {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(account) = accounts.get_mut(user) else { return false };
        let answers = |entry: &&mut Entry| entry.request == request && entry.purpose != Purpose::Routing;
        let Some(entry) = account.recent.iter_mut().find(answers) else { return false };
        let before = std::mem::replace(&mut entry.rating, rating);
        account.total.rate(before, rating);
        account.models.entry(Arc::clone(&entry.model)).or_default().rate(before, rating);
        true
    }
}

#[derive(Serialize)]
pub(super) struct Shown {
    user: Arc<str>,
    #[serde(flatten)]
    account: Account,
}

pub(super) async fn show(
    State(gateway): State<Arc<Gateway>>,
    Extension(user): Extension<User>,
) -> Json<Shown> {
    let account = gateway.ledger.account(&user);
    Json(Shown { user: user.0, account })
}

#[derive(Deserialize)]
pub(super) struct Feedback {
    request: String,
    rating: Option<Rating>,
}

pub(super) async fn rate(
    State(gateway): State<Arc<Gateway>>,
    Extension(user): Extension<User>,
    body: Body<Feedback>,
) -> Result<StatusCode, ApiError> {
    let Feedback { request, rating } = body?.0;
    if gateway.ledger.rate(&user, &request, rating) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(StatusCode::NOT_FOUND, "you have no recent request with this name"))
    }
}
