//! Long-form documentation: guides whose links and code are checked.

#[doc = include_str!("migrating.md")]
pub mod migrating {}

#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
