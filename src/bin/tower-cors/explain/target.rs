//! The targets of a patch: the requests that must pass.

use http::Request;

use crate::question::Question;

/// One request that must pass.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Page {
        question: Question,
        /// Whether the URL's server was named, not assumed.
        names_server: bool,
    },
    /// A CORS-preflight request itself.
    Preflight(Request<()>),
}
