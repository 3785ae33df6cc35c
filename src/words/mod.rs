//! Every sentence that a user reads, a file a subject. What the sentences are about lies elsewhere, as data; nothing is imported from
//! here, so that a message is reworded here and nowhere else.

#[cfg(feature = "browser")]
mod browser;
mod change;
mod denial;
mod disagreement;
mod explanation;
mod fact;
mod issue;
#[cfg(feature = "tracing")]
mod log;
mod policy;
mod problem;
mod regex_problem;
mod remedy;
#[cfg(feature = "serde")]
mod serde;
#[cfg(test)]
mod tests;
mod warning;
