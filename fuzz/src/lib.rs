//! Code that the fuzz targets share: reading an input, checking messages, and the naive model.

#[path = "../../tests/it/browser_model/oracle.rs"]
pub mod browser;
#[path = "../../tests/it/cache/oracle.rs"]
pub mod cache;
pub mod case;
pub mod config;
pub mod message;
pub mod naive;
pub mod near;
pub mod reason;
pub mod service;
#[path = "../../tests/it/url_crate/oracle.rs"]
pub mod url_crate;

/// The input without the line break that an editor puts at the end of a seed.
pub fn without_final_newline(data: &[u8]) -> &[u8] {
    data.strip_suffix(b"\n").unwrap_or(data)
}
