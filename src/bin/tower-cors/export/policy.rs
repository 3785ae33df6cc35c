//! The policy that is exported, as plain data.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use crate::answer::Failure;

/// What stands for any.
const ANY: &str = "*";

/// The fields of a policy's file. A field of the library that is not among these is an error at once: what no target was told of
/// must not be left out of an export silently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Policy {
    pub(super) allow_origins: Vec<String>,
    pub(super) allow_origin_regexes: Vec<String>,
    pub(super) allow_credentials: bool,
    pub(super) allow_methods: Vec<String>,
    pub(super) allow_headers: Vec<String>,
    pub(super) expose_headers: Vec<String>,
    pub(super) max_age: Option<u64>,
    pub(super) preflight_status: Option<u16>,
    pub(super) vary_by: Vec<String>,
    pub(super) reject_disallowed_origins: bool,
    pub(super) served_at: Vec<String>,
    /// The lists have what they add.
    #[serde(skip_serializing)]
    presets: Vec<String>,
    pub(super) dangerously_allow_insecure_origins: bool,
    pub(super) dangerously_allow_public_suffixes: bool,
    pub(super) dangerously_allow_null_origin: bool,
}

impl Policy {
    pub(super) fn of(policy: &CorsPolicy) -> Result<Self, Failure> {
        let fields = serde_json::to_value(policy.to_builder());
        let read = fields.and_then(serde_json::from_value::<Self>);
        let mut policy =
            read.map_err(|error| Failure::new(format!("this policy cannot be exported: {error}")))?;
        let Self {
            allow_origins,
            allow_origin_regexes,
            allow_methods,
            allow_headers,
            expose_headers,
            vary_by,
            served_at,
            ..
        } = &mut policy;
        // No order means anything, and a configuration is to change where the policy does.
        for list in [
            allow_origins,
            allow_origin_regexes,
            allow_methods,
            allow_headers,
            expose_headers,
            vary_by,
            served_at,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        Ok(policy)
    }

    /// Whether the library takes it, too.
    pub(super) fn is_valid(&self) -> bool {
        let fields = serde_json::to_value(self);
        let builder = fields.and_then(serde_json::from_value::<CorsPolicyBuilder>);
        builder.is_ok_and(|builder| builder.build().is_ok())
    }

    /// The same for the same policy, and hardly ever for another: what shows that a configuration is stale.
    pub(super) fn digest(&self) -> String {
        let fields = serde_json::to_value(self).and_then(serde_json::from_value::<BTreeMap<String, Value>>);
        let mut fields = fields.unwrap_or_default();
        // A field that the library gets later changes nothing about a policy that does without it.
        fields.retain(|_, value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::Array(entries) => !entries.is_empty(),
            _ => true,
        });
        let text = serde_json::to_vec(&fields).unwrap_or_default();
        let mut digest = "sha256:".to_owned();
        for byte in Sha256::digest(text) {
            let _ = write!(digest, "{byte:02x}");
        }
        digest
    }

    pub(super) fn allows_any_origin(&self) -> bool {
        has_any(&self.allow_origins)
    }

    pub(super) fn allows_any_method(&self) -> bool {
        has_any(&self.allow_methods)
    }

    pub(super) fn allows_any_header(&self) -> bool {
        has_any(&self.allow_headers)
    }

    /// What `Access-Control-Allow-Methods` says, unless the requested one is echoed.
    pub(super) fn methods(&self) -> String {
        let listed: Vec<_> =
            self.allow_methods.iter().map(String::as_str).filter(|text| *text != ANY).collect();
        if self.allows_any_method() && !self.allow_credentials {
            ANY.to_owned()
        } else if listed.is_empty() {
            // Without the header, a preflight for an upload's listener would let any method pass: Fetch, CORS-preflight fetch, step 7.4.
            "GET,HEAD,POST".to_owned()
        } else {
            listed.join(",")
        }
    }

    /// What `Access-Control-Allow-Headers` says, unless requested ones are echoed.
    pub(super) fn headers(&self) -> String {
        let is_said = |entry: &&str| match *entry {
            ANY => !self.allow_credentials,
            entry => !entry.ends_with('*'),
        };
        self.allow_headers.iter().map(String::as_str).filter(is_said).collect::<Vec<_>>().join(",")
    }

    /// The list before the requested names that are echoed behind it.
    pub(super) fn headers_before(&self) -> String {
        let list = self.headers();
        if list.is_empty() { list } else { list + "," }
    }

    /// What `Access-Control-Expose-Headers` says.
    pub(super) fn exposed(&self) -> String {
        self.expose_headers.join(",")
    }

    /// The beginnings of the header names that a list cannot say, without their `*`.
    pub(super) fn header_prefixes(&self) -> impl Iterator<Item = &str> {
        self.allow_headers
            .iter()
            .filter_map(|entry| entry.strip_suffix('*'))
            .filter(|prefix| !prefix.is_empty())
    }

    /// Whether the requested method is echoed, as no list says "any" with credentials.
    pub(super) fn echoes_method(&self) -> bool {
        self.allow_credentials && self.allows_any_method()
    }

    /// Whether requested headers are echoed, as no list says "any" with credentials, nor a prefix.
    pub(super) fn echoes_headers(&self) -> bool {
        (self.allow_credentials && self.allows_any_header()) || self.header_prefixes().next().is_some()
    }

    /// What the response to an actual request varies by.
    pub(super) fn vary(&self) -> String {
        if self.allows_any_origin() { String::new() } else { self.and_vary_by(&["Origin"]) }
    }

    /// What the response to any `OPTIONS` request varies by: what decides whether it is a preflight, too.
    pub(super) fn vary_of_options(&self) -> String {
        self.and_vary_by(&["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"])
    }

    fn and_vary_by(&self, names: &[&str]) -> String {
        let is_new = |name: &&str| !names.iter().any(|listed| listed.eq_ignore_ascii_case(name));
        let others = self.vary_by.iter().map(String::as_str).filter(is_new);
        names.iter().copied().chain(others).collect::<Vec<_>>().join(", ")
    }

    /// The status of the answer to an allowed preflight.
    pub(super) fn status(&self) -> u16 {
        self.preflight_status.unwrap_or(204)
    }
}

fn has_any(list: &[String]) -> bool {
    list.iter().any(|entry| entry == ANY)
}
