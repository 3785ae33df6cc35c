//! The cost of a request with tower-cors and with the alternatives: one table.
//!
//! Every implementation answers a batch of requests in each round, in random order; the figures are medians over all
//! rounds. The requests and their origins are the same in every run. `--quick` makes fewer rounds: a check that everything
//! works, not a measurement.

use std::env;
use std::hint::black_box;
use std::iter::repeat_with;
use std::time::{Duration, Instant};

use axum::body::Body;
use http::Request;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName, RANGE};
use tower::layer::util::Identity;
use tower_cors_compare::origins::Random;
use tower_cors_compare::requests::{Kind, Requests};
use tower_cors_compare::stats::Summary;
use tower_cors_compare::subject::{Mode, Subject, layered};
use tower_cors_compare::{actix, layers};

const SIZES: [u32; 4] = [1, 10, 1000, 100_000];

const MODES: [(Mode, &str); 3] = [
    (Mode::Direct, "Direct calls"),
    (Mode::Cloned, "A clone of the service for each call"),
    (Mode::Routed, "Through axum::Router"),
];

/// How many requests of a kind are answered in a row, unless that takes longer than `BATCH_TIME`.
const BATCH: u32 = 256;
const BATCH_TIME: Duration = Duration::from_micros(400);

fn main() {
    let is_quick = env::args().any(|argument| argument == "--quick");
    let rounds = if is_quick { 3 } else { 151 };
    println!(
        "Times added to the bare service (actix-cors: to a bare actix service), medians of {rounds} rounds."
    );
    println!("Allocations added to the bare service: by hand / tower-cors / tower-http / actix-cors.");
    println!("With service: tower-http / tower-cors, both with the time of the bare service.");
    println!("±: half the range between the quartiles of the tower-cors figure.");
    let mut noise = Vec::new();
    for (mode, title) in MODES {
        println!("\n{title}\n");
        print_head();
        for size in SIZES {
            let mut contestants = contestants(mode, size);
            for kind in Kind::COMPARED {
                check(&mut contestants, size, kind);
                let cell = Cell::measure(&mut contestants, size, kind, rounds);
                cell.print(size, kind);
                noise.push(cell.bare().total.spread / cell.bare().total.median);
            }
        }
    }
    println!("\nOne look-up of a header that the request does not have: {:.1} ns.", look_up_time(rounds));
    let noise = Summary::of(noise);
    println!("Noise: the bare service's time varied by ±{:.1} % between rounds.", noise.median * 100.0);
}

/// One implementation.
struct Contestant {
    subject: Box<dyn Subject>,
    /// The index of the bare service that it is compared with.
    bare: usize,
    batch: u32,
}

const BARE: usize = 0;
const FLOOR: usize = 1;
const OURS: usize = 2;
const TOWER_HTTP: usize = 3;
const ACTIX_BARE: usize = 4;
const ACTIX: usize = 5;

/// In the order of the constants above.
fn contestants(mode: Mode, size: u32) -> Vec<Contestant> {
    let mut subjects = vec![
        (layered(mode, Identity::new()), BARE),
        (layered(mode, layers::floor(size)), BARE),
        (layered(mode, layers::ours(size)), BARE),
        (layered(mode, layers::tower_http(size)), BARE),
    ];
    if mode == Mode::Direct {
        subjects.push((actix::bare(), ACTIX_BARE));
        subjects.push((actix::cors(size), ACTIX_BARE));
    }
    subjects.into_iter().map(|(subject, bare)| Contestant { subject, bare, batch: BATCH }).collect()
}

/// tower-cors and the headers by hand give exactly the same answers. The others' headers differ a little, with the same policy.
fn check(contestants: &mut [Contestant], size: u32, kind: Kind) {
    let mut requests = Requests::new(size);
    for _ in 0..BATCH {
        let request: Request<Body> = requests.next(kind);
        let mut answer = |index: usize| contestants[index].subject.answer(copy(&request));
        assert_eq!(answer(OURS), answer(FLOOR), "{} of {size}", kind.name());
    }
    for (index, contestant) in contestants.iter_mut().enumerate() {
        let (_, headers) = contestant.subject.answer(requests.next(kind));
        let is_allowed = kind.is_allowed() && index != BARE && index != ACTIX_BARE;
        assert_eq!(headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), is_allowed, "{}", kind.name());
    }
}

