//! A request's modes: how it handles credentials and redirects.

/// Fetch's credentials mode: when cookies are sent with a request.
///
/// For CORS, only [`Include`](Self::Include) differs from the two others: the server must send
/// `Access-Control-Allow-Credentials: true`, and wildcards do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin only. The default of `fetch()`.
    #[default]
    SameOrigin,
    /// Always. `withCredentials` of an `XMLHttpRequest`.
    Include,
}

/// Fetch's redirect mode: what happens at a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Redirect {
    /// It is followed, up to twenty times. The default of `fetch()`.
    #[default]
    Follow,
    /// It blocks the request.
    Error,
    /// It is returned as the response, and a script can read nothing of it: [`ResponseType::OpaqueRedirect`].
    ///
    /// [`ResponseType::OpaqueRedirect`]: crate::browser::ResponseType::OpaqueRedirect
    Manual,
}
