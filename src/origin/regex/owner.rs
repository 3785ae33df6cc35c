//! The owner of a host, as an expression that matches everything of that owner.

use super::automaton::Automaton;
use super::grammar::PORT;
use crate::origin::host::{self, Host};
use crate::origin::{Origin, default_port};

/// The owner of an origin. A registrable domain and all names below it have one owner, unless there is a public suffix below. Then the
/// owner has the next longer name of the host without a public suffix below it. Any other host is its own owner.
pub(super) struct Owner {
    /// Without a trailing dot.
    pub(super) host: String,
    automaton: Automaton,
}

impl Owner {
    /// `None` only if an automaton is too large for its text.
    pub(super) fn of(origin: &Origin<'_>) -> Option<Self> {
        let host = host::without_trailing_dot(origin.host());
        let domain = match origin.host {
            Host::Domain(_) => owned_domain(host),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        };
        let below = if domain.is_some() { r"(?:.*\.)?" } else { "" };
        let owned = domain.unwrap_or(host);
        let text = format!(r"{}://{below}{}\.?{PORT}", scheme_of(origin), regex_syntax::escape(owned));
        Some(Self { host: owned.to_owned(), automaton: Automaton::of_texts(&[text])? })
    }

    /// Matches the origins of this owner.
    pub(super) fn automaton(&self) -> &Automaton {
        &self.automaton
    }
}

/// The shortest end of a host with one owner, and without strangers below it.
fn owned_domain(host: &str) -> Option<&str> {
    let registrable = host::registrable(host)?;
    let dots = host[..host.len() - registrable.len()].rmatch_indices('.');
    let longer = dots.skip(1).map(|(dot, _)| &host[dot + 1..]).chain([host]);
    std::iter::once(registrable).chain(longer).find(|name| host::public_suffix_below(name).is_none())
}

/// The public suffix that separates two owners: the one that `other` is below, if it has more than one label, and if `first` is right
/// below it too or the suffix is below the registrable domain of `first`.
pub(super) fn public_suffix_between(first: &Origin<'_>, other: &Origin<'_>) -> Option<String> {
    let [first, other] = [first, other].map(|origin| host::without_trailing_dot(origin.host()));
    let domain = host::registrable(other)?;
    let (_, suffix) = domain.split_once('.')?;
    let is_right_below = first.split_once('.').is_some_and(|(_, parent)| parent == suffix);
    let is_above = host::registrable(first).is_some_and(|domain| suffix.ends_with(&format!(".{domain}")));
    (suffix.contains('.') && (is_right_below || is_above)).then(|| suffix.to_owned())
}

fn scheme_of(origin: &Origin<'_>) -> String {
    match default_port(origin.scheme()) {
        Some(_) => "https?".to_owned(),
        None => regex_syntax::escape(origin.scheme()),
    }
}

/// An expression for all origins that end like this one, whoever owns them: for its last label, for all addresses, or for the scheme of
/// an app or an extension.
pub(super) fn ending(origin: &Origin<'_>) -> String {
    let scheme = scheme_of(origin);
    match origin.host {
        _ if default_port(origin.scheme()).is_none() => format!("{scheme}://.*"),
        Host::Domain(domain) => {
            let name = host::without_trailing_dot(domain);
            let last = regex_syntax::escape(name.rsplit('.').next().unwrap_or(name));
            format!(r"{scheme}://(?:.*\.)?{last}\.?{PORT}")
        }
        Host::Ipv4(_) | Host::Ipv6(_) => format!(r"{scheme}://(?:[0-9.]+|\[.*\]){PORT}"),
    }
}
