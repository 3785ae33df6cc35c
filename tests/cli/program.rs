//! Runs the program.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The result of a run of the program.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// Runs `tower-cors` in this package's folder, without colours, with a text as its standard input.
pub(crate) fn run<'a>(arguments: impl IntoIterator<Item = &'a str>, input: &str) -> Ran {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, input)
}

/// Runs it in another folder.
pub(crate) fn run_in<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>, input: &str) -> Ran {
    end(Command::new(env!("CARGO_BIN_EXE_tower-cors")).args(arguments).current_dir(folder), input)
}

/// Runs it with some variables in its environment.
pub(crate) fn run_with<'a>(
    arguments: impl IntoIterator<Item = &'a str>,
    input: &str,
    variables: &[(&str, &str)],
) -> Ran {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tower-cors"));
    program.args(arguments).envs(variables.iter().copied()).current_dir(env!("CARGO_MANIFEST_DIR"));
    end(&mut program, input)
}

fn end(program: &mut Command, input: &str) -> Ran {
    let mut program = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    // A program that ends before it has read everything closes its end.
    let _ = program.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let ran = program.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    let status = ran.status.code().expect("no signal ended it");
    Ran { status, output: text(ran.stdout), errors: text(ran.stderr) }
}
