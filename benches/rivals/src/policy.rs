//! The policies of the layers, in neutral terms.

use std::time::Duration;

pub const APP: &str = "https://app.example.com";
pub const ADMIN: &str = "https://admin.example.com";
pub const STRANGER: &str = "https://stranger.test";

/// The origin of the service's own pages, which no policy here lists.
pub const OWN: &str = "https://api.example.com";
pub const OWN_HOST: &str = "api.example.com";

#[derive(Clone)]
pub struct Policy {
    pub origins: Origins,
    pub credentials: bool,
    pub methods: Vec<&'static str>,
    pub headers: Headers,
    pub max_age: Duration,
    pub switch: Option<Switch>,
}

#[derive(Clone)]
pub enum Origins {
    List(Vec<String>),
    /// In the way that the layer's documentation recommends.
    Any,
    /// All subdomains of this domain, in the way that the documentation shows.
    Below(&'static str),
    /// The shortest way to let every site act with the credentials of its visitors.
    Careless,
    /// An asynchronous function is asked, as a database would be. It allows `APP`.
    LookedUp,
}

#[derive(Clone)]
pub enum Headers {
    List(Vec<&'static str>),
    Any,
}

/// Options that some layers have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// A request from a page that is not allowed does not reach the handler.
    Reject,
    /// The service knows its own origin, `OWN`.
    ServedAt,
    /// `Access-Control-Allow-Private-Network`.
    PrivateNetwork,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            origins: Origins::list([APP, ADMIN]),
            credentials: true,
            methods: vec!["GET", "PUT"],
            headers: Headers::List(vec!["content-type", "x-a"]),
            max_age: Duration::from_secs(600),
            switch: None,
        }
    }
}

impl Policy {
    pub fn of(origins: Origins) -> Self {
        Self { origins, ..Self::default() }
    }
}

impl Origins {
    pub fn list<const N: usize>(origins: [&str; N]) -> Self {
        Self::List(origins.map(str::to_owned).to_vec())
    }
}
