//! Why a fetch ends without a response.

use super::blocked::Blocked;

/// Fetch's "network error", with its cause. `E` is the error of the service.
pub(in crate::browser) enum NetworkError<E> {
    Blocked(Blocked),
    Service(E),
}

impl<E> From<Blocked> for NetworkError<E> {
    fn from(blocked: Blocked) -> Self {
        Self::Blocked(blocked)
    }
}
