//! The situations, each with its requests to a layer and a few words for the answer. One file for each of the page's chapters.

mod asked;
mod mistakes;
mod operation;
mod preflights;
mod responses;
mod who;

use self::asked::{Outcome, Panicked};
use crate::policy::{Policy, Switch};
use crate::rivals::{NotBuilt, Rival};
use crate::service::Layered;

pub struct Situation {
    /// As the page's tables name it.
    pub name: &'static str,
    outcome: fn(&Rival) -> String,
    /// The outcome depends on time, which a rival in another process spends on other things.
    is_timed: bool,
}

pub fn all() -> impl Iterator<Item = &'static Situation> {
    let chapters: [&[Situation]; 5] = [
        &mistakes::SITUATIONS,
        &who::SITUATIONS,
        &preflights::SITUATIONS,
        &responses::SITUATIONS,
        &operation::SITUATIONS,
    ];
    chapters.into_iter().flatten()
}

impl Situation {
    const fn new(name: &'static str, outcome: fn(&Rival) -> String) -> Self {
        Self { name, outcome, is_timed: false }
    }

    const fn timed(name: &'static str, outcome: fn(&Rival) -> String) -> Self {
        Self { name, outcome, is_timed: true }
    }

    /// `None` if it cannot be asked.
    pub fn outcome(&self, rival: &Rival) -> Option<String> {
        (!self.is_timed || !rival.is_elsewhere).then(|| (self.outcome)(rival))
    }
}

/// What a layer with this policy does, or why there is none.
fn built(rival: &Rival, policy: &Policy, outcome: impl FnOnce(&dyn Layered) -> Outcome) -> String {
    let word = match rival.build(policy) {
        Ok(layered) => match outcome(&*layered) {
            Ok(word) => return word,
            Err(Panicked) => "panic",
        },
        Err(NotBuilt::Absent) => "absent",
        Err(NotBuilt::Error(_)) => "error",
        Err(NotBuilt::Panic) => "panic",
    };
    word.to_owned()
}

/// What happens, and what happens instead with this switch.
fn by_switch(rival: &Rival, switch: Switch, outcome: impl Fn(&dyn Layered) -> Outcome) -> String {
    let plain = built(rival, &Policy::default(), &outcome);
    let switched = Policy { switch: Some(switch), ..Policy::default() };
    match rival.build(&switched).map(|layered| outcome(&*layered)) {
        Ok(Ok(other)) if other != plain => format!("{plain}; {other} by a switch"),
        _ => plain,
    }
}
