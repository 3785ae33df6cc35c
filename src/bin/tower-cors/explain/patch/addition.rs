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
    /// What a remedy adds to a policy, if a patch may follow it: it must allow what the page asks for and nothing else.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_allows_no_more_than_was_asked_for_becomes_an_addition() {
        let value = || "https://a.test".to_owned();
        let followed = [
            (Remedy::AllowOrigin(value()), List::AllowOrigins),
            (Remedy::AllowMethod(value()), List::AllowMethods),
            (Remedy::AllowHeader(value()), List::AllowHeaders),
            (Remedy::ServeAt(value()), List::ServedAt),
        ];
        for (remedy, field) in followed {
            let addition = Addition { policy: 1, field, value: value() };
            assert_eq!(Addition::of(&remedy, 1), Some(addition), "{remedy}");
        }
        let not_followed = [
            Remedy::AllowNullOrigin,
            Remedy::ServeAndAllow(value()),
            Remedy::UseAllowedOrigin,
            Remedy::RespellMethod(value()),
            Remedy::AllowOrigin("https://*.test".to_owned()),
            Remedy::AllowMethod("*".to_owned()),
            Remedy::AllowHeader("x-*".to_owned()),
        ];
        for remedy in not_followed {
            assert_eq!(Addition::of(&remedy, 0), None, "{remedy}");
        }
    }

    #[test]
    fn a_list_is_called_the_same_in_a_policy_and_in_json() {
        for list in [List::AllowOrigins, List::AllowMethods, List::AllowHeaders, List::ServedAt] {
            assert_eq!(serde_json::to_value(list).expect("JSON"), list.name());
        }
    }
}
