//! No work grows faster than its input: a request or policy that is twice as long costs at most twice as much.
//!
//! Valgrind counts instructions; no time is measured, so two runs differ by only a few per thousand. Without Valgrind nothing is
//! counted, which is an error if `TOWER_CORS_VALGRIND` is set.
//!
//! ```sh
//! cargo test --all-features --test cost requested
//! ```
//!
//! If `TOWER_CORS_COST_PIECES` is a folder, other inputs are counted: each line of its files is a piece, which is repeated in every
//! place where a sender or an author can write. The inputs that a fuzzer has found reach every branch of the code.
//!
//! ```sh
//! TOWER_CORS_COST_PIECES=$PWD/fuzz/corpus/pattern cargo test --release --all-features --test cost
//! ```

mod cost {
    pub(crate) mod inputs;
    pub(crate) mod pieces;
}

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, process};

use cost::inputs::{INPUTS, Input};
use cost::pieces::{PLACES, pieces};
use libtest_mimic::{Arguments, Failed, Trial};

/// The sizes that are compared, in entries, lines or pieces of a line: each is twice the one before it.
const SIZES: [usize; 3] = [512, 1024, 2048];

/// Sorting costs a logarithm more, and hash tables grow in steps. Quadratic work takes four times as much.
const MOST_PERCENT: u64 = 230;

/// Work that does not depend on the input, and by which the counts of two runs may differ.
const NOISE: u64 = 20_000;

/// The argument with which this program runs itself under Valgrind.
const COUNTED: &str = "--counted";

/// A folder with inputs to use instead of the table.
const PIECES: &str = "TOWER_CORS_COST_PIECES";

/// How many inputs are counted in one run: Valgrind writes a file for each of their sizes.
const COUNTED_AT_ONCE: usize = 64;

fn main() -> ExitCode {
    let rows = rows();
    let mut arguments = env::args().skip_while(|argument| argument != COUNTED).skip(1);
    if let Some(first) = arguments.next() {
        count_from(&rows, first.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let valgrind = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    let is_installed = valgrind.is_ok_and(|status| status.success());
    if !is_installed && env::var_os("TOWER_CORS_VALGRIND").is_none() {
        println!("no work is counted, as Valgrind is not installed");
        return ExitCode::SUCCESS;
    }
    let counts = if arguments.list { Vec::new() } else { counts(rows.len()) };
    let mut counts = counts.chunks(SIZES.len());
    let trials = rows.iter().map(|row| {
        let counts = counts.next().unwrap_or_default().to_vec();
        Trial::test(&row.name, move || grows_linearly(&counts))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Something whose work is counted at each size.
struct Row {
    name: String,
    input: Box<dyn Fn(usize) -> Input>,
}

/// The table, or each piece in each place, if there are pieces.
fn rows() -> Vec<Row> {
    let Some(folder) = env::var_os(PIECES) else {
        return INPUTS.map(|(name, input)| Row { name: name.to_owned(), input: Box::new(input) }).into();
    };
    let in_each_place = |piece: String| {
        PLACES.map(|(place, input)| {
            let piece = piece.clone();
            Row { name: format!("{place} of {piece:?}"), input: Box::new(move |size| input(&piece, size)) }
        })
    };
    pieces(Path::new(&folder)).into_iter().flat_map(in_each_place).collect()
}

fn grows_linearly(counts: &[u64]) -> Result<(), Failed> {
    let [_, _, _] = counts else { return Err(format!("counted {counts:?}").into()) };
    let is_linear = |pair: &[u64]| 100 * pair[1] <= MOST_PERCENT * pair[0] + 100 * NOISE;
    if counts.windows(2).all(is_linear) {
        return Ok(());
    }
    let of = SIZES.iter().zip(counts).map(|(size, count)| format!("{count} instructions for {size}"));
    Err(of.collect::<Vec<_>>().join(", ").into())
}

/// The cost of each input at each size, in their order.
fn counts(inputs: usize) -> Vec<u64> {
    let counts_from = |first| counts_from(first, COUNTED_AT_ONCE.min(inputs - first));
    (0..inputs).step_by(COUNTED_AT_ONCE).flat_map(counts_from).collect()
}

/// The same, for some inputs. Valgrind writes one file each time `counted_work` returns.
fn counts_from(first: usize, inputs: usize) -> Vec<u64> {
    let folder = env::temp_dir().join(format!("tower-cors-cost-{}", process::id()));
    fs::create_dir(&folder).expect("a folder for the counts");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=cost::counted_work"])
        .arg("--dump-after=cost::counted_work")
        .arg(format!("--callgrind-out-file={}", folder.join("counts").display()))
        .arg(env::current_exe().expect("this program"))
        .args([COUNTED, &first.to_string()])
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "Valgrind could not run this program");
    let count = |number| {
        let counts = fs::read_to_string(folder.join(format!("counts.{number}"))).ok()?;
        counts.lines().find_map(|line| line.strip_prefix("summary: "))?.trim().parse().ok()
    };
    let counts: Vec<_> = (1..=inputs * SIZES.len()).map_while(count).collect();
    fs::remove_dir_all(folder).expect("the folder is ours");
    assert_eq!(counts.len(), inputs * SIZES.len(), "Valgrind has not counted everything");
    counts
}

fn count_from(rows: &[Row], first: usize) {
    for row in rows.iter().skip(first).take(COUNTED_AT_ONCE) {
        for size in SIZES {
            let Input(work) = (row.input)(size);
            counted_work(work);
        }
    }
}

#[inline(never)]
fn counted_work(work: Box<dyn FnOnce()>) {
    work();
}
