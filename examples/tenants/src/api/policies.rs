//! The tenants' policies: built on demand, and kept in a cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use tokio::time::timeout;
use tower_cors::CorsPolicy;

use super::database::{Database, Failure};
use super::tenant::Tenant;

/// How many policies are kept. Unknown names are kept too, but do not push out frequent ones.
const MOST_KEPT: u64 = 2_000;

const KEPT_FOR: Duration = Duration::from_secs(300);

/// How long it is remembered that there is no policy.
const NOTHING_KEPT_FOR: Duration = Duration::from_secs(5);

/// After this time, a response is sent without CORS headers instead of waiting longer.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) struct Policies {
    database: Arc<Database>,
    /// By tenant and number of edits: a look-up that began before an edit stores its result under the old number, where
    /// nothing reads it. Invalidating the tenant's entry would not be enough: the look-up could store the old policy afterwards.
    cache: Cache<(Tenant, u64), Option<CorsPolicy>>,
    /// How often each edited policy was edited.
    edits: Mutex<HashMap<Tenant, u64>>,
}

impl Policies {
    pub(crate) fn new(database: Database) -> Arc<Self> {
        Arc::new(Self {
            database: Arc::new(database),
            cache: Cache::builder().max_capacity(MOST_KEPT).expire_after(Lifetime).build(),
            edits: Mutex::default(),
        })
    }

    pub(crate) fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// A tenant's policy. Simultaneous requests of one tenant query the database once. If the look-up fails, nothing is
    /// granted; the next request tries again.
    pub(crate) async fn find(&self, tenant: &Tenant) -> Option<CorsPolicy> {
        let key = (tenant.clone(), self.edits().get(tenant).copied().unwrap_or(0));
        let found = self.cache.try_get_with(key, read(Arc::clone(&self.database), tenant.clone()));
        match timeout(PATIENCE, found).await {
            Ok(Ok(policy)) => policy,
            Ok(Err(error)) => report(tenant, &error),
            Err(elapsed) => report(tenant, &elapsed),
        }
    }

    /// The new policy decides about every request after this returns; in another process on the same database, once its cache
    /// has forgotten the old one.
    pub(crate) async fn store(self: &Arc<Self>, tenant: &Tenant, policy: &CorsPolicy) -> Result<(), Failure> {
        let (policies, tenant, policy) = (Arc::clone(self), tenant.clone(), serde_json::to_string(policy)?);
        // A separate task: a client that disconnects must not stop it between the two.
        let stored = tokio::spawn(async move {
            policies.database.store_policy(&tenant, policy).await?;
            *policies.edits().entry(tenant).or_default() += 1;
            Ok(())
        });
        stored.await?
    }

    fn edits(&self) -> MutexGuard<'_, HashMap<Tenant, u64>> {
        self.edits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(database: Arc<Database>, tenant: Tenant) -> Result<Option<CorsPolicy>, Failure> {
    let stored = database.policy(&tenant).await?;
    println!("database query {}: the policy of {}", database.queries(), tenant.name());
    let Some(stored) = stored else {
        return Ok(None);
    };
    // It was checked when it was stored, but perhaps by another version, or the row was edited by hand. The cache remembers
    // that there is no valid policy: asking again would not help.
    Ok(serde_json::from_str(&stored).map_or_else(|error| report(&tenant, &error), Some))
}

fn report(tenant: &Tenant, error: &dyn std::fmt::Display) -> Option<CorsPolicy> {
    eprintln!("no policy for {}: {error}", tenant.name());
    None
}

struct Lifetime;

impl<K> Expiry<K, Option<CorsPolicy>> for Lifetime {
    fn expire_after_create(&self, _: &K, policy: &Option<CorsPolicy>, _: Instant) -> Option<Duration> {
        Some(if policy.is_some() { KEPT_FOR } else { NOTHING_KEPT_FOR })
    }
}
