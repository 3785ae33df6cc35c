//! Whether two answers say the same about CORS.

use std::collections::{BTreeMap, BTreeSet};

use http::Response;

use crate::data::exchange::cors;

/// What an answer says about CORS: its status, and each header's values. The order of a list and the case of names do not
/// matter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, BTreeSet<String>>,
    /// Headers that allow one value and occur twice.
    pub(super) doubled: Vec<String>,
}

impl Said {
    pub(super) fn by<B>(response: &Response<B>) -> Self {
        Self::of(response.status().as_u16(), cors(response.headers()))
    }

    pub(super) fn of(status: u16, lines: BTreeMap<String, Vec<String>>) -> Self {
        let is_list = |name: &str| name == "vary" || name.ends_with("-headers") || name.ends_with("-methods");
        let doubled = lines.iter().filter(|(name, lines)| !is_list(name) && lines.len() > 1);
        let doubled = doubled.map(|(name, _)| name.clone()).collect();
        let values = |(name, lines): (String, Vec<String>)| {
            let values = lines.iter().flat_map(|line| {
                if is_list(&name) { line.split(',').collect() } else { vec![line.as_str()] }
            });
            let values = values.map(str::trim).filter(|value| !value.is_empty());
            let in_case = |value: &str| {
                if name == "vary" || name.ends_with("-headers") {
                    value.to_ascii_lowercase()
                } else {
                    value.to_owned()
                }
            };
            let mut values: BTreeSet<String> = values.map(in_case).collect();
            // RFC 9110, section 12.5.5: the response varies by everything, whatever else is listed.
            if name == "vary" && values.contains("*") {
                values.retain(|value| value == "*");
            }
            (name, values)
        };
        Self { status, headers: lines.into_iter().map(values).collect(), doubled }
    }

    /// Whether it grants nothing.
    pub(super) fn is_refusal(&self) -> bool {
        self.headers.keys().all(|name| name == "vary")
    }
}
