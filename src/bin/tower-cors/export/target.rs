//! What a policy can be exported to. A new target is a file beside this one, and a line in each of these.

use clap::ValueEnum;

use super::feature::Feature;
use super::head::Head;
use super::losses::Fate;
use super::policy::Policy;
use super::{Place, caddy, haproxy, nginx};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// nginx: a file for its `http` context
    Nginx,
    /// Caddy 2.6 or newer: a Caddyfile
    Caddy,
    /// `HAProxy` 2.4 or newer: a frontend and a backend
    Haproxy,
}

impl Target {
    /// In the order of the table in `docs::export`.
    #[cfg(test)]
    pub(super) const ALL: [Self; 3] = [Self::Nginx, Self::Caddy, Self::Haproxy];

    /// Its own name, in sentences and in the table of `docs::export`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Nginx => nginx::TITLE,
            Self::Caddy => caddy::TITLE,
            Self::Haproxy => haproxy::TITLE,
        }
    }

    /// What begins a line of a comment.
    pub(super) fn comment(self) -> &'static str {
        match self {
            Self::Nginx | Self::Caddy | Self::Haproxy => "#",
        }
    }

    /// What becomes of a feature. `None`: the target says the same.
    pub(super) fn fate(self, feature: Feature) -> Option<Fate> {
        match self {
            Self::Nginx => nginx::fate(feature),
            Self::Caddy => caddy::fate(feature),
            Self::Haproxy => haproxy::fate(feature),
        }
    }

    /// `policy` has none of the features that the target cannot say.
    pub(super) fn configuration(self, policy: &Policy, place: &Place, head: &Head<'_>) -> String {
        match self {
            Self::Nginx => nginx::configuration(policy, place, head),
            Self::Caddy => caddy::configuration(policy, place, head),
            Self::Haproxy => haproxy::configuration(policy, place, head),
        }
    }
}
