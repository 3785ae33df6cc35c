//! The same policy and the same requests through tower-cors and the alternatives.
//!
//! - `table`: the cost of a request: nanoseconds and allocations.
//! - `load`: requests per second through a real server.
//! - `compile`: the time to build, and the memory of, a policy of a million origins.
//! - `size`: what a layer adds to a program, in bytes and in time to compile.

#[path = "../../../tests/support/mod.rs"]
mod support;

pub mod actix;
pub mod allocations;
pub mod layers;
pub mod processor;
pub mod stats;
pub mod subject;

pub use self::support::{bare, floor, origins, policy, requests};
