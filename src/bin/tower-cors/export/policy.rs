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

/// The fields of a policy file. A field of the library that is missing here is an error: an export must never leave out a field
/// silently.
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
        // Order has no meaning, and a configuration should change only if the policy does.
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

    /// Equal for the same policy, and almost never for another: it shows whether a configuration is stale.
    pub(super) fn digest(&self) -> String {
        let fields = serde_json::to_value(self).and_then(serde_json::from_value::<BTreeMap<String, Value>>);
        let mut fields = fields.unwrap_or_default();
        // A new field of the library must not change the digest of a policy that does not use it.
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

    /// The list, followed by the requested names that are echoed.
    pub(super) fn headers_before(&self) -> String {
        let list = self.headers();
        if list.is_empty() { list } else { list + "," }
    }

    /// What `Access-Control-Expose-Headers` says.
    pub(super) fn exposed(&self) -> String {
        self.expose_headers.join(",")
    }

    /// The prefixes of header names, which a list cannot express, without their `*`.
    pub(super) fn header_prefixes(&self) -> impl Iterator<Item = &str> {
        self.allow_headers
            .iter()
            .filter_map(|entry| entry.strip_suffix('*'))
            .filter(|prefix| !prefix.is_empty())
    }

    /// Whether the requested method is echoed, because no list means "any" with credentials.
    pub(super) fn echoes_method(&self) -> bool {
        self.allow_credentials && self.allows_any_method()
    }

    /// Whether requested headers are echoed, because no list means "any" with credentials, or a prefix.
    pub(super) fn echoes_headers(&self) -> bool {
        (self.allow_credentials && self.allows_any_header()) || self.header_prefixes().next().is_some()
    }

    /// What the response to an actual request varies by.
    pub(super) fn vary(&self) -> String {
        if self.allows_any_origin() { String::new() } else { self.and_vary_by(&["Origin"]) }
    }

    /// What the response to any `OPTIONS` request varies by: also by the headers that make it a preflight.
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
