//! Which origins are registered: a cache in front of the database.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use tokio::time::timeout;

use crate::database::Database;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// How many origins are remembered. Strangers can send any number; frequent ones stay.
const MOST_KEPT: u64 = 10_000;

const KEPT_FOR: Duration = Duration::from_secs(60);

/// How long to remember that an origin is not registered. Short, for customers who register it in another process.
const UNKNOWN_KEPT_FOR: Duration = Duration::from_secs(5);

/// After this time, the page is refused instead of waiting longer.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) struct Domains {
    database: Arc<Database>,
    /// By origin and edition. Removing an origin would not be enough: a look-up that began before the change may store its old
    /// result after it. In the next edition, nothing reads that result.
    cache: Cache<(String, u64), bool>,
    /// How often something has changed. One number for all origins: a change costs one more query for each, and the number
    /// cannot be wrong.
    edition: AtomicU64,
}

impl Domains {
    pub(crate) fn new(database: Database) -> Self {
        Self {
            database: Arc::new(database),
            cache: Cache::builder().max_capacity(MOST_KEPT).expire_after(Lifetime).build(),
            edition: AtomicU64::new(0),
        }
    }

    pub(crate) fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// Called by the layer. Simultaneous requests with one origin query the database once. If it does not answer, the origin is
    /// refused; the next request tries again.
    pub(crate) async fn are_registered(&self, origin: String) -> bool {
        let key = (origin.clone(), self.edition.load(Ordering::SeqCst));
        let database = Arc::clone(&self.database);
        let found = self.cache.try_get_with(key, database.is_registered(origin));
        match timeout(PATIENCE, found).await {
            Ok(Ok(is_registered)) => is_registered,
            Ok(Err(error)) => refused(&error),
            Err(elapsed) => refused(&elapsed),
        }
    }

    /// Every request after this returns is allowed; `false` if another customer has the origin.
    pub(crate) async fn register(&self, customer: String, origin: String) -> Result<bool, Failure> {
        let registered = Arc::clone(&self.database).register(customer, origin).await;
        self.forget();
        registered
    }

    /// Every request after this returns is refused; in another process on the same database, once its cache has forgotten
    /// the origin.
    pub(crate) async fn revoke(&self, customer: String, origin: String) -> Result<bool, Failure> {
        let revoked = Arc::clone(&self.database).revoke(customer, origin).await;
        self.forget();
        revoked
    }

    /// Also after an error: part of the change may have been made.
    fn forget(&self) {
        self.edition.fetch_add(1, Ordering::SeqCst);
    }
}

fn refused(reason: &dyn std::fmt::Display) -> bool {
    eprintln!("an origin was refused because the look-up failed: {reason}");
    false
}

struct Lifetime;

impl<K> Expiry<K, bool> for Lifetime {
    fn expire_after_create(&self, _: &K, is_registered: &bool, _: Instant) -> Option<Duration> {
        Some(if *is_registered { KEPT_FOR } else { UNKNOWN_KEPT_FOR })
    }
}
