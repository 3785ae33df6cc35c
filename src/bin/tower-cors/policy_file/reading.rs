//! A policy's text, read and checked: the policies, and all that is to be said about them.

use std::ops::Range;
use std::rc::Rc;

use serde::Deserialize;
use tower_cors::{CorsPolicy, Finding, PolicyCheck};

use super::format::Format;
use super::node::{Entry, Node, Value};
use super::places::Places;
use super::syntax::SyntaxError;
use super::{env, json, toml, yaml};
use crate::answer::Failure;
use crate::input;

/// How many findings about one text are told. The others are counted.
pub(crate) const MAX_TOLD: usize = 100;

/// How a text is read, where it does not say it itself.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Recognised by its name or its text, where nothing is said.
    pub(crate) format: Option<Format>,
    /// What the names of a policy's variables begin with.
    pub(crate) prefix: String,
}

impl Options {
    /// As the program's own documentation has it.
    pub(crate) const PREFIX: &str = "CORS_";
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, prefix: Self::PREFIX.to_owned() }
    }
}

/// What was read, and what is to be said about it.
pub(crate) struct Reading {
    pub(crate) source: Source,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Empty where there is an error; and else never.
    pub(crate) policies: Vec<CorsPolicy>,
    /// In the order of the text: the first ones, errors before warnings.
    pub(crate) told: Vec<Told>,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// Whether the text is of its format.
    pub(crate) is_readable: bool,
}

/// Where the text is from.
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

/// What is to be said about a place.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) is_error: bool,
    /// A stable name.
    pub(crate) kind: &'static str,
    pub(crate) field: Option<&'static str>,
    /// As it was written: escape it.
    pub(crate) value: Option<String>,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
    /// What to do, as a sentence.
    pub(crate) help: Option<String>,
    /// In bytes.
    pub(crate) range: Range<usize>,
    /// Which policy of a list it is about, counted from 0.
    pub(crate) policy: Option<usize>,
}

impl Reading {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn of_file(name: &str, options: &Options) -> Result<Self, Failure> {
        let text = input::read(name)?;
        let format = options.format.unwrap_or_else(|| Format::recognise(name, &text));
        Ok(Self::of_text(Source::File(name.to_owned()), text, format, &options.prefix))
    }

    /// Reads the variables of this process.
    pub(crate) fn of_environment(prefix: &str) -> Self {
        let (text, root) = env::of_process(prefix);
        let checked = Checked::new(&text, &root.into(), Format::Env, prefix);
        Self::new(Source::Environment, text, Format::Env, checked)
    }

    pub(crate) fn of_text(source: Source, text: String, format: Format, prefix: &str) -> Self {
        let checked = match parse(format, &text, prefix) {
            Ok(root) => Checked::new(&text, &root, format, prefix),
            Err(error) => Checked::unreadable(format, error),
        };
        Self::new(source, text, format, checked)
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

    fn new(source: Source, text: String, format: Format, checked: Checked) -> Self {
        let Checked { policies, told, errors, warnings, is_readable } = checked;
        let policies = if errors == 0 { policies } else { Vec::new() };
        Self { source, text, format, policies, told, errors, warnings, is_readable }
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

/// What [`Reading`] has of a text.
struct Checked {
    policies: Vec<CorsPolicy>,
    told: Vec<Told>,
    errors: usize,
    warnings: usize,
    is_readable: bool,
}

impl Checked {
    fn unreadable(format: Format, error: SyntaxError) -> Self {
        let told = Told {
            is_error: true,
            kind: "syntax",
            field: None,
            value: None,
            message: format!("not valid {format}: {}", error.message),
            suggestion: None,
            help: None,
            range: error.range,
            policy: None,
        };
        Self { policies: Vec::new(), told: vec![told], errors: 1, warnings: 0, is_readable: false }
    }

    fn new(text: &str, root: &Rc<Node>, format: Format, prefix: &str) -> Self {
        let Policies { head, nodes, is_list, repeated } = Policies::new(root);
        let checks: Vec<_> = nodes.iter().map(|node| PolicyCheck::deserialize(node.as_policy())).collect();
        let mut found = Vec::new();
        for (number, (node, check)) in nodes.iter().zip(&checks).enumerate() {
            let policy = is_list.then_some(number);
            match check {
                Ok(check) => {
                    // A policy of a list has a place of its own.
                    let head = if is_list { node.range.clone() } else { head.clone() };
                    let mut places = Places::new(text, head, node);
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
        let mut no_policy = |range, message: &str| {
            found.push(Found { policy: None, range, what: What::NoPolicy(message.to_owned()) });
        };
        if nodes.is_empty() {
            no_policy(head, "the list of policies is empty. Write a policy, or remove the list");
        }
        for range in repeated {
            no_policy(range, "cors: is given more than once. Keep one");
        }
        let errors = found.iter().filter(|found| found.what.is_error()).count();
        let warnings = found.len() - errors;
        if found.len() > MAX_TOLD {
            found.sort_by_key(|found| (!found.what.is_error(), found.range.start));
            found.truncate(MAX_TOLD);
        }
        found.sort_by_key(|found| found.range.start);
        let variables = (format == Format::Env).then_some(prefix);
        let told = found.into_iter().map(|found| found.tell(variables)).collect();
        let policies = checks.iter().flatten().filter_map(PolicyCheck::policy).cloned().collect();
        Self { policies, told, errors, warnings, is_readable: true }
    }
}

/// The policies of a text: the text itself, or its `cors`.
struct Policies {
    /// Where they begin.
    head: Range<usize>,
    nodes: Vec<Rc<Node>>,
    is_list: bool,
    /// Where `cors` is given once more.
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
}

struct Found<'c> {
    policy: Option<usize>,
    range: Range<usize>,
    what: What<'c>,
}

enum What<'c> {
    Finding(&'c Finding),
    /// Something else stands in the place of a policy.
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
    /// `variables` is what the names of variables begin with, where the fields are variables.
    fn tell(self, variables: Option<&str>) -> Told {
        let Self { policy, range, what } = self;
        match what {
            What::NoPolicy(message) => Told {
                is_error: true,
                kind: "no-policy",
                field: None,
                value: None,
                message,
                suggestion: None,
                help: None,
                range,
                policy,
            },
            What::Finding(finding) => {
                let message = finding.message().to_string();
                let suggestion = finding.suggestion().map(|meant| match variables {
                    Some(prefix) if finding.field().is_none() => {
                        format!("{prefix}{}", meant.to_ascii_uppercase())
                    }
                    _ => meant.to_owned(),
                });
                let sentence = finding.to_string();
                let help = match (variables, finding.field(), &suggestion) {
                    // The library knows fields, not variables.
                    (Some(_), None, Some(name)) => Some(format!("did you mean `{name}`?")),
                    _ => sentence
                        .strip_prefix(&message)
                        .and_then(|help| help.strip_prefix("; "))
                        .map(str::to_owned),
                };
                Told {
                    is_error: finding.is_error(),
                    kind: finding.kind(),
                    field: finding.field(),
                    value: finding.value().map(str::to_owned),
                    message,
                    suggestion,
                    help,
                    range,
                    policy,
                }
            }
        }
    }
}
