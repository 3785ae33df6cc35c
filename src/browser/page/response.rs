//! What a script sees of a response.

use http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::unreadable::Unreadable;
use crate::browser::fetch::{Filtered, Preflight, ResponseType, extract_list, shown};
use crate::browser::tables::forbidden::is_response_header_name as is_forbidden;

/// A response as a script sees it: Fetch's filtered response.
#[derive(Debug, Clone)]
pub struct Response<R>(Filtered<R>);

impl<R> Response<R> {
    pub(super) fn new(filtered: Filtered<R>) -> Self {
        Self(filtered)
    }

    /// `response.type`.
    #[must_use]
    pub fn response_type(&self) -> ResponseType {
        self.0.kind
    }

    /// `response.status`: the status that the server sent. A script sees 0 for [`ResponseType::OpaqueRedirect`].
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// `response.ok`: whether the script sees a status from 200 to 299.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.0.kind != ResponseType::OpaqueRedirect && self.0.status.is_success()
    }

    /// `response.url`: the URL after all redirects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// `response.redirected`.
    #[must_use]
    pub fn redirected(&self) -> bool {
        self.0.redirected
    }

    /// Whether a preflight was sent, for this fetch with all its redirects.
    #[must_use]
    pub fn preflight(&self) -> Preflight {
        self.0.preflight
    }

    /// `response.headers`: the headers that the page can read. Each name appears once, with its lines joined by `, `.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// `response.headers.get(name)`: the value of a header that the page can read, if it is visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The value of a header that the page must be able to read, or why it cannot be read.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] says whether the server did not send the header or CORS hides it, and what to change.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use http::{Request as HttpRequest, Response};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut app = tower::service_fn(|_: HttpRequest<String>| async {
    ///     let response = Response::builder().header("access-control-allow-origin", "*");
    ///     response.header("x-request-id", "7").header("content-type", "text/plain").body(())
    /// });
    ///
    /// let response = Browser::at("https://app.example.com").fetch(&mut app, Request::get("/")).await?;
    /// assert_eq!(response.readable("content-type")?, "text/plain");
    /// assert_eq!(
    ///     response.readable("x-request-id").unwrap_err().to_string(),
    ///     "the page cannot read `x-request-id`: add it to the headers that the server exposes \
    ///      (`Access-Control-Expose-Headers`)"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn readable(&self, name: &str) -> Result<&HeaderValue, Unreadable> {
        if let Some(value) = self.0.headers.get(name) {
            return Ok(value);
        }
        let shown = shown(name.as_bytes());
        Err(if self.0.kind == ResponseType::OpaqueRedirect {
            Unreadable::OpaqueRedirect(shown)
        } else if is_forbidden(name) {
            Unreadable::Forbidden(shown)
        } else if !self.0.all_headers.contains_key(name) {
            Unreadable::Absent(shown)
        } else {
            match extract_list(&self.0.all_headers, &ACCESS_CONTROL_EXPOSE_HEADERS) {
                Err(_) => Unreadable::MalformedList(shown),
                Ok(Some(list)) if self.0.credentialed && list.iter().any(|name| name == "*") => {
                    Unreadable::Wildcard(shown)
                }
                Ok(_) => Unreadable::NotExposed(shown),
            }
        })
    }

    /// The body that the server sent.
    ///
    /// A script cannot read it for [`ResponseType::OpaqueRedirect`].
    #[must_use]
    pub fn body(&self) -> &R {
        &self.0.body
    }

    /// The body that the server sent, owned.
    #[must_use]
    pub fn into_body(self) -> R {
        self.0.body
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use http::header::CONTENT_TYPE;

    use super::*;

    fn response(kind: ResponseType, credentialed: bool, expose: &[&'static str]) -> Response<()> {
        let lines = [("x-a", "1"), ("set-cookie", "a=1")];
        let lines =
            lines.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut all_headers = HeaderMap::from_iter(lines);
        for list in expose {
            all_headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(list));
        }
        Response(Filtered {
            kind,
            url: "https://b.example/".to_owned(),
            redirected: false,
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]),
            all_headers,
            credentialed,
            preflight: Preflight::NotNeeded,
            body: (),
        })
    }

    #[test]
    fn it_is_said_why_a_header_cannot_be_read() {
        let owned = ToOwned::to_owned;
        let cases = [
            (false, &[][..], "x-b", Unreadable::Absent(owned("x-b"))),
            (false, &[], "a b", Unreadable::Absent(owned("a b"))),
            (false, &["x-b"], "x-a", Unreadable::NotExposed(owned("x-a"))),
            (false, &["*"], "Set-Cookie", Unreadable::Forbidden(owned("Set-Cookie"))),
            (false, &["x-a x-b"], "x-a", Unreadable::MalformedList(owned("x-a"))),
            (true, &["*"], "x-a", Unreadable::Wildcard(owned("x-a"))),
        ];
        for (credentialed, expose, name, reason) in cases {
            let response = response(ResponseType::Cors, credentialed, expose);
            assert_eq!(response.readable(name).err(), Some(reason), "{name} {expose:?}");
        }
    }

    #[test]
    fn nothing_of_an_opaque_redirect_can_be_read() {
        let response = response(ResponseType::OpaqueRedirect, false, &["x-a"]);
        let hidden = response.readable("x-a").unwrap_err();
        assert_eq!(hidden, Unreadable::OpaqueRedirect("x-a".to_owned()));
    }

    #[test]
    fn names_are_found_in_any_case_and_ok_is_a_status_from_200_to_299() {
        let mut response = response(ResponseType::Cors, false, &[]);
        assert_eq!(response.header("Content-Type"), Some("text/plain"));
        for (status, ok) in [(199, false), (200, true), (299, true), (300, false)] {
            response.0.status = StatusCode::from_u16(status).unwrap();
            assert_eq!(response.ok(), ok, "{status}");
        }
        response.0.kind = ResponseType::OpaqueRedirect;
        response.0.status = StatusCode::OK;
        assert!(!response.ok());
    }
}
