//! The layers, each in its own framework.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::policy::Policy;
use crate::service::Layered;

#[cfg(feature = "actix")]
mod actix;
mod express;
#[cfg(feature = "poem")]
mod poem;
#[cfg(feature = "rocket")]
mod rocket;
#[cfg(feature = "salvo")]
mod salvo;
mod tower_cors;
mod tower_http;
#[cfg(feature = "warp")]
mod warp;

pub struct Rival {
    /// The crate, as the page's tables name it.
    pub name: &'static str,
    /// How `Origins::Below` is written.
    pub subdomains: &'static str,
    /// How `Origins::Careless` is written.
    pub careless: &'static str,
    /// It runs in a separate process.
    pub(crate) is_elsewhere: bool,
    pub(crate) build: fn(&Policy) -> Built,
}

pub type Built = Result<Box<dyn Layered>, NotBuilt>;

pub enum NotBuilt {
    /// The layer does not support this.
    Absent,
    /// The number of mistakes that are named.
    Error(usize),
    Panic,
}

/// The layers that are compiled in. With `TOWER_CORS_NPM=required`, a missing npm is a failure.
pub fn all() -> Vec<Rival> {
    let has_npm = express::has_npm();
    let is_required = std::env::var_os("TOWER_CORS_NPM").is_some_and(|value| value == "required");
    assert!(has_npm || !is_required, "npm is required");
    let express = has_npm.then_some(express::RIVAL);
    let rust = [
        tower_cors::RIVAL,
        tower_http::RIVAL,
        #[cfg(feature = "actix")]
        actix::RIVAL,
        #[cfg(feature = "rocket")]
        rocket::RIVAL,
        #[cfg(feature = "warp")]
        warp::RIVAL,
        #[cfg(feature = "poem")]
        poem::RIVAL,
        #[cfg(feature = "salvo")]
        salvo::RIVAL,
    ];
    rust.into_iter().chain(express).collect()
}

impl Rival {
    pub fn build(&self, policy: &Policy) -> Built {
        catch_unwind(AssertUnwindSafe(|| (self.build)(policy))).unwrap_or(Err(NotBuilt::Panic))
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(future)
}
