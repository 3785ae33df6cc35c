//! Long-form documentation: guides whose links and code are checked.

#[doc = include_str!("migrating.md")]
pub mod migrating {}
