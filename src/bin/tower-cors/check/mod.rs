//! `tower-cors check`: is the policy right?

mod against;
mod github;
mod json;
mod summary;
#[cfg(test)]
mod tests;

use std::io::Write;

use clap::{Args, ValueEnum};

use self::against::{Annotation, Comparison};
use self::github::Annotations;
use self::summary::Summary;
use super::answer::{Answer, Failure};
use super::policy_file::{Format, Options, PolicyFile, Reading, Report};

/// Check policy files, and show every mistake with its line.
///
/// A file has one policy, or a list: the first policy that allows the origin decides. The fields are those of the library's
/// builder, at the top of the file or below `cors`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Policy files, or `-` for the standard input.
    #[arg(value_name = "FILE", required_unless_present = "env")]
    files: Vec<String>,
    /// Check the environment of this process.
    #[arg(long)]
    env: bool,
    /// Read the variables with this prefix.
    #[arg(long, value_name = "PREFIX", default_value = Options::PREFIX)]
    env_prefix: String,
    /// The format of the files [default: by file name, or else by content].
    #[arg(long, value_name = "FORMAT")]
    input: Option<Format>,
    /// Exit with status 1 if there is a warning.
    #[arg(long)]
    deny_warnings: bool,
    /// Compare with this older policy file: what opens, what closes, and whether the policy widens.
    ///
    /// A policy widens if there could be a request that it allows and the older one does not. `-` reads the older one from the
    /// standard input.
    #[arg(long, value_name = "OLD")]
    against: Option<String>,
    /// Exit with status 1 if the policy widens.
    #[arg(long, requires = "against")]
    deny_widening: bool,
    /// The format of the findings.
    #[arg(long, value_name = "FORMAT", default_value = "human", conflicts_with = "json")]
    format: Output,
    /// Write one JSON document; the same as `--format json`.
    ///
    /// It has `files` and `failures` (what could not be opened). A file has `policies`, `errors`, `warnings` and `findings`; a
    /// finding has `severity`, `kind`, `field`, `value`, `message`, `suggestion`, `start` and `end` (line, column, offset).
    /// With `--against`, a file has `change` too: `verdict` (`widens`, `narrows`, `changes`, `same`), and `entries` with `effect`
    /// (`opens`, `closes`, `other`), `policy`, `field`, `before` and `after`.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  tower-cors check cors.toml
  tower-cors check --deny-warnings config/*.yaml
  tower-cors check --format github cors.json
  git show main:cors.toml | tower-cors check --against - cors.toml
  tower-cors check --against old.toml --deny-widening cors.toml
  tower-cors check .env
  tower-cors check --env --env-prefix APP_CORS__
  yq .data.cors values.yaml | tower-cors check --input yaml -

In variables, a field is its name in either case after the prefix:
  CORS_ALLOW_ORIGINS=https://app.example.com,https://www.example.com
  CORS_ALLOW_CREDENTIALS=true

Exit status: 0 if all is well, 1 if a policy is not valid (or, with
--deny-warnings, has a warning; with --deny-widening, widens), 2 if a file cannot be read.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people, as compilers write them.
    Human,
    /// Annotations for GitHub Actions.
    Github,
    /// One document for programs.
    Json,
}

pub(crate) fn run(arguments: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    let Arguments { files, env, env_prefix, input, deny_warnings, against, deny_widening, format, json } =
        arguments;
    let format = if json { Output::Json } else { format };
    if files.iter().chain(&against).filter(|file| *file == "-").count() > 1 {
        return Err(Failure::new("the standard input (`-`) can be read only once: give it once"));
    }
    let options = Options { format: input, prefix: env_prefix };
    if against.is_some() && files.len() + usize::from(env) != 1 {
        return Err(Failure::new("`--against` compares one policy file with an older one: give one"));
    }
    let old = against.map(|name| PolicyFile::read_as(&name, &options)).transpose()?;
    let of_files = files.iter().map(|file| Reading::of_file(file, &options));
    let of_environment = env.then(|| Ok(Reading::of_environment(&options.prefix)));
    let mut answer = Answer::Yes;
    let mut failures = Vec::new();
    let mut document = json::Document::default();
    for reading in of_files.chain(of_environment) {
        let reading = match reading {
            Ok(reading) => reading,
            Err(failure) => {
                document.add_failure(&failure.to_string());
                failures.push(failure.to_string());
                continue;
            }
        };
        if !reading.is_readable {
            failures.push(format!("{}: {}", reading.source, reading.refusal()));
        }
        let is_well = reading.errors == 0 && !(deny_warnings && reading.warnings > 0);
        answer = answer.and(is_well.into());
        let old = old.as_ref().filter(|_| reading.errors == 0);
        let comparison = old.map(|old| Comparison::new(old, &reading));
        let comparison = comparison.as_ref();
        let widens = comparison.is_some_and(Comparison::widens);
        answer = answer.and((!(deny_widening && widens)).into());
        match format {
            Output::Human => {
                write!(output, "{}{}", Report(&reading), Summary(&reading))?;
                comparison.map_or(Ok(()), |comparison| write!(output, "{comparison}"))?;
            }
            Output::Github => {
                write!(output, "{}{}", Annotations(&reading), Summary(&reading))?;
                let annotation =
                    comparison.map(|comparison| Annotation { comparison, denies: deny_widening });
                annotation.map_or(Ok(()), |annotation| write!(output, "{annotation}"))?;
            }
            Output::Json => document.add(&reading, comparison),
        }
    }
    if format == Output::Json {
        document.write(output)?;
    }
    // The files that could be read are reported in any case.
    if failures.is_empty() { Ok(answer) } else { Err(Failure::new(failures.join("\ntower-cors: "))) }
}
