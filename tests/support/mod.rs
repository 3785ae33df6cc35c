//! Shared by `tests/alloc.rs`, the benches and `benches/compare`: origins, requests, one policy, and the code to
//! compare it with.

// Each of them uses a part, and `benches/compare` is another crate.
#![allow(dead_code, unreachable_pub)]

pub mod bare;
pub mod floor;
pub mod origins;
pub mod policy;
pub mod requests;
