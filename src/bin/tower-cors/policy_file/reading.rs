//! A policy's text, read and checked: the policies, and the findings.

use std::ops::Range;
use std::rc::Rc;

use serde::Deserialize;
use tower_cors::{CorsPolicy, Finding, PolicyCheck};

use super::format::Format;
use super::node::{Entry, Node, Value};
use super::places::Places;
use super::syntax::SyntaxError;
use super::told::Told;
use super::{env, json, toml, yaml};
use crate::answer::Failure;
use crate::input;

/// How many findings about one text are shown. The others are counted.
pub(crate) const MAX_TOLD: usize = 100;

/// Options for reading a text.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// By default, recognised by its name or its text.
    pub(crate) format: Option<Format>,
    /// The prefix of a policy's variables.
    pub(crate) prefix: String,
}

impl Options {
    /// The default in the program's documentation.
    pub(crate) const PREFIX: &str = "CORS_";
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, prefix: Self::PREFIX.to_owned() }
    }
}

/// The text, the policies and the findings.
pub(crate) struct Reading {
    pub(crate) source: Source,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Empty if and only if there is an error.
    pub(crate) policies: Vec<CorsPolicy>,
    /// In the order of the text: the first ones, errors before warnings.
    pub(crate) told: Vec<Told>,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// Whether the text is valid in its format.
    pub(crate) is_readable: bool,
}

/// The source of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A path, or `-`.
    File(String),
    Environment,
}

impl Source {
    /// Whether it is a file that others can open by this name.
    pub(crate) fn is_named(&self) -> bool {
        matches!(self, Self::File(name) if name != "-")
    }
}

impl Reading {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn of_file(name: &str, options: &Options) -> Result<Self, Failure> {
        let text = input::read_policy(name)?;
        let format = options.format.unwrap_or_else(|| Format::recognise(name, &text));
        Ok(Self::of_text(Source::File(name.to_owned()), text, format, &options.prefix))
    }

    /// Reads the variables of this process.
    pub(crate) fn of_environment(prefix: &str) -> Self {
        let (text, root) = env::of_process(prefix);
        Self::new(Source::Environment, text, Format::Env, prefix, Ok(root.into()))
    }

    pub(crate) fn of_text(source: Source, text: String, format: Format, prefix: &str) -> Self {
        let root = parse(format, &text, prefix);
        Self::new(source, text, format, prefix, root)
    }

    /// Why there are no policies.
    pub(crate) fn refusal(&self) -> String {
        if self.is_readable {
            format!("not a valid policy: {}", self.counts())
        } else {
            format!("not valid {}", self.format)
        }
    }

