//! Why a fetch has no response.

use std::fmt;

use crate::browser::FetchError;

impl<E: fmt::Display> fmt::Display for FetchError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(blocked) => blocked.fmt(f),
            Self::Unreadable(unreadable) => unreadable.fmt(f),
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Service(error) => write!(f, "the service failed: {error}"),
        }
    }
}
