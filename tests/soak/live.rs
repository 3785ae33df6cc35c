//! Counts of live values: all must be zero after the clients are gone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// One count for each kind of value that could leak.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    pub(crate) connections: Count,
    /// Futures of the service behind the layer.
    pub(crate) calls: Count,
    pub(crate) bodies: Count,
    pub(crate) look_ups: Count,
    pub(crate) sockets: Count,
    /// Policies that were stored in the reloadable layer and are not freed.
    pub(crate) policies: Count,
}

impl Live {
    /// The values that are left, without the one policy that the reloadable layer keeps.
    pub(crate) fn left(&self) -> usize {
        let Self { connections, calls, bodies, look_ups, sockets, policies } = self;
        let all = [connections, calls, bodies, look_ups, sockets, policies];
        all.iter().map(|count| count.now()).sum::<usize>() - 1
    }
}

impl fmt::Display for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, calls, bodies, look_ups, sockets, policies } = self;
        write!(
            f,
            "{connections} connections, {calls} calls, {bodies} bodies, {look_ups} look-ups, {sockets} sockets, {policies} policies"
        )
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    /// Counts one more, until the returned guard is dropped.
    pub(crate) fn one(&self) -> One {
        self.0.fetch_add(1, SeqCst);
        One(Self(Arc::clone(&self.0)))
    }

    pub(crate) fn now(&self) -> usize {
        self.0.load(SeqCst)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.now().fmt(f)
    }
}

#[derive(Debug)]
pub(crate) struct One(Count);

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, SeqCst);
    }
}
