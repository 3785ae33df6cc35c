//! What other CORS layers do in the situations of `docs::comparison`: each cell of that page without a link is the layer's
//! own answer here.
//!
//! `cargo test` compares the page with the layers. `UPDATE=1 cargo test` writes their answers into it.

pub mod policy;
pub mod rivals;
pub mod service;
pub mod situations;
