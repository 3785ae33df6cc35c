//! A refusal, for the tests of the sentences about it.

use http::{Method, StatusCode};

use crate::browser::{Preflight, Reason, Refusal, Stage};

pub(super) const ORIGIN: &str = "https://a.example";

/// The preflight response of a `PUT` is refused for `reason`.
pub(super) fn refusal(reason: Reason) -> Refusal {
    Refusal {
        method: Method::PUT,
        url: "https://api.example.com/x".to_owned(),
        page: ORIGIN.to_owned(),
        origin: ORIGIN.to_owned(),
        credentialed: false,
        stage: Stage::Preflight,
        preflight: Preflight::Sent,
        status: StatusCode::NO_CONTENT,
        reason,
    }
}
