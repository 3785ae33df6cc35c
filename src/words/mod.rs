//! Every sentence that a user reads, one subject a file. The data that the sentences describe is elsewhere; nothing imports from
//! here, so a message is reworded here and nowhere else.

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
