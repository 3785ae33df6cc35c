//! The server of a request that does not name one.

use tower_cors::CorsPolicy;
use tower_cors::browser::DEFAULT_SERVER;

use super::asked::Page;
use crate::policy_file::PolicyFile;
use crate::shown::shown;

/// If the URL names no server, a server to which the policy could belong.
pub(super) fn stand_in_for_server(file: &PolicyFile, page: &mut Page) -> Option<String> {
    let is_of_scheme = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
    if page.url.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(is_of_scheme)) {
        return None;
    }
    let own = file.policies.iter().find_map(own_origin);
    let (server, what) = match &own {
        Some(own) => (own.as_str(), "which is the first in `served_at`"),
        None => (DEFAULT_SERVER, "a server of another site"),
    };
    page.url = format!("{server}/{}", page.url.trim_start_matches('/'));
    Some(format!(
        "no server was named, so the URL is at `{}`, {what}. Give another with `--url`",
        shown(server)
    ))
}

/// An origin at which the service of a policy is served.
fn own_origin(policy: &CorsPolicy) -> Option<String> {
    let fields = serde_json::to_value(policy).ok()?;
    let served_at = fields.get("served_at")?.as_array()?;
    served_at
        .iter()
        .filter_map(|origin| origin.as_str())
        .find(|origin| !origin.contains('*'))
        .map(str::to_owned)
}
