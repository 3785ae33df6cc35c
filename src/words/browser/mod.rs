//! The sentences of the feature `browser`: what a browser's console says, and what to change.

mod advice;
mod blocked;
mod fetch_error;
mod invalid_request;
mod read_error;
#[cfg(test)]
mod sample;
mod unreadable;
