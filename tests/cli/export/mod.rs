//! `tower-cors export`: what is written, and what the real proxies make of it.
//!
//! Where a proxy is not installed, its test says so and passes. `TOWER_CORS_PROXIES=nginx,caddy,haproxy,envoy` makes their absence a failure.

mod arbitrary;
mod behaviour;
mod matching;
mod proxy;
mod same;
mod stand;
mod vendors;
mod written;
