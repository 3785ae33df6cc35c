//! `tower-cors export`: its output, and how real proxies behave with it.
//!
//! If a proxy is not installed, its test says so and passes. With `TOWER_CORS_PROXIES=nginx,caddy,haproxy,envoy` it fails if one of these
//! is missing.

mod arbitrary;
mod behaviour;
mod matching;
mod proxy;
mod same;
mod stand;
mod vendors;
mod written;
