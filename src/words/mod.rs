//! Every sentence that a user reads. The types are data elsewhere; here is their `Display`, and nothing imports from here.

#[cfg(feature = "browser")]
mod browser;
