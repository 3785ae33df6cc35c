//! `tower-cors completions`: what a shell needs to complete the program's arguments.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::answer::{Answer, Failure};

/// Print a script that completes the program's arguments in a shell.
#[derive(Args)]
#[command(after_help = "\
Examples:
  source <(tower-cors completions bash)
  tower-cors completions fish > ~/.config/fish/completions/tower-cors.fish")]
pub(crate) struct Arguments {
    shell: Shell,
}

pub(crate) fn run(
    Arguments { shell }: Arguments,
    mut program: Command,
    output: &mut impl Write,
) -> Result<Answer, Failure> {
    let name = program.get_name().to_owned();
    // Not to the output itself: the generator panics where it cannot write.
    let mut script = Vec::new();
    generate(shell, &mut program, name, &mut script);
    output.write_all(&script)?;
    Ok(Answer::Yes)
}
