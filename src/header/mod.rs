//! Header names: the tables of the standard, the rules of a policy, the names that a preflight requests, and `Vary`.

mod list;
mod names;
mod requested;
mod rules;
mod set;
mod vary;

pub(crate) use self::list::list;
pub use self::names::HeaderProblem;
pub(crate) use self::names::{
    SEC_FETCH_SITE, check_exposed, check_requested, check_requested_name, check_varying,
    is_readable_by_scripts, is_safelisted_to_expose,
};
pub(crate) use self::requested::{Malformed, Requested, nth_requested};
pub(crate) use self::rules::{Allowance, HeaderRules};
pub(crate) use self::set::set;
pub(crate) use self::vary::Vary;
