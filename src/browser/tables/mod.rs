//! The fixed lists of the Fetch Standard: which methods and headers are safelisted, and which are forbidden to scripts.

pub(super) mod bytes;
pub(super) mod forbidden;
pub(super) mod method;
pub(super) mod safelist;
