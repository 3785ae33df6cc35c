//! Long-form documentation: guides whose links and code are checked.

// One of its examples asks the model of a browser.
#[cfg_attr(any(not(doctest), feature = "browser"), doc = include_str!("migrating.md"))]
pub mod migrating {}

#[doc = include_str!("placements.md")]
pub mod placements {}

#[doc = include_str!("policy_file.md")]
#[doc = "```toml"]
#[doc = include_str!("cors.toml")]
#[doc = "```"]
pub mod policy_file {}

#[doc = include_str!("program.md")]
pub mod program {}

#[doc = include_str!("promises.md")]
pub mod promises {}

#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
