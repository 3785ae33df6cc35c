//! What is asked of the policies: what has to pass.

use http::Request;

use crate::question::Question;

/// One request that has to pass.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Page {
        question: Question,
        /// Whether the URL's server was named, and does not only stand for another one.
        names_server: bool,
    },
    /// A CORS-preflight request itself.
    Preflight(Request<()>),
}
