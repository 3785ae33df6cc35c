//! Customers and their origins in `SQLite`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use tokio::task::spawn_blocking;

use crate::domains::Failure;

/// One connection, which is enough for this example. A busy server uses a pool.
pub(crate) struct Database {
    connection: Mutex<Connection>,
    queries: AtomicU64,
}

impl Database {
    pub(crate) fn in_memory() -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE TABLE customers (token TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
             CREATE TABLE domains (origin TEXT PRIMARY KEY, customer TEXT NOT NULL) WITHOUT ROWID;",
        )?;
        Ok(Self { connection: Mutex::new(connection), queries: AtomicU64::new(0) })
    }

    pub(crate) fn add_customer(&self, name: &str, token: &str) -> rusqlite::Result<()> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute("INSERT INTO customers VALUES (?1, ?2)", [token, name]).map(drop)
    }

    /// How often an origin was looked up here. The cache keeps this number small.
    #[cfg(test)]
    pub(crate) fn queries(&self) -> u64 {
        self.queries.load(Ordering::SeqCst)
    }

    pub(crate) async fn customer(self: &Arc<Self>, token: String) -> Result<Option<String>, Failure> {
        Arc::clone(self)
            .run(move |connection| {
                let mut query = connection.prepare("SELECT name FROM customers WHERE token = ?1")?;
                query.query_row([token], |row| row.get(0)).optional()
            })
            .await
    }

    pub(crate) async fn is_registered(self: Arc<Self>, origin: String) -> Result<bool, Failure> {
        self.queries.fetch_add(1, Ordering::SeqCst);
        println!("asked the database about {origin}");
        self.run(move |connection| {
            connection.prepare("SELECT 1 FROM domains WHERE origin = ?1")?.exists([origin])
        })
        .await
    }

    /// Whether the customer has the origin now.
    pub(crate) async fn register(self: Arc<Self>, customer: String, origin: String) -> Result<bool, Failure> {
        self.run(move |connection| {
            connection.execute(
                "INSERT INTO domains VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![origin, customer],
            )?;
            let mut query =
                connection.prepare("SELECT 1 FROM domains WHERE origin = ?1 AND customer = ?2")?;
            query.exists([origin, customer])
        })
        .await
    }

    /// Whether the customer had it.
    pub(crate) async fn revoke(self: Arc<Self>, customer: String, origin: String) -> Result<bool, Failure> {
        self.run(move |connection| {
            let delete = "DELETE FROM domains WHERE origin = ?1 AND customer = ?2";
            connection.execute(delete, [origin, customer]).map(|rows| rows > 0)
        })
        .await
    }

    /// On another thread than those that serve requests: `SQLite` waits for its disk.
    async fn run<T, W>(self: Arc<Self>, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let work = move || work(&self.connection.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(spawn_blocking(work).await??)
    }

    /// Makes every query wait, like a busy database.
    #[cfg(test)]
    pub(crate) fn busy(&self) -> std::sync::MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
