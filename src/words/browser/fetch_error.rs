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

#[cfg(test)]
mod tests {
    use super::super::sample::refusal;
    use super::*;
    use crate::browser::{Blocked, InvalidRequest, Reason, Unreadable};

    #[test]
    fn an_error_speaks_for_its_cause() {
        let blocked = Blocked::new(refusal(Reason::RedirectMode));
        let unreadable = Unreadable::Forbidden("set-cookie".to_owned());
        let invalid = InvalidRequest::Url("https://".to_owned());
        for (error, expected) in [
            (FetchError::from(blocked.clone()), blocked.to_string()),
            (FetchError::from(unreadable.clone()), unreadable.to_string()),
            (FetchError::from(invalid.clone()), invalid.to_string()),
            (FetchError::Service("connection reset"), "the service failed: connection reset".to_owned()),
        ] {
            assert_eq!(error.to_string(), expected);
        }
    }
}
