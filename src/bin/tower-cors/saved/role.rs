//! Which requests are a page's, and which of them CORS can apply to.

use super::page::{is_of_browser, is_of_element};
use super::written::{Kind, Written};

/// Whose request it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A page's, and it can be a CORS request.
    Page,
    /// An element's, perhaps without CORS: the text does not show it.
    Element,
    Preflight,
    /// `OPTIONS` without a preflight's request headers, which a copied fetch leaves out: the browser's or the page's.
    BareOptions,
    LeftOut(LeftOut),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    Navigation,
    NoCors,
    NotHttp,
}

/// The role of each request of a text.
pub(super) fn of_each(written: &[Written]) -> Vec<Role> {
    let mut roles: Vec<Role> = written.iter().map(role).collect();
    // If there is a certain CORS request, an image does not count.
    if roles.contains(&Role::Page) {
        for role in roles.iter_mut().filter(|role| **role == Role::Element) {
            *role = Role::LeftOut(LeftOut::NoCors);
        }
    }
    roles
}

fn role(written: &Written) -> Role {
    let header = |name| written.header(name).map(str::trim).unwrap_or_default();
    let starts = |name, start: &str| {
        header(name).get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    let url = written.url.as_deref().unwrap_or("/");
    // Without a scheme, it is a path.
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_scheme =
        |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_http =
        scheme.is_none_or(|scheme| matches!(scheme.as_str(), "http" | "https") || !is_scheme(&scheme));
    if !is_http || written.has_method("CONNECT") {
        return Role::LeftOut(LeftOut::NotHttp);
    }
    if written.kind == Kind::Preflight
        || (written.has_method("OPTIONS") && !header("access-control-request-method").is_empty())
    {
        return Role::Preflight;
    }
    let is_for_html = starts("accept", "text/html") && !header("upgrade-insecure-requests").is_empty();
    if written.kind == Kind::Navigation || is_for_html || header("sec-fetch-mode") == "navigate" {
        return Role::LeftOut(LeftOut::Navigation);
    }
    match header("sec-fetch-mode") {
        // A script's. An element's is left out: no script reads its response.
        "no-cors" if header("sec-fetch-dest") == "empty" && written.kind != Kind::Subresource => {
            return Role::Page;
        }
        "no-cors" => return Role::LeftOut(LeftOut::NoCors),
        "websocket" => return Role::LeftOut(LeftOut::NotHttp),
        "cors" | "same-origin" => return options_or(written, Role::Page),
        _ => {}
    }
    let is_of_element =
        written.kind == Kind::Subresource || (written.has_method("GET") && is_of_element(header("accept")));
    if is_of_element && header("origin").is_empty() { Role::Element } else { options_or(written, Role::Page) }
}

fn options_or(written: &Written, other: Role) -> Role {
    if written.has_method("OPTIONS") { Role::BareOptions } else { other }
}

/// Whether a bare `OPTIONS` can be its preflight. `POST` can have one with any headers, for a listener to its upload.
pub(super) fn may_need_preflight(written: &Written) -> bool {
    let is_simple = written.has_method("GET") || written.has_method("HEAD");
    // A request that was never sent was refused in its preflight.
    let is_sent = written.header("accept").is_some();
    !is_simple || !is_sent || written.headers.iter().any(|(name, value)| !is_of_browser(name, value))
}

/// Why there is nothing to explain.
pub(super) fn nothing_to_explain(roles: &[Role]) -> String {
    let count = |what| roles.iter().filter(|role| **role == Role::LeftOut(what)).count();
    let counts = [
        ("navigations", count(LeftOut::Navigation)),
        ("loads without CORS, such as images", count(LeftOut::NoCors)),
        ("not HTTP", count(LeftOut::NotHttp)),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<_> = counts.map(|(what, count)| format!("{what}: {count}")).collect();
    if counts.is_empty() {
        "the text has no request".to_owned()
    } else {
        format!("CORS does not apply to what the text has ({})", counts.join("; "))
    }
}
