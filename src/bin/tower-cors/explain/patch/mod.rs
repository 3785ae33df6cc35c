//! `explain --patch`: the smallest change to the policy's file that makes a request pass.

mod addition;
mod file;
mod layout;
mod refusal;
mod search;
mod toml;

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;
use similar::TextDiff;

use self::addition::Addition;
use self::refusal::Refusal;
pub(crate) use self::refusal::Refused;
use self::search::Search;
use super::account::Account;
use crate::answer::Failure;
use crate::policy_file::{Format, PolicyFile};

#[derive(Args)]
pub(crate) struct Switches {
    /// Print a change to the policy's file instead, for `patch -p0`
    ///
    /// It is the smallest one after which the page can read the response, as a unified diff. It adds origins, methods and
    /// headers to lists of a policy in TOML, and keeps order and comments. It never adds `*`, credentials or a `dangerously_`
    /// field. If no such change exists, the answer says why, and the exit status is 1. With several requests, all must pass.
    #[arg(long)]
    patch: bool,
    /// Also make the change
    #[arg(long, requires = "patch")]
    write: bool,
}

impl Switches {
    pub(crate) fn is_asked(&self) -> bool {
        self.patch
    }

    /// Makes the patch, if it is requested and no information is missing.
    pub(crate) fn make(
        &self,
        file: &PolicyFile,
        accounts: &[Account],
    ) -> Result<Option<Result<Patch, Refused>>, Failure> {
        if !self.patch || accounts.iter().any(|account| account.targets.is_empty()) {
            return Ok(None);
        }
        let patch = smallest(file, accounts)?;
        if let (true, Ok(patch)) = (self.write, &patch) {
            patch.apply()?;
        }
        Ok(Some(patch))
    }
}

/// A change to a policy's file.
#[derive(Debug)]
pub(crate) struct Patch {
    /// The file's name.
    name: String,
    /// If it is empty, no change is needed.
    additions: Vec<Addition>,
    old: String,
    new: String,
}

/// The smallest change after which all requests pass, or why no change helps.
///
/// It adds what the library advises and nothing else: values to lists, as many as are missing.
fn smallest(file: &PolicyFile, accounts: &[Account]) -> Result<Result<Patch, Refused>, Failure> {
    let mut search = Search { file: file.clone(), additions: Vec::new() };
    for account in accounts {
        if let Err(refusal) = search.satisfy_all(account)? {
            return Ok(Err(Refused { place: account.place.clone(), refusal }));
        }
    }
    let Search { file: wanted, additions } = search;
    let is_toml = file.format == Format::Toml;
    let add = |text: String, addition| if is_toml { toml::add(&text, addition) } else { None };
    let changed = additions.iter().try_fold(file.text.clone(), add).and_then(|text| file.with_text(text));
    // Whatever the layout, the new text must have exactly this policy.
    let Some(changed) = changed.filter(|changed| changed.policies == wanted.policies) else {
        let refusal = Refusal::ByHand { format: file.format, additions, policies: file.policies.len() };
        return Ok(Err(Refused { place: String::new(), refusal }));
    };
    let [old, new] = [&file.text, &changed.text].map(|text| [file::mark(file), text].concat());
    Ok(Ok(Patch { name: file.name.clone(), additions, old, new }))
}

impl Patch {
    /// As a unified diff. `None` if no change is needed.
    fn diff(&self) -> Option<String> {
        // Programs read a blank as the end of the name, unless a tab ends it.
        let name = match &self.name {
            name if name.contains(char::is_control) => format!("{name:?}"),
            name if name.contains(' ') => format!("{name}\t"),
            name => name.clone(),
        };
        let diff =
            || TextDiff::from_lines(&self.old, &self.new).unified_diff().header(&name, &name).to_string();
        (!self.additions.is_empty()).then(diff)
    }

    fn apply(&self) -> Result<(), Failure> {
        if self.additions.is_empty() { Ok(()) } else { file::replace(&self.name, &self.old, &self.new) }
    }
}

/// Writes only the diff, or a sentence if no change is needed.
pub(crate) fn write(output: &mut impl Write, patch: &Result<Patch, Refused>) -> io::Result<()> {
    match patch.as_ref().map(Patch::diff) {
        Ok(Some(diff)) => write!(output, "{diff}"),
        Ok(None) => writeln!(output, "Nothing to change: the page can read the response."),
        Err(refused) => refused.write(output),
    }
}

/// The patch as a program reads it.
#[derive(Serialize)]
pub(crate) struct Document<'p> {
    additions: &'p [Addition],
    diff: Option<String>,
    refusal: Option<String>,
    advice: Vec<String>,
}

impl<'p> Document<'p> {
    pub(crate) fn of(patch: &'p Result<Patch, Refused>) -> Self {
        match patch {
            Ok(patch) => {
                Self { additions: &patch.additions, diff: patch.diff(), refusal: None, advice: Vec::new() }
            }
            Err(refused) => Self {
                additions: &[],
                diff: None,
                refusal: Some(refused.sentence()),
                advice: refused.refusal.items(),
            },
        }
    }
}
