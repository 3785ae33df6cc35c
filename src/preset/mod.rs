//! The methods, request headers and response headers that well-known protocols and clients need in a policy, as data.
//!
//! ```
//! use tower_cors::{CorsPolicy, preset};
//!
//! let policy = CorsPolicy::builder().allow_origin("https://app.example.com").with(preset::OPENAI_JS).build()?;
//! # Ok::<(), tower_cors::PolicyError>(())
//! ```
//!
//! A preset adds to the lists of methods and headers. It never allows an origin, never turns credentials on, and never touches a
//! `dangerously_` switch. In a file: `presets = ["openai-js"]`.
//!
//! Each name in a preset has a source, and says what fails without it. This is tested: the real client runs in Chromium and in
//! Firefox, against a server with the preset, and then without each of its names in turn. Each preset lists the tested versions. No
//! preset contains a header that an application chooses itself (`x-tenant`): add it to your lists.
//!
//! | preset | for |
//! |---|---|
//! | [`ANTHROPIC_JS`] | Anthropic's client for JavaScript |
//! | [`CONNECT`] | the Connect protocol |
//! | [`GRAPHQL`] | GraphQL over HTTP |
//! | [`GRPC_WEB`] | gRPC-web |
//! | [`MCP`] | the Model Context Protocol |
//! | [`OPENAI_JS`] | `OpenAI`'s client for JavaScript |
//! | [`SSE`] | server-sent events with `fetch` |
//! | [`TRACING`] | the headers of OpenTelemetry, Sentry and Datadog |
//! | [`TUS`] | resumable uploads |
//!
//! Programs can read the data too:
//!
//! ```
//! use tower_cors::preset;
//!
//! for entry in preset::OPENAI_JS.entries() {
//!     println!("{}: {} ({}). Without it: {}.", entry.field(), entry.name(), entry.source(), entry.without());
//! }
//! assert!(preset::OPENAI_JS.entries().any(|entry| entry.name() == "x-stainless-*"));
//! ```

mod anthropic_js;
mod connect;
mod graphql;
mod grpc_web;
mod mcp;
mod openai_js;
mod sse;
mod tracing;
mod tus;

use std::fmt;

pub use self::anthropic_js::ANTHROPIC_JS;
pub use self::connect::CONNECT;
pub use self::graphql::GRAPHQL;
pub use self::grpc_web::GRPC_WEB;
pub use self::mcp::MCP;
pub use self::openai_js::OPENAI_JS;
pub use self::sse::SSE;
pub use self::tracing::TRACING;
pub use self::tus::TUS;

/// Every preset.
pub const ALL: &[Preset] = &[ANTHROPIC_JS, CONNECT, GRAPHQL, GRPC_WEB, MCP, OPENAI_JS, SSE, TRACING, TUS];

/// Their names, without the other data of a preset: every program contains a message that lists them.
pub(crate) const NAMES: [&str; ALL.len()] = {
    let mut names = [""; ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = ALL[index].name();
        index += 1;
    }
    names
};

/// The names that a well-known protocol or client needs: one of the constants of [this module](self), for
/// [`CorsPolicyBuilder::with`](crate::CorsPolicyBuilder::with).
#[derive(Clone, Copy)]
pub struct Preset(&'static Data);

struct Data {
    name: &'static str,
    clients: &'static [&'static str],
    entries: &'static [PresetEntry],
}

/// One of the names that a [preset](Preset) adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresetEntry {
    field: &'static str,
    name: &'static str,
    without: &'static str,
    source: &'static str,
}

impl Preset {
    /// The preset with exactly this name in files.
    ///
    /// ```
    /// # use tower_cors::preset::{self, Preset};
    /// assert_eq!(Preset::named("openai-js"), Some(preset::OPENAI_JS));
    /// assert_eq!(Preset::named("openai"), None);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|preset| preset.name() == name)
    }

    /// Its name in files: `openai-js`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The clients that it was tested with, each with its version: `openai 7.57.0`.
    pub fn clients(self) -> impl Iterator<Item = &'static str> {
        self.0.clients.iter().copied()
    }

    /// What it adds, list by list.
    pub fn entries(self) -> impl Iterator<Item = PresetEntry> {
        self.0.entries.iter().copied()
    }

    /// What it adds to the list of this name.
    pub(crate) fn names(self, field: &'static str) -> impl Iterator<Item = &'static str> {
        self.entries().filter(move |entry| entry.field == field).map(|entry| entry.name)
    }
}

impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Preset {}

impl fmt::Debug for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Preset").field(&self.name()).finish()
    }
}

impl PresetEntry {
    /// The list that it is added to, named like the builder's method and the field in a file: `allow_headers`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The method, the header's name, or a prefix with its `*`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What fails without it, as part of a sentence.
    #[must_use]
    pub fn without(&self) -> &'static str {
        self.without
    }

    /// The evidence that the client uses it: the address of a specification, or of the client's own code.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }
}

/// Defines a preset, and generates its documentation from the same data.
macro_rules! preset {
    (
        $(#[$doc:meta])*
        $constant:ident = $preset:literal, tested with [$($client:literal),+ $(,)?];
        $($field:ident { $($name:literal: $without:literal, $source:literal;)+ })+
    ) => {
        $(#[$doc])*
        #[doc = concat!("\n\nIn a file: `presets = [\"", $preset, "\"]`.\n\nTested in Chromium and Firefox with:\n")]
        $(#[doc = concat!("- `", $client, "`")])+
        ///
        /// | list | name | without it |
        /// |---|---|---|
        $($(#[doc = concat!("| `", stringify!($field), "` | [`", $name, "`](", $source, ") | ", $without, " |")])+)+
        pub const $constant: $crate::preset::Preset = $crate::preset::Preset(&$crate::preset::Data {
            name: $preset,
            clients: &[$($client),+],
            entries: &[$($($crate::preset::PresetEntry {
                field: stringify!($field),
                name: $name,
                without: $without,
                source: $source,
            }),+),+],
        });
    };
}

use preset;
