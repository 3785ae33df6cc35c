//! A stand-in without the feature `regex`: no policy has regular expressions.

use super::Origin;

pub(crate) enum OriginRegexes {}

impl OriginRegexes {
    pub(crate) fn matching(&self, _: &Origin<'_>) -> Option<&str> {
        match *self {}
    }

    pub(crate) fn texts(&self) -> std::iter::Empty<&str> {
        match *self {}
    }

    pub(crate) fn need_insecure_origins(&self) -> bool {
        match *self {}
    }

    pub(crate) fn need_public_suffixes(&self) -> bool {
        match *self {}
    }
}
