//! The time to build, and the memory of, a policy of many origins from a file, compared with the same strings
//! in the standard library's `HashSet`. `--quick` uses fewer origins.

use std::collections::HashSet;
use std::env;
use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::io;
use std::time::Instant;

use tower_cors::CorsPolicy;
use tower_cors_compare::allocations::count;
use tower_cors_compare::origins::origin;
use tower_cors_compare::policy::policy;
use tower_cors_compare::stats::Summary;

fn main() -> io::Result<()> {
    let is_quick = env::args().any(|argument| argument == "--quick");
    let (size, rounds) = if is_quick { (10_000, 3) } else { (1_000_000, 11) };
    let text = through_a_file(size)?;
    let policy: Build<CorsPolicy> = |text| policy(text.lines().map(str::to_owned));
    let hash_set: Build<HashSet<String>> = |text| text.lines().map(str::to_owned).collect();
    assert_eq!(hash_set(&text).len(), size as usize);

    let mut times = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        times.0.push(milliseconds(policy, &text));
        times.1.push(milliseconds(hash_set, &text));
    }
    println!("{size} origins, {} bytes; medians of {rounds} rounds.\n", text.len());
    println!("|          |    time |     ± |    kept |    peak |");
    println!("| :------- | ------: | ----: | ------: | ------: |");
    print("policy", Summary::of(times.0), policy, &text);
    print("HashSet", Summary::of(times.1), hash_set, &text);
    Ok(())
}

type Build<T> = fn(&str) -> T;

/// One origin in each line.
fn through_a_file(size: u32) -> io::Result<String> {
    let mut text = String::new();
    for number in 0..size {
        let _ = writeln!(text, "{}", origin(number));
    }
    let path = env::temp_dir().join(format!("tower-cors-origins-{}", std::process::id()));
    fs::write(&path, text)?;
    let text = fs::read_to_string(&path)?;
    fs::remove_file(path)?;
    Ok(text)
}

fn milliseconds<T>(build: Build<T>, text: &str) -> f64 {
    let start = Instant::now();
    let collection = black_box(build(text));
    let elapsed = start.elapsed();
    drop(collection);
    elapsed.as_secs_f64() * 1e3
}

fn print<T>(name: &str, time: Summary, build: Build<T>, text: &str) {
    let (collection, memory) = count(|| build(text));
    drop(collection);
    let megabytes = |bytes: isize| format!("{:.1} MB", bytes as f64 / 1e6);
    println!(
        "| {name:<8} | {:>4.0} ms | {:>5.1} | {:>7} | {:>7} |",
        time.median,
        time.spread,
        megabytes(memory.kept),
        megabytes(memory.peak)
    );
}
