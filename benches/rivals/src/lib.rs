//! What other CORS layers do in the situations of `docs::comparison`: each cell of that page that has no link is what the layer
//! itself answers here.
//!
//! `cargo test` compares the page with the layers. `UPDATE=1 cargo test` writes their answers into it.

pub mod policy;
pub mod rivals;
pub mod service;
pub mod situations;
