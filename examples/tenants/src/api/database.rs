//! The tenants in `SQLite`: their tokens, and their policies as JSON.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::tenant::Tenant;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// One connection, which is enough for this example. A busy server uses a pool.
pub(crate) struct Database {
    connection: Mutex<Connection>,
    queries: AtomicU64,
}

impl Database {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection: Mutex::new(connection), queries: AtomicU64::new(0) }
    }

    /// In memory, with so many tenants.
    pub(crate) fn with_tenants(count: u32) -> rusqlite::Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute(
            "CREATE TABLE tenants (name TEXT PRIMARY KEY, token TEXT NOT NULL, policy TEXT NOT NULL) WITHOUT ROWID",
            [],
        )?;
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO tenants VALUES (?1, ?2, ?3)")?;
            for name in (0..count).map(|number| format!("t{number}")) {
                let policy = json!({
                    "allow_origins": [format!("https://{name}.example.com")],
                    "allow_credentials": true,
                    "allow_methods": ["PUT"],
                    "allow_headers": ["authorization", "content-type"],
                });
                // A real token is random, and a database has only its hash.
                insert.execute(params![name, format!("token-of-{name}"), policy.to_string()])?;
            }
        }
        transaction.commit()?;
        Ok(Self::new(connection))
    }

    /// How many queries there were. The cache keeps this number small.
    pub(crate) fn queries(&self) -> u64 {
        self.queries.load(Ordering::SeqCst)
    }

    /// The JSON that a tenant has stored; `None` if there is no such tenant.
    pub(crate) async fn policy(self: &Arc<Self>, tenant: &Tenant) -> Result<Option<String>, Failure> {
        self.text_of(tenant, "SELECT policy FROM tenants WHERE name = ?1").await
    }

    pub(crate) async fn token(self: &Arc<Self>, tenant: &Tenant) -> Result<Option<String>, Failure> {
        self.text_of(tenant, "SELECT token FROM tenants WHERE name = ?1").await
    }

    pub(crate) async fn store_policy(
        self: &Arc<Self>,
        tenant: &Tenant,
        policy: String,
    ) -> Result<(), Failure> {
        let tenant = tenant.clone();
        self.run(move |connection| {
            let update = "UPDATE tenants SET policy = ?2 WHERE name = ?1";
            connection.execute(update, params![tenant.name(), policy]).map(drop)
        })
        .await
    }

    async fn text_of(
        self: &Arc<Self>,
        tenant: &Tenant,
        query: &'static str,
    ) -> Result<Option<String>, Failure> {
        let tenant = tenant.clone();
        self.run(move |connection| {
            connection.prepare(query)?.query_row([tenant.name()], |row| row.get(0)).optional()
        })
        .await
    }

    /// On another thread than those that serve requests: `SQLite` waits for its disk.
    async fn run<T, W>(self: &Arc<Self>, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let database = Arc::clone(self);
        let work = move || {
            let outcome = work(&database.connection.lock().unwrap_or_else(PoisonError::into_inner));
            database.queries.fetch_add(1, Ordering::SeqCst);
            outcome
        };
        Ok(spawn_blocking(work).await??)
    }
}
