//! In the place of the regular expressions, without the feature `regex`: there are none.

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
