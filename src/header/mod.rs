//! Header names: the tables of the standard, the rules of a policy, what a preflight requests, and `Vary`.

mod names;
mod requested;
mod rules;
mod vary;

pub use self::names::HeaderProblem;
pub(crate) use self::names::{check_exposed, check_requested, check_varying, is_readable_by_scripts};
pub(crate) use self::requested::{Malformed, Requested};
pub(crate) use self::rules::{Allowance, HeaderRules};
pub(crate) use self::vary::{Vary, vary_line};
