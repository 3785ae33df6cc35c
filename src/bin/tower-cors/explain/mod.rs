//! `tower-cors explain`: why does the browser say no?

mod account;
mod asked;
mod compare;
mod help;
mod in_front;
mod json;
mod judge;
mod notes;
mod patch;
mod server;
mod target;
mod text;
mod without_policy;

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use self::account::{Account, Verdict, account};
use self::asked::Flags;
use super::answer::{Answer, Failure};
use super::policy_file::PolicyFile;

/// Say whether a page may read a response, and if not, why not and what to change.
#[derive(Args)]
#[command(after_help = help::EXAMPLES, after_long_help = format!("{}\n\n{}", help::EXAMPLES, help::JSON))]
pub(crate) struct Arguments {
    /// The policy's file, or `-` for the standard input
    policy: Option<String>,
    /// A saved request, or `-`: the same as `--request`
    #[arg(value_name = "REQUEST", conflicts_with = "request")]
    file: Option<String>,
    /// A request that was saved as text, or `-` for the standard input
    #[arg(long, value_name = "FILE")]
    request: Option<String>,
    #[command(flatten)]
    flags: Flags,
    /// Write one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    patch: patch::Switches,
}

/// How many requests there are of each verdict.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Summary {
    readable: usize,
    /// Of the readable ones.
    same_origin: usize,
    blocked: usize,
    unknown: usize,
}

pub(crate) fn run(arguments: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    let Arguments { policy, file, request, flags, json, patch } = arguments;
    let request = request.or(file);
    let Some(policy) = policy else {
        let of_a_policy = [(json, "--json"), (patch.is_asked(), "--patch")];
        if let Some((_, flag)) = of_a_policy.into_iter().find(|(is_given, _)| *is_given) {
            return Err(Failure::new(format!(
                "`{flag}` needs a policy: give its file as the first argument"
            )));
        }
        if request.is_none() && flags.are_empty() {
            return without_policy::show_example(output);
        }
        return without_policy::explain(output, flags.cases(request.as_deref())?);
    };
    if policy == "-" && request.as_deref() == Some("-") {
        return Err(Failure::new(
            "the policy and the request cannot both be the standard input (`-`): give a file for one",
        ));
    }
    let file = PolicyFile::read(&policy)?;
    let accounts: Vec<_> = flags
        .cases(request.as_deref())?
        .into_iter()
        .map(|case| account(&file, case))
        .collect::<Result<_, _>>()?;
    let summary = Summary::of(&accounts);
    let patch = patch.make(&file, &accounts)?;
    match &patch {
        patch if json => {
            json::write(output, &accounts, summary, patch.as_ref().map(patch::Document::of))?;
        }
        Some(patch) => patch::write(output, patch)?,
        None => write_all(output, &accounts, summary)?,
    }
    match patch {
        Some(patch) => Ok(patch.is_ok().into()),
        None => summary.answer(&accounts),
    }
}

/// One request in full. For several, those that a browser blocks in full, a sentence for each other one that crosses origins,
/// and the assumptions of these sentences.
fn write_all(output: &mut impl Write, accounts: &[Account], summary: Summary) -> io::Result<()> {
    if let [account] = accounts {
        // Missing information is reported once, as the failure.
        return if account.verdict.answer().is_some() { text::write(output, account) } else { Ok(()) };
    }
    for account in accounts.iter().filter(|account| account.verdict != Verdict::SameOrigin) {
        match account.verdict.answer() {
            Some(Answer::No) => text::write(output, account)?,
            _ => text::heading(output, account)?,
        }
        writeln!(output)?;
    }
    let listed = |account: &&Account| {
        account.verdict != Verdict::SameOrigin && account.verdict.answer() != Some(Answer::No)
    };
    let notes: BTreeSet<_> = accounts.iter().filter(listed).flat_map(|account| &account.caveats).collect();
    notes.iter().try_for_each(|note| text::note(output, note))?;
    if !notes.is_empty() {
        writeln!(output)?;
    }
    writeln!(output, "{summary}")
}

impl Summary {
    fn of(accounts: &[Account]) -> Self {
        let mut summary = Self::default();
        for account in accounts {
            *match account.verdict.answer() {
                Some(Answer::Yes) => &mut summary.readable,
                Some(Answer::No) => &mut summary.blocked,
                None => &mut summary.unknown,
            } += 1;
            summary.same_origin += usize::from(account.verdict == Verdict::SameOrigin);
        }
        summary
    }

    fn answer(self, accounts: &[Account]) -> Result<Answer, Failure> {
        let missing = accounts.iter().find_map(|account| match &account.verdict {
            Verdict::Unknown(missing) => Some((&account.place, missing)),
            _ => None,
        });
        match missing {
            Some((place, missing)) if place.is_empty() => Err(Failure::new(missing.as_str())),
            Some((place, missing)) => Err(Failure::new(format!("{place}: {missing}"))),
            None => Ok((self.blocked == 0).into()),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { readable, same_origin, blocked, unknown } = *self;
        write!(f, "{} requests: {readable} readable", readable + blocked + unknown)?;
        if same_origin > 0 {
            write!(f, " ({same_origin} same-origin)")?;
        }
        write!(f, ", {blocked} blocked")?;
        if unknown > 0 { write!(f, ", {unknown} unknown") } else { Ok(()) }
    }
}
