//! `explain --patch`: the smallest change to the policy's file that makes a request pass.

mod addition;
mod file;
mod layout;
mod refusal;
mod search;
mod toml;

use std::io::Write;

use clap::Args;
use similar::TextDiff;
use textwrap::{Options, WordSplitter};

pub(crate) use self::addition::Addition;
pub(crate) use self::refusal::Refusal;
use self::search::Search;
use crate::answer::{Answer, Failure};
use crate::policy_file::PolicyFile;
use crate::question::Question;

#[derive(Args)]
pub(crate) struct Flags {
    /// Print the smallest change to the policy's file after which the request passes, for `patch -p0`. It only adds origins, methods
    /// and headers to lists: never `*`, credentials or a `dangerously_` field. The exit status is 1 if no such change exists
    #[arg(long)]
    patch: bool,
    /// Change the policy's file, too
    #[arg(long, requires = "patch")]
    write: bool,
}

impl Flags {
    /// Whether a patch is asked for instead of an explanation.
    pub(crate) fn ask(&self) -> bool {
        self.patch
    }

    /// Prints the patch, or why there is none.
    pub(crate) fn answer(
        &self,
        file: &PolicyFile,
        questions: &[Question],
        output: &mut impl Write,
    ) -> Result<Answer, Failure> {
        let patch = match smallest(file, questions)? {
            Ok(patch) => patch,
            Err(refusal) => {
                for line in refusal.to_string().lines() {
                    writeln!(output, "{}", wrapped(line))?;
                }
                return Ok(Answer::No);
            }
        };
        if patch.is_empty() {
            writeln!(output, "The page can read the response. Nothing has to be changed.")?;
            return Ok(Answer::Yes);
        }
        if self.write {
            patch.write()?;
        }
        write!(output, "{}", patch.diff())?;
        Ok(Answer::Yes)
    }
}

/// A change to a policy's file.
#[derive(Debug)]
pub(crate) struct Patch {
    /// The file's name.
    name: String,
    additions: Vec<Addition>,
    old: String,
    new: String,
}

/// The smallest change after which a browser lets the pages read all responses, or why there is none. It is empty if they can read
/// them already.
///
/// It adds what the library advises and nothing else: values to lists, as many as are missing.
pub(crate) fn smallest(file: &PolicyFile, questions: &[Question]) -> Result<Result<Patch, Refusal>, Failure> {
    let mut search = Search { file: file.clone(), additions: Vec::new() };
    for question in questions {
        if let Err(refusal) = search.satisfy(question)? {
            return Ok(Err(refusal));
        }
    }
    let Search { file: wanted, additions } = search;
    let old = file::original(file);
    let new = additions.iter().try_fold(old.clone(), |text, addition| toml::add(&text, addition));
    // Whatever the text looks like, it says what is wanted: this and nothing else.
    let is_wanted = |text: &String| {
        PolicyFile::parse(&file.name, text.clone()).is_ok_and(|changed| changed.policies == wanted.policies)
    };
    Ok(match new.filter(is_wanted) {
        Some(new) => Ok(Patch { name: file.name.clone(), additions, old, new }),
        None => Err(Refusal::ByHand { additions, policies: file.policies.len() }),
    })
}

impl Patch {
    /// Whether nothing has to be changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.additions.is_empty()
    }

    /// As a unified diff, for `patch -p0` and `git apply -p0`.
    pub(crate) fn diff(&self) -> String {
        // Tools take a blank for the end of the name, unless a tab ends it.
        let name = if self.name.contains(' ') { format!("{}\t", self.name) } else { self.name.clone() };
        let name = if name.contains(|char: char| char.is_control() && char != '\t') {
            format!("{name:?}")
        } else {
            name
        };
        TextDiff::from_lines(&self.old, &self.new).unified_diff().header(&name, &name).to_string()
    }

    /// Changes the file.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        file::replace(&self.name, &self.old, &self.new)
    }
}

/// A line as 80 columns have it. URLs and names are not torn apart.
fn wrapped(line: &str) -> String {
    let indent = if line.starts_with(['-', ' ']) { "  " } else { "" };
    let options = Options::new(80).subsequent_indent(indent).break_words(false);
    textwrap::fill(line, options.word_splitter(WordSplitter::NoHyphenation))
}
