//! The program `tower-cors`: the library's answers on the command line.

mod answer;
mod check;
mod completions;
mod explain;
mod export;
mod generous;
mod input;
mod machine;
mod paragraph;
mod policy_file;
mod probe;
mod question;
mod saved;
mod schema;
mod shown;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use self::answer::{Answer, Failure};

/// Find out why a browser says no, and whether a policy is right.
///
/// Exit status: 0 if all is well, 1 if the answer is no, 2 if the question could not be understood.
#[derive(Parser)]
#[command(name = "tower-cors", version, max_term_width = 80, arg_required_else_help = true, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  tower-cors check cors.toml
  tower-cors explain cors.toml --request saved.txt
  tower-cors explain cors.toml --origin https://app.example.com --method PUT
  tower-cors probe https://api.example.com/ --origin https://app.example.com
  tower-cors export cors.toml --to nginx

See the help of a subcommand for more: `tower-cors explain --help`.";

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Probe(probe::Arguments),
    Export(export::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let mut output = anstream::stdout().lock();
    let answer = match command {
        Command::Check(arguments) => check::run(arguments, &mut output),
        Command::Explain(arguments) => explain::run(arguments, &mut output),
        Command::Probe(arguments) => probe::run(arguments, &mut output),
        Command::Export(arguments) => export::run(arguments, &mut output),
        Command::Schema(arguments) => schema::run(arguments, &mut output),
        Command::Completions(arguments) => completions::run(arguments, Arguments::command(), &mut output),
    };
    let answer = answer.and_then(|answer| output.flush().map(|()| answer).map_err(Failure::from));
    match answer {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        // The reader of the output has read enough: `tower-cors explain ... | head -n 1`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // If even that cannot be written, the exit status still tells.
            let _ = writeln!(anstream::stderr(), "tower-cors: {failure}");
            ExitCode::from(2)
        }
    }
}
