//! Why a page cannot read a header of a response, as data.

/// Why a page cannot read a header. Each variant has the header's name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The response does not have it. CORS is not the cause.
    Absent(String),
    /// `Access-Control-Expose-Headers` does not list it.
    NotExposed(String),
    /// `Access-Control-Expose-Headers` is `*`, which does not count in the credentials mode "include".
    Wildcard(String),
    /// `Access-Control-Expose-Headers` is not a list of names, so it exposes nothing.
    MalformedList(String),
    /// No script can ever read it: `Set-Cookie`.
    Forbidden(String),
    /// The response is a redirect, in the redirect mode "manual".
    OpaqueRedirect(String),
}

impl std::error::Error for Unreadable {}
