//! `CorsPolicy::decide` alone: how its cost depends on the size of the policy, and on a hostile request.

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::HashSet;
use std::fmt::Debug;
use std::hint::black_box;
use std::iter::repeat_with;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use http::Request;
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN};
use support::origins::{Random, UNLISTED, domain, origin};
use support::policy::policy;
use support::requests::{Kind, Requests, as_received, request};
use tower_cors::{CorsPolicy, Denial};

criterion_main!(benches);

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400));
    targets = exact_origins, wildcard_rules, adversarial_origins, adversarial_requested_headers
}

const KIB: usize = 1024;

fn exact_origins(criterion: &mut Criterion) {
    for size in [1, 10, 1000, 100_000, 1_000_000] {
        let policy = policy((0..size).map(origin));
        let hash_set: HashSet<String> = (0..size).map(origin).collect();
        let in_hash_set = |request: &Request<()>| {
            let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok());
            origin.is_some_and(|origin| hash_set.contains(origin))
        };

        // The popular ones are in the caches, so they show how the set's size affects the work. The others show how it affects
        // memory access, as in the standard library's set.
        let cases = [
            ("hit", Kind::Allowed, size, None),
            ("popular hit", Kind::Allowed, size.min(10), None),
            ("miss", Kind::Refused, size, Some(Denial::OriginNotAllowed)),
        ];
        for (case, kind, asked_for, denial) in cases {
            let mut requests = Requests::new(asked_for);
            let mut bench = Bench::new(criterion, format!("exact {size} {case}"), || requests.next(kind));
            bench.run("tower-cors", |request| denial_of(&policy, request), denial);
            bench.run("hash-set", in_hash_set, denial.is_none());
        }

        let mut random = Random::new(3);
        let malformed = || request(Kind::Refused, &origin(random.below(size)).replace("://", "://X"));
        Bench::new(criterion, format!("exact {size} malformed"), malformed).run(
            "tower-cors",
            |request| denial_of(&policy, request),
            Some(Denial::MalformedOrigin),
        );
    }
}

fn wildcard_rules(criterion: &mut Criterion) {
    for size in [1, 10, 1000, 100_000] {
        let policy = policy((0..size).map(wildcard));
        let cases = [
            ("hit", "https://app.", 0, None),
            ("miss", "https://app.", UNLISTED, Some(Denial::OriginNotAllowed)),
            ("malformed", "https://.", 0, Some(Denial::MalformedOrigin)),
        ];
        for (case, prefix, first, denial) in cases {
            let mut random = Random::new(4);
            let next = || request(Kind::Refused, &format!("{prefix}{}", domain(first + random.below(size))));
            Bench::new(criterion, format!("wildcard {size} {case}"), next).run(
                "tower-cors",
                |request| denial_of(&policy, request),
                denial,
            );
        }
    }
}

/// The slowest match is for the longest host with the most labels: if no rule has any of them, and, with a hostile
/// policy, if each step finds a rule, but with another port.
fn adversarial_origins(criterion: &mut Criterion) {
    let deepest = ["a"; 127].join(".");
    let rules_on_the_way =
        (3..deepest.len()).step_by(2).map(|len| format!("https://*.{}:8443", &deepest[..len]));
    let policy = policy((0..100_000).map(wildcard).chain(rules_on_the_way));
    let cases = [
        ("ordinary refusal", origin(UNLISTED), Denial::OriginNotAllowed),
        ("one-letter labels", format!("https://{}", deepest.replace('a', "b")), Denial::OriginNotAllowed),
        ("one-letter labels and rules", format!("https://{deepest}"), Denial::OriginNotAllowed),
        ("64 KiB", format!("https://{}", "a".repeat(64 * KIB)), Denial::MalformedOrigin),
        ("1 MiB", format!("https://{}", "a".repeat(KIB * KIB)), Denial::MalformedOrigin),
        ("1 MiB of labels", format!("https://{}b", "a.".repeat(KIB * KIB / 2)), Denial::MalformedOrigin),
    ];
    for (case, origin, denial) in cases {
        let request = request(Kind::Refused, &origin);
        Bench::new(criterion, format!("origin {case}"), || request.clone()).run(
            "tower-cors",
            |request| denial_of(&policy, request),
            Some(denial),
        );
    }
}

fn adversarial_requested_headers(criterion: &mut Criterion) {
    let policy = policy([origin(0)]);
    bench_requested_headers(criterion, &policy, "ordinary refusal", "x-other", "header-not-allowed");
    for size in [KIB, 2 * KIB, 64 * KIB, KIB * KIB] {
        // A single name is read up to the limit; at any of these sizes, the others are too many.
        let one_name = if size <= 2 * KIB { "header-not-allowed" } else { "too-many-headers" };
        let texts = [
            ("one name", "x".repeat(size), one_name),
            ("short names", "x,".repeat(size / 2), "too-many-headers"),
            ("listed names", "content-type,".repeat(size / 13), "too-many-headers"),
            ("empty elements", ",".repeat(size), "too-many-headers"),
        ];
        for (case, text, denial) in texts {
            bench_requested_headers(
                criterion,
                &policy,
                &format!("{} KiB of {case}", size / KIB),
                &text,
                denial,
            );
        }
    }
}

fn bench_requested_headers(
    criterion: &mut Criterion,
    policy: &CorsPolicy,
    case: &str,
    text: &str,
    denial: &'static str,
) {
    let mut request = request(Kind::PreflightAllowed, &origin(0));
    request.headers_mut().insert(ACCESS_CONTROL_REQUEST_HEADERS, as_received(text));
    Bench::new(criterion, format!("requested headers {case}"), || request.clone()).run(
        "tower-cors",
        |request| denial_of(policy, request).as_ref().map(Denial::kind),
        Some(denial),
    );
}

fn wildcard(number: u32) -> String {
    format!("https://*.{}", domain(number))
}

fn denial_of(policy: &CorsPolicy, request: &Request<()>) -> Option<Denial> {
    policy.decide(request).denial().copied()
}

/// A case: how to make its requests.
struct Bench<'a, N> {
    criterion: &'a mut Criterion,
    case: String,
    next: N,
}

impl<'a, N: FnMut() -> Request<()>> Bench<'a, N> {
    fn new(criterion: &'a mut Criterion, case: String, next: N) -> Self {
        Self { criterion, case, next }
    }

    /// Checks each answer of an implementation, then measures its time.
    ///
    /// Requests are made in batches outside the measured time: they are as warm as requests that a server has just read,
    /// and the policy is as cold as random requests leave it.
    fn run<T: Copy + PartialEq + Debug>(
        &mut self,
        implementation: &str,
        decide: impl Fn(&Request<()>) -> T,
        expected: T,
    ) {
        const BATCH: u64 = 256;
        let mut group = self.criterion.benchmark_group(&self.case);
        let next = &mut self.next;
        group.bench_function(implementation, |bencher| {
            bencher.iter_custom(|iterations| {
                let mut elapsed = Duration::ZERO;
                let mut left = iterations;
                while left > 0 {
                    let requests: Vec<_> = repeat_with(&mut *next).take(left.min(BATCH) as usize).collect();
                    let start = Instant::now();
                    for request in &requests {
                        assert_eq!(decide(black_box(request)), expected);
                    }
                    elapsed += start.elapsed();
                    left -= requests.len() as u64;
                }
                elapsed
            });
        });
    }
}
