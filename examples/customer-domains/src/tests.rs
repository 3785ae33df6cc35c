//! Over TCP: which origins are looked up, which are allowed, and for how long.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::app;
use crate::database::Database;
use crate::domains::Domains;

const SHOP: &str = "https://shop.acme.example";

/// How long a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(20);

struct Served {
    domains: Arc<Domains>,
    address: String,
    server: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Served {
    async fn new() -> Self {
        let database = Database::in_memory().expect("a database");
        for name in ["acme", "other"] {
            database.add_customer(name, &format!("token-of-{name}")).expect("a customer");
        }
        let domains = Arc::new(Domains::new(database));
        let router = app::router(&domains).expect("policies");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { domains, address, server }
    }

    /// Status and headers, in lower case, and the body.
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), format!("host: {}", self.address)];
        lines.push(format!("connection: close\r\ncontent-length: {}", body.len()));
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let answer = async {
            let mut stream = TcpStream::connect(&self.address).await?;
            stream.write_all(format!("{}\r\n\r\n{body}", lines.join("\r\n")).as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        timeout(PATIENCE, answer).await.expect("in time").expect("an answer").to_lowercase()
    }

    /// Whether a page may read the widget's answer; the service answers in any case.
    async fn may_read(&self, origin: &str) -> bool {
        let answer = self.send("GET", "/slots", &[("origin", origin)], "").await;
        assert!(answer.starts_with("http/1.1 200") && answer.ends_with("10:30\n"), "{answer}");
        assert!(answer.contains("\r\nvary: origin\r\n"), "{answer}");
        let is_granted = answer.contains("access-control-");
        assert_eq!(
            is_granted,
            answer.contains(&format!("access-control-allow-origin: {origin}\r\n")),
            "{answer}"
        );
        is_granted
    }

    async fn change(&self, method: &str, customer: &str, origin: &str) -> String {
        let token = format!("Bearer token-of-{customer}");
        self.send(method, "/domains", &[("authorization", &token)], origin).await
    }

    fn queries(&self) -> u64 {
        self.domains.database().queries()
    }
}

#[tokio::test]
async fn a_registered_page_may_read_and_the_database_is_asked_once() {
    let served = Served::new().await;
    assert!(!served.may_read(SHOP).await);
    let answer = served.change("PUT", "acme", SHOP).await;
    assert!(answer.starts_with("http/1.1 204"), "{answer}");
    let before = served.queries();
    for _ in 0..5 {
        assert!(served.may_read(SHOP).await);
        assert!(!served.may_read("https://stranger.example").await);
    }
    assert_eq!(served.queries() - before, 2);
    let headers = [("origin", SHOP), ("access-control-request-method", "PUT")];
    let preflight = served.send("OPTIONS", "/slots", &headers, "").await;
    assert!(preflight.starts_with("http/1.1 204"), "{preflight}");
    assert!(preflight.contains("access-control-allow-methods: put\r\n"), "{preflight}");
}

#[tokio::test]
async fn the_database_is_not_asked_about_our_own_pages_nor_about_what_is_no_origin() {
    let served = Served::new().await;
    assert!(served.may_read("https://www.bookings.example").await);
    for none in ["null", "https://SHOP.acme.example", "' OR 1=1 --", ""] {
        assert!(!served.may_read(none).await);
    }
    assert_eq!(served.queries(), 0);
}

#[tokio::test]
async fn a_page_is_refused_as_soon_as_its_site_is_taken_back() {
    let served = Served::new().await;
    for _ in 0..3 {
        served.change("PUT", "acme", SHOP).await;
        assert!(served.may_read(SHOP).await);
        let answer = served.change("DELETE", "acme", SHOP).await;
        assert!(answer.starts_with("http/1.1 204"), "{answer}");
        assert!(!served.may_read(SHOP).await);
    }
    assert!(served.change("DELETE", "acme", SHOP).await.starts_with("http/1.1 404"));
}

/// Its result is out of date, and is not used for any later request.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::await_holding_lock, reason = "the database is busy on purpose")]
async fn a_look_up_that_is_overtaken_by_a_change_does_not_bring_the_site_back() {
    let served = Served::new().await;
    served.change("PUT", "acme", SHOP).await;
    let busy = served.domains.database().busy();
    let domains = Arc::clone(&served.domains);
    let early = tokio::spawn(async move { domains.are_registered(SHOP.to_owned()).await });
    // The look-up waits for the database, in front of the change.
    while served.queries() == 0 {
        sleep(Duration::from_millis(1)).await;
    }
    sleep(Duration::from_millis(20)).await;
    let domains = Arc::clone(&served.domains);
    let revoked = tokio::spawn(async move { domains.revoke("acme".to_owned(), SHOP.to_owned()).await });
    drop(busy);
    assert!(revoked.await.expect("no panic").expect("a database"));
    let _ = early.await.expect("no panic");
    assert!(!served.may_read(SHOP).await);
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::await_holding_lock, reason = "the database is busy on purpose")]
async fn where_the_database_does_not_answer_a_page_is_refused_and_ours_is_not() {
    let served = Served::new().await;
    served.change("PUT", "acme", SHOP).await;
    let busy = served.domains.database().busy();
    assert!(!served.may_read(SHOP).await);
    assert!(served.may_read("https://www.bookings.example").await);
    drop(busy);
    assert!(served.may_read(SHOP).await);
    served.domains.database().busy().execute_batch("DROP TABLE domains").expect("it is dropped");
    assert!(served.may_read(SHOP).await, "it is remembered");
    assert!(!served.may_read("https://b.acme.example").await);
    assert!(served.change("PUT", "acme", "https://b.acme.example").await.starts_with("http/1.1 500"));
    assert!(!served.may_read(SHOP).await, "whatever the change has done");
}

#[tokio::test]
async fn what_the_policy_would_not_allow_is_not_registered() {
    let served = Served::new().await;
    let cases = [
        ("https://Shop.acme.example", "upper-case letters"),
        ("https://shop.acme.example/", "slash"),
        ("http://shop.acme.example", "not encrypted"),
        ("https://*.acme.example", "`*`"),
        ("*", "`*`"),
        ("null", "sandboxed frames"),
        ("", "is empty"),
    ];
    for (origin, reason) in cases {
        let answer = served.change("PUT", "acme", origin).await;
        assert!(answer.starts_with("http/1.1 422") && answer.contains(reason), "{origin}: {answer}");
    }
    assert!(served.change("PUT", "acme", &"x".repeat(600)).await.starts_with("http/1.1 413"));
    assert!(served.change("PUT", "acme", "http://localhost:3000").await.starts_with("http/1.1 204"));
}

#[tokio::test]
async fn a_site_belongs_to_the_customer_that_has_registered_it() {
    let served = Served::new().await;
    served.change("PUT", "acme", SHOP).await;
    for (method, customer, status) in
        [("PUT", "other", 409), ("DELETE", "other", 404), ("PUT", "nobody", 401)]
    {
        let answer = served.change(method, customer, SHOP).await;
        assert!(answer.starts_with(&format!("http/1.1 {status}")), "{method} by {customer}: {answer}");
    }
    assert!(served.may_read(SHOP).await);
    // Nor is the dashboard open to the customers' pages, with or without a token.
    let preflight = [("origin", SHOP), ("access-control-request-method", "PUT")];
    assert!(served.send("OPTIONS", "/domains", &preflight, "").await.starts_with("http/1.1 403"));
}
