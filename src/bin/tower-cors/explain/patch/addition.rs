//! A value that one list of one policy lacks.

use serde::Serialize;
use tower_cors::{CorsPolicy, PolicyError, Remedy};

/// A value to add, and the list that gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Addition {
    /// The policy's place in its file, from 0.
    pub(crate) policy: usize,
    pub(crate) field: List,
    pub(crate) value: String,
}

/// The lists to which a patch adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum List {
    AllowOrigins,
    AllowMethods,
    AllowHeaders,
    ServedAt,
}

impl List {
    /// As a policy's file calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AllowOrigins => "allow_origins",
            Self::AllowMethods => "allow_methods",
            Self::AllowHeaders => "allow_headers",
            Self::ServedAt => "served_at",
        }
    }
}

impl Addition {
    /// What a remedy adds to a policy, if it is one that a patch may follow: it allows what the page asks for and nothing else.
    /// A `*` would allow more.
    pub(super) fn of(remedy: &Remedy, policy: usize) -> Option<Self> {
        let (field, value) = match remedy {
            Remedy::AllowOrigin(origin) => (List::AllowOrigins, origin),
            Remedy::AllowMethod(method) => (List::AllowMethods, method),
            Remedy::AllowHeader(name) => (List::AllowHeaders, name),
            Remedy::ServeAt(origin) => (List::ServedAt, origin),
            _ => return None,
        };
        (!value.contains('*')).then(|| Self { policy, field, value: value.clone() })
    }

    pub(super) fn to(&self, policy: &CorsPolicy) -> Result<CorsPolicy, PolicyError> {
        let policy = policy.to_builder();
        let value = [&self.value];
        match self.field {
            List::AllowOrigins => policy.allow_origins(value),
            List::AllowMethods => policy.allow_methods(value),
            List::AllowHeaders => policy.allow_headers(value),
            List::ServedAt => policy.served_at(value),
        }
        .build()
    }
}
