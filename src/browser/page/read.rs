//! How a script reads a response's body: as text, or as JSON.

use std::error::Error;

use http_body::Body;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use super::response::Response;
use crate::browser::fetch::{ResponseType, shown};

impl<R> Response<R>
where
    R: Body,
    R::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// `await response.text()`: the whole body as text. Invalid UTF-8 is replaced, and a byte order mark is removed.
    ///
    /// For bodies that are an `http_body::Body`, such as axum's and `String`. The text is empty for
    /// [`ResponseType::OpaqueRedirect`].
    ///
    /// # Errors
    ///
    /// If reading the body fails.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::{Router, routing::get};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut app = Router::new().route("/", get(|| async { ([("access-control-allow-origin", "*")], "hello") }));
    ///
    /// let response = Browser::at("https://app.example.com").fetch(&mut app, Request::get("/")).await?;
    /// assert_eq!(response.text().await?, "hello");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn text(self) -> Result<String, ReadError> {
        if self.response_type() == ResponseType::OpaqueRedirect {
            return Ok(String::new());
        }
        let body =
            self.into_body().collect().await.map_err(|error| ReadError(Failure::Body(error.into())))?;
        let bytes = body.to_bytes();
        // Encoding Standard, "UTF-8 decode".
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// `await response.json()`: the whole body, read as JSON into any type that can be deserialized. As in a browser, `Content-Type`
    /// does not matter.
    ///
    /// # Errors
    ///
    /// If reading the body fails, or if it is not JSON for a `T`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::{Router, routing::get};
    /// use tower_cors::browser::{Browser, Request};
    ///
    /// let mut app = Router::new().route("/", get(|| async { ([("access-control-allow-origin", "*")], "[1, 2]") }));
    ///
    /// let response = Browser::at("https://app.example.com").fetch(&mut app, Request::get("/")).await?;
    /// let numbers: Vec<u8> = response.json().await?;
    /// assert_eq!(numbers, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ReadError> {
        let text = self.text().await?;
        serde_json::from_str(&text)
            .map_err(|error| ReadError(Failure::Json { error, text: shown(text.as_bytes()) }))
    }
}

/// Why a script cannot read a response's body.
#[derive(Debug)]
pub struct ReadError(pub(crate) Failure);

#[derive(Debug)]
pub(crate) enum Failure {
    Body(Box<dyn Error + Send + Sync>),
    /// With the start of the text that is not JSON.
    Json {
        error: serde_json::Error,
        text: String,
    },
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Failure::Body(error) => Some(error.as_ref()),
            Failure::Json { error, .. } => Some(error),
        }
    }
}
