//! What the console of `WebKit` says.

use super::{Complaint, between, name};
use crate::saved::Reason;

/// A reason without the URL, and then `Fetch API cannot load URL due to access control checks.`
pub(super) fn refusal(line: &str) -> Option<Complaint> {
    let has = |part: &str| line.contains(part);
    if has(" due to access control checks") {
        let (before, _) = line.split_once(" due to access control checks")?;
        let url = before.rsplit_once(' ')?.1;
        let mut complaint = Complaint::new(line, Reason::NoResponse);
        complaint.request.url = Some(url.to_owned()).filter(|url| url.contains("://"));
        return Some(complaint);
    }
    let reason = match () {
        () if has("is not allowed by Access-Control-Allow-Origin.") => Reason::AllowOriginMissingOrMismatch,
        () if has("Access-Control-Allow-Origin cannot contain more than one origin") => {
            Reason::AllowOriginTwice
        }
        () if has("Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true") => {
            Reason::AllowOriginWildcard
        }
        () if has("Credentials flag is true, but Access-Control-Allow-Credentials is not") => {
            Reason::AllowCredentials
        }
        () if has("Preflight response is not successful") => Reason::PreflightStatus,
        () if has("is not allowed by Access-Control-Allow-Methods") => Reason::MethodNotAllowed(
            between(line, "Method ", " is not allowed").and_then(|method| method.parse().ok()),
        ),
        () if has("is not allowed by Access-Control-Allow-Headers") => {
            Reason::HeaderNotAllowed(name(between(line, "Request header field ", " is not allowed")))
        }
        () if has("Header Access-Control-Allow-") && has("has an invalid value") => Reason::MalformedList,
        () if has("denied by Cross-Origin Resource Sharing policy") => Reason::Redirected,
        () if has("Cross origin requests are only supported for HTTP") => Reason::NotHttp,
        () => return None,
    };
    let mut complaint = Complaint::new(line, reason);
    complaint.request.page = between(line, "Origin ", " is not allowed by").map(str::to_owned);
    Some(complaint)
}
