//! What looks like a mistake in a policy.

use std::fmt;

use super::issue::write_suggestion;
use crate::policy::{Reason, Warning};
use crate::quoted::Quoted;

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_statement(f)?;
        write_suggestion(f, self.suggestion())
    }
}

impl Warning {
    pub(super) fn write_statement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field())?;
        if let Some(value) = self.value() {
            write!(f, "{} ", Quoted(value))?;
        }
        fmt::Display::fmt(&self.reason(), f)
    }
}

impl fmt::Display for Reason {
    /// What follows the field, and the value where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "is listed more than once. List it once",
            Self::PredicateBesideAny => {
                "has no effect, because `*` allows any origin. Remove the predicates, or remove `*`"
            }
            Self::Covered(by) => {
                return write!(f, "has no effect, because {} covers it. Remove it, or the wider entry", Quoted(by));
            }
            Self::RegexIsPattern(pattern) => {
                return write!(
                    f,
                    "matches the same as the pattern {}. Use that in `allow_origins`: it is easier to read, and cheaper to match",
                    Quoted(pattern)
                );
            }
            Self::SchemeTypo => "has an unknown scheme, similar to a well-known one",
            Self::HostTypo => "has a host that is similar to `localhost`, but not the same",
            Self::SingleLabelHost => {
                "has a host without a dot. Such names resolve between containers or inside a private network, and rarely in a \
                 visitor's browser. Use the host that the browser's address bar shows"
            }
            Self::UnspecifiedAddress => {
                "has an address that a server listens on, not one that a browser visits. Use the host that the browser's \
                 address bar shows"
            }
            Self::ExtensionId => {
                "can never match: its host is not an extension's ID. In `chrome-extension` origins, an ID is 32 letters \
                 from `a` to `p`; in `moz-extension` and `safari-web-extension`, a UUID"
            }
            Self::MethodTypo => "is not a registered method, but similar to one",
            Self::UpdateMethod => {
                "is a WebDAV versioning method (RFC 3253), but no other WebDAV method is listed. To update a resource, \
                 pages use `PUT` or `PATCH`"
            }
            Self::HeaderTypo => "is not a well-known header, but similar to one",
            Self::MaxAgeBelowSecond(max_age) => {
                return write!(
                    f,
                    "{max_age:?} is less than a second, so browsers are told `0`: do not cache. Use whole seconds"
                );
            }
            Self::SwitchWithoutEffect => "has no effect: nothing in the policy needs it. Turn it off",
            Self::RejectsNoHost => {
                "does not block any request: it only decides which requests count as same-origin. To stop DNS rebinding, turn on \
                 `reject_disallowed_origins`"
            }
        })
    }
}
