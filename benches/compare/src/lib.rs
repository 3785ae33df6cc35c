//! The same policy and the same requests through tower-cors and what it is compared with.
//!
//! - `table`: what a request costs: nanoseconds and allocations.
//! - `load`: requests a second through a real server.
//! - `compile`: what a policy of a million origins costs to build and to keep.
//! - `size`: what a layer adds to a program, in bytes and in the time to compile it.

#[path = "../../../tests/support/mod.rs"]
mod support;

pub mod actix;
pub mod allocations;
pub mod layers;
pub mod processor;
pub mod stats;
pub mod subject;

pub use self::support::{bare, floor, origins, policy, requests};
