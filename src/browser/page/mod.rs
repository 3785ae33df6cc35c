//! The public types for tests: the browser, a request, its response, and the errors.

mod browser;
mod construct;
mod error;
mod read;
mod request;
mod response;
mod unreadable;

pub use browser::{Browser, DEFAULT_SERVER};
pub use error::{FetchError, InvalidRequest};
pub(crate) use read::Failure;
pub use read::ReadError;
pub use request::Request;
pub use response::Response;
pub use unreadable::Unreadable;
