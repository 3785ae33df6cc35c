//! Long-form documentation: guides whose links and code are checked.

// One of its examples asks the model of a browser.
#[cfg_attr(any(not(doctest), feature = "browser"), doc = include_str!("migrating.md"))]
pub mod migrating {}

#[doc = include_str!("placements.md")]
pub mod placements {}

// Its examples have regular expressions.
#[cfg_attr(any(not(doctest), feature = "regex"), doc = include_str!("preview_deployments.md"))]
pub mod preview_deployments {}

#[doc = include_str!("program.md")]
pub mod program {}

#[doc = include_str!("promises.md")]
pub mod promises {}

#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
