use std::hint::black_box;
use std::time::{Duration, Instant};

use super::asked::{get, is_let_in, word};
use super::{Situation, built};
use crate::policy::{ADMIN, APP, Origins, Policy, STRANGER};
use crate::service::{ITEMS, Layered};

pub(super) const SITUATIONS: [Situation; 2] = [
    Situation::new("origins in a database", |rival| {
        built(rival, &Policy::of(Origins::LookedUp), |layered| {
            word(if is_let_in(layered, APP)? && !is_let_in(layered, ADMIN)? { "async" } else { "no" })
        })
    }),
    Situation::timed("100 000 origins", |rival| {
        let time = |size| {
            let list = (0..size).map(|number| format!("https://{number}.example.com")).collect();
            rival.build(&Policy::of(Origins::List(list))).ok().map(|layered| quickest(&*layered))
        };
        // A list that is searched, or copied, takes thousands of times longer.
        let grows = time(10).zip(time(100_000)).is_some_and(|(few, many)| many > few * 10);
        if grows { "grows" } else { "flat" }.to_owned()
    }),
];

/// The shortest time of a refused request: other work of the machine only adds to it.
fn quickest(layered: &dyn Layered) -> Duration {
    let time = || {
        let request = get(ITEMS, STRANGER).body(()).expect("a request");
        let start = Instant::now();
        black_box(layered.call(request));
        start.elapsed()
    };
    (0..20).map(|_| time()).min().expect("some")
}