fn copy(request: &Request<Body>) -> Request<Body> {
    let mut copy = Request::new(Body::empty());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

/// One kind of request, for each contestant.
struct Cell(Vec<Figures>);

struct Figures {
    /// Nanoseconds.
    total: Summary,
    over_bare: Summary,
    allocations: i64,
}

impl Cell {
    fn measure(contestants: &mut [Contestant], size: u32, kind: Kind, rounds: usize) -> Self {
        let mut requests = Requests::new(size);
        for contestant in &mut *contestants {
            contestant.choose_batch(&mut requests, kind);
        }
        let mut random = Random::new(2);
        let mut order: Vec<_> = (0..contestants.len()).collect();
        let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
        for _ in 0..rounds {
            random.shuffle(&mut order);
            for &index in &order {
                times[index].push(contestants[index].time(&mut requests, kind));
            }
        }
        let request: Request<Body> = requests.next(kind);
        let allocations: Vec<_> =
            contestants.iter_mut().map(|contestant| contestant.subject.allocations(copy(&request))).collect();
        let figures = contestants.iter().enumerate().map(|(index, contestant)| {
            let pairs = times[index].iter().zip(&times[contestant.bare]);
            Figures {
                total: Summary::of(times[index].clone()),
                over_bare: Summary::of(pairs.map(|(time, bare)| time - bare).collect()),
                allocations: allocations[index] - allocations[contestant.bare],
            }
        });
        Self(figures.collect())
    }

    fn bare(&self) -> &Figures {
        &self.0[BARE]
    }

    fn print(&self, size: u32, kind: Kind) {
        let over = |index: usize| self.0.get(index).map(|figures| figures.over_bare.median);
        let allocations: Vec<_> =
            [FLOOR, OURS, TOWER_HTTP, ACTIX].iter().filter_map(|index| self.0.get(*index)).collect();
        let allocations: Vec<_> = allocations.iter().map(|figures| figures.allocations.to_string()).collect();
        let ratio = |one: usize, other: usize| ratio(over(one), over(other));
        let totals = self.0[TOWER_HTTP].total.median / self.0[OURS].total.median;
        println!(
            "| {size:>7} | {:<17} | {:>8} | {:>8} | {:>10} | {:>5} | {:>10} | {:>10} | {:>20} | {:>23} | {:>12} | {:<14} |",
            kind.name(),
            time(Some(self.bare().total.median)),
            time(over(FLOOR)),
            time(over(OURS)),
            time(Some(self.0[OURS].over_bare.spread)),
            time(over(TOWER_HTTP)),
            time(over(ACTIX)),
            ratio(OURS, FLOOR),
            ratio(TOWER_HTTP, OURS),
            format!("{totals:.1}"),
            allocations.join(" / "),
        );
    }
}

impl Contestant {
    /// Nanoseconds for one request. The contestant before it has filled caches and predictors, so the first few
    /// requests do not count.
    fn time(&mut self, requests: &mut Requests, kind: Kind) -> f64 {
        self.subject.time(take(requests, kind, self.batch.div_ceil(8)));
        let elapsed = self.subject.time(take(requests, kind, self.batch));
        nanoseconds(elapsed) / f64::from(self.batch)
    }

    fn choose_batch(&mut self, requests: &mut Requests, kind: Kind) {
        self.batch = 2;
        let one = self.time(requests, kind);
        let fitting = nanoseconds(BATCH_TIME) / one;
        self.batch = (1..=BATCH).rev().find(|batch| f64::from(*batch) <= fitting).unwrap_or(1);
    }
}

fn take(requests: &mut Requests, kind: Kind, count: u32) -> Vec<Request<Body>> {
    repeat_with(|| requests.next(kind)).take(count as usize).collect()
}

fn print_head() {
    println!(
        "| origins | request           |     bare |  by hand | tower-cors |     ± | tower-http | actix-cors | \
         tower-cors / by hand | tower-http / tower-cors | with service | allocations    |"
    );
    println!(
        "| ------: | :---------------- | -------: | -------: | ---------: | ----: | ---------: | ---------: | \
         -------------------: | ----------------------: | -----------: | :------------- |"
    );
}

/// The unit of the targets for requests without an allowed origin.
fn look_up_time(rounds: usize) -> f64 {
    const LOOK_UPS: u32 = 10_000;
    const ABSENT: HeaderName = RANGE;
    let request: Request<Body> = Requests::new(1).next(Kind::Allowed);
    let time = || {
        let start = Instant::now();
        for _ in 0..LOOK_UPS {
            black_box(black_box(request.headers()).get(ABSENT));
        }
        nanoseconds(start.elapsed()) / f64::from(LOOK_UPS)
    };
    Summary::of(repeat_with(time).take(rounds).collect()).median
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

fn time(nanoseconds: Option<f64>) -> String {
    match nanoseconds {
        None => String::new(),
        Some(ns) if ns < 10_000.0 => format!("{ns:.0} ns"),
        Some(ns) if ns < 10_000_000.0 => format!("{:.0} µs", ns / 1e3),
        Some(ns) => format!("{:.0} ms", ns / 1e6),
    }
}

fn ratio(one: Option<f64>, other: Option<f64>) -> String {
    match (one, other) {
        (Some(one), Some(other)) if other > 0.0 => format!("{:.2}", one / other),
        _ => String::new(),
    }
}