    /// "2 errors, 1 warning".
    pub(crate) fn counts(&self) -> String {
        let count = |count: usize, noun: &str| {
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {noun}{plural}"))
        };
        let counts = [count(self.errors, "error"), count(self.warnings, "warning")];
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn new(
        source: Source,
        text: String,
        format: Format,
        prefix: &str,
        root: Result<Rc<Node>, SyntaxError>,
    ) -> Self {
        let mut reading = Self {
            source,
            text,
            format,
            policies: Vec::new(),
            told: Vec::new(),
            errors: 0,
            warnings: 0,
            is_readable: root.is_ok(),
        };
        match root {
            Ok(root) => reading.check(&root, prefix),
            Err(SyntaxError { range, message }) => {
                if format == Format::Env {
                    reading.text = env::without_secrets(&reading.text, prefix);
                }
                let message = format!("not valid {format}: {message}");
                reading.told = vec![Told::error("syntax", message, range, None)];
                reading.errors = 1;
            }
        }
        reading
    }

    fn check(&mut self, root: &Rc<Node>, prefix: &str) {
        let policies = Policies::new(root);
        let checks: Vec<_> =
            policies.nodes.iter().map(|node| PolicyCheck::deserialize(node.as_policy())).collect();
        let mut found = policies.found();
        for (number, check) in checks.iter().enumerate() {
            let (node, policy) = (&policies.nodes[number], policies.is_list.then_some(number));
            match check {
                Ok(check) => {
                    let mut places = Places::new(&self.text, policies.head(number), node);
                    found.extend(check.findings().map(|finding| {
                        let range = places.range(finding.place());
                        Found { policy, range, what: What::Finding(finding) }
                    }));
                }
                Err(error) => {
                    let what = What::NoPolicy(error.to_string());
                    found.push(Found { policy, range: node.range.clone(), what });
                }
            }
        }
        self.errors = found.iter().filter(|found| found.what.is_error()).count();
        self.warnings = found.len() - self.errors;
        if found.len() > MAX_TOLD {
            found.sort_by_key(|found| (!found.what.is_error(), found.range.start));
            found.truncate(MAX_TOLD);
        }
        found.sort_by_key(|found| found.range.start);
        let told = found.into_iter().map(Found::tell).map(|told| match self.format {
            Format::Env => told.with_prefix(prefix),
            Format::Yaml => told.with_merge_key(),
            Format::Toml | Format::Json => told,
        });
        self.told = told.collect();
        if self.errors == 0 {
            self.policies = checks.iter().flatten().filter_map(PolicyCheck::policy).cloned().collect();
        }
    }
}

fn parse(format: Format, text: &str, prefix: &str) -> Result<Rc<Node>, SyntaxError> {
    match format {
        Format::Toml => toml::parse(text).map(Rc::new),
        Format::Json => json::parse(text).map(Rc::new),
        Format::Yaml => yaml::parse(text),
        Format::Env => env::parse(text, prefix).map(Rc::new),
    }
}

/// The findings, before it is known which of them are shown.
struct Found<'c> {
    policy: Option<usize>,
    range: Range<usize>,
    what: What<'c>,
}

enum What<'c> {
    Finding(&'c Finding),
    /// Another value where a policy must be.
    NoPolicy(String),
}

impl What<'_> {
    fn is_error(&self) -> bool {
        match self {
            Self::Finding(finding) => finding.is_error(),
            Self::NoPolicy(_) => true,
        }
    }
}

impl Found<'_> {
    fn tell(self) -> Told {
        let Self { policy, range, what } = self;
        match what {
            What::Finding(finding) => Told::finding(finding, range, policy),
            What::NoPolicy(message) => Told::error("no-policy", message, range, policy),
        }
    }
}

/// The policies of a text: the text itself, or its `cors`.
struct Policies {
    /// Where they begin.
    head: Range<usize>,
    nodes: Vec<Rc<Node>>,
    is_list: bool,
    /// The places where `cors` is repeated.
    repeated: Vec<Range<usize>>,
}

impl Policies {
    fn new(root: &Rc<Node>) -> Self {
        let entries: &[Entry] = if let Value::Table(entries) = &root.value { entries } else { &[] };
        let mut cors = entries.iter().filter(|entry| entry.key.name == "cors");
        let start = root.range.start;
        let (head, value) =
            cors.next().map_or((start..start, root), |cors| (cors.key.range.clone(), &cors.value));
        let (nodes, is_list) = match &value.value {
            Value::List(policies) => (policies.clone(), true),
            _ => (vec![Rc::clone(value)], false),
        };
        Self { head, nodes, is_list, repeated: cors.map(|cors| cors.key.range.clone()).collect() }
    }

    /// Where a policy begins. Each policy of a list has its own place.
    fn head(&self, number: usize) -> Range<usize> {
        if self.is_list { self.nodes[number].range.clone() } else { self.head.clone() }
    }

    /// What is wrong with them as a whole.
    fn found<'c>(&self) -> Vec<Found<'c>> {
        let found = |range: &Range<usize>, message: &str| {
            let what = What::NoPolicy(message.to_owned());
            Found { policy: None, range: range.clone(), what }
        };
        let empty = self.nodes.is_empty().then_some(&self.head);
        let empty = empty
            .map(|range| found(range, "the list of policies is empty. Write a policy, or remove the list"));
        let repeated =
            self.repeated.iter().map(|range| found(range, "cors: is given more than once. Keep one"));
        empty.into_iter().chain(repeated).collect()
    }
}
