//! Policies as people write them: the same policy in many styles.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// The settings of a policy, in the order of its text.
pub(super) type Fields = Vec<(&'static str, Value)>;

#[derive(Clone, Debug)]
pub(super) enum Value {
    List(Vec<&'static str>, ListStyle),
    Other(&'static str),
}

#[derive(Clone, Debug)]
pub(super) enum ListStyle {
    Text { separator: &'static str },
    OneLine { padding: &'static str, ends_with_comma: bool },
    Lines { indent: &'static str, ends_with_comma: bool, literal: bool },
}

/// The place of the policy or policies in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Container {
    Document,
    Table,
    Dotted,
    Inline,
    InlineLines,
    Tables,
    ListOfInline,
}

#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) container: Container,
    pub(super) policies: Vec<Fields>,
    has_crlf: bool,
    ends_with_line_break: bool,
}

const ORIGINS: [&str; 4] = [
    "https://app.example.com",
    "https://shop.example.org",
    "https://*.preview.example.com",
    "http://localhost:*",
];

pub(super) fn written() -> impl Strategy<Value = Written> {
    let one = select(
        &[
            Container::Document,
            Container::Table,
            Container::Dotted,
            Container::Inline,
            Container::InlineLines,
        ][..],
    );
    let several = select(&[Container::Tables, Container::ListOfInline][..]);
    let one = one.prop_flat_map(|container| (Just(container), vec(fields(), 1)));
    let several = several.prop_flat_map(|container| (Just(container), vec(fields(), 1..4)));
    (prop_oneof![one, several], any::<bool>(), any::<bool>()).prop_map(
        |((container, policies), has_crlf, ends_with_line_break)| Written {
            container,
            policies,
            has_crlf,
            ends_with_line_break,
        },
    )
}

fn fields() -> impl Strategy<Value = Fields> {
    let origins = prop_oneof![
        4 => subsequence(&ORIGINS[..], 1..=3),
        1 => Just(vec!["*"]),
    ];
    let methods = prop_oneof![
        4 => subsequence(&["PUT", "PATCH", "DELETE"][..], 0..=3),
        1 => Just(vec!["*"]),
    ];
    let headers = prop_oneof![
        4 => subsequence(&["content-type", "x-request-id", "x-stainless-*", "authorization"][..], 0..=4),
        1 => Just(vec!["*"]),
    ];
    let served_at = Just(vec!["https://api.example.com"]);
    let list = |name: &'static str, values: BoxedStrategy<Vec<&'static str>>| {
        (values, list_style()).prop_map(move |(values, style)| (name, Value::List(values, style)))
    };
    let other = |name: &'static str, values: &'static [&'static str]| {
        select(values).prop_map(move |value| (name, Value::Other(value)))
    };
    let optional = (
        option::of(list("allow_methods", methods.boxed())),
        option::of(list("allow_headers", headers.boxed())),
        option::of(list("expose_headers", Just(vec!["x-request-id"]).boxed())),
        option::of(other("allow_credentials", &["true", "false"])),
        option::of(other("max_age", &["600", "\"10m\""])),
        option::weighted(0.2, list("served_at", served_at.boxed())),
        option::weighted(0.2, other("reject_disallowed_origins", &["true"])),
        option::weighted(0.2, list("presets", Just(vec!["mcp"]).boxed())),
    );
    (list("allow_origins", origins.boxed()), optional).prop_flat_map(|(origins, optional)| {
        let (methods, headers, exposed, credentials, max_age, served_at, rejects, presets) = optional;
        let optional = [methods, headers, exposed, credentials, max_age, served_at, rejects, presets];
        let fields: Fields = [origins].into_iter().chain(optional.into_iter().flatten()).collect();
        Just(fields).prop_shuffle()
    })
}

fn list_style() -> impl Strategy<Value = ListStyle> {
    let text = select(&[",", ", ", " , "][..]).prop_map(|separator| ListStyle::Text { separator });
    let one_line = (select(&["", " "][..]), any::<bool>())
        .prop_map(|(padding, ends_with_comma)| ListStyle::OneLine { padding, ends_with_comma });
    let lines = (select(&["  ", "    ", "\t"][..]), any::<bool>(), any::<bool>())
        .prop_map(|(indent, ends_with_comma, literal)| ListStyle::Lines { indent, ends_with_comma, literal });
    prop_oneof![text, one_line, lines]
}

impl Written {
    /// Every comment in it is different.
    pub(super) fn text(&self) -> String {
        let policies: Vec<String> = self.policies.iter().map(|fields| self.policy(fields)).collect();
        let text = match self.container {
            Container::Document | Container::Dotted => {
                format!("# The pages.\n\n{}# The end.\n", policies.concat())
            }
            Container::Table => {
                format!("port = 1\n\n[cors] # pages\n{}\n[log]\nlevel = 3\n", policies.concat())
            }
            Container::Inline => format!("cors = {{ {} }} # pages\n", policies.join(", ")),
            Container::InlineLines => format!("cors = {{ # pages\n{}}}\n", policies.concat()),
            Container::Tables => format!("[[cors]] # pages\n{}", policies.join("\n[[cors]] # pages\n")),
            Container::ListOfInline => {
                let policies = policies.iter().map(|policy| format!("  {{ {policy} }}, # pages\n"));
                format!("cors = [\n{}]\n", policies.collect::<String>())
            }
        };
        let text = if self.ends_with_line_break { text } else { text.trim_end().to_owned() };
        if self.has_crlf { text.replace('\n', "\r\n") } else { text }
    }

    fn policy(&self, fields: &Fields) -> String {
        let fields = fields.iter().enumerate().map(|(place, (name, value))| {
            let value = value.text();
            match self.container {
                Container::Document | Container::Tables => {
                    format!("{name} = {value} # {place}\n# below {place}\n")
                }
                Container::Table => format!("    {name} = {value}\n"),
                Container::Dotted => format!("cors.{name} = {value} # {place}\n"),
                Container::Inline | Container::ListOfInline => format!("{name} = {value}"),
                Container::InlineLines => format!("  {name} = {value}, # {place}\n"),
            }
        });
        let fields: Vec<String> = fields.collect();
        let is_on_one_line = matches!(self.container, Container::Inline | Container::ListOfInline);
        if is_on_one_line { fields.join(", ") } else { fields.concat() }
    }
}

impl Value {
    fn text(&self) -> String {
        let (values, style) = match self {
            Self::Other(text) => return (*text).to_owned(),
            Self::List(values, style) => (values, style),
        };
        let quoted = |quote: &str| -> Vec<String> {
            values.iter().map(|value| format!("{quote}{value}{quote}")).collect()
        };
        match style {
            ListStyle::Text { separator } => format!("\"{}\"", values.join(separator)),
            ListStyle::OneLine { padding, ends_with_comma } => {
                let comma = if *ends_with_comma && !values.is_empty() { "," } else { "" };
                format!("[{padding}{}{comma}{padding}]", quoted("\"").join(", "))
            }
            ListStyle::Lines { indent, ends_with_comma, literal } => {
                let elements = quoted(if *literal { "'" } else { "\"" });
                let last = elements.len().saturating_sub(1);
                let lines = elements.iter().enumerate().map(|(place, element)| {
                    let comma = if place < last || *ends_with_comma { "," } else { "" };
                    format!("{indent}{element}{comma} # element {place}, [one\n")
                });
                format!("[\n{}{indent}# last\n]", lines.collect::<String>())
            }
        }
    }
}
