//! Guides, in reading order. Tests check their links and code.
//!
//! | guide | for |
//! |---|---|
//! | [The tour](crate) | what CORS is, where the layer goes, how to read a policy from a file, features |
//! | [Recipes](recipes) | development, cookies across subdomains, apps, extensions, MCP, uploads, CDNs, authenticating proxies, environment variables, tests |
//! | [Coming from tower-http](migrating) | a replacement for every call, every difference, and how to migrate in steps |
//! | [When the browser says no](troubleshooting) | each CORS message of Chromium, Firefox and Safari |
//! | [Where the layer goes in axum](placements) | what each place in a router covers |
//! | [The policy file](policy_file) | every field in one file, and the JSON Schema that an editor checks it with |
//! | [Preview deployments](preview_deployments) | Vercel, Netlify, Cloudflare Pages, GitLab: what is safe, and what is not |
//! | [The program `tower-cors`](program) | `check`, `explain`, `probe`, `export` and `schema`, at a terminal and in CI |
//! | [Exports](export) | the same policy in a proxy or gateway, and what each of them can express |
//! | [Promises](promises) | the promises about security, each with its tests; Fetch step by step; dependencies |
//! | [Compared with other layers](comparison) | what this crate and thirteen others do in the same situations |

#[doc = include_str!("comparison.md")]
pub mod comparison {}

// One of its examples needs the model of a browser.
#[cfg_attr(any(not(doctest), feature = "browser"), doc = include_str!("migrating.md"))]
pub mod migrating {}

#[doc = include_str!("export.md")]
pub mod export {}

#[doc = include_str!("placements.md")]
pub mod placements {}

#[doc = include_str!("policy_file.md")]
#[doc = "```toml"]
#[doc = include_str!("cors.toml")]
#[doc = "```"]
pub mod policy_file {}

// Its examples need regular expressions.
#[cfg_attr(any(not(doctest), feature = "regex"), doc = include_str!("preview_deployments.md"))]
pub mod preview_deployments {}

#[doc = include_str!("program.md")]
pub mod program {}

#[doc = include_str!("promises.md")]
pub mod promises {}

// Its examples need the model of a browser, and read the environment.
#[cfg_attr(any(not(doctest), all(feature = "browser", feature = "serde")), doc = include_str!("recipes.md"))]
pub mod recipes {}

#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
