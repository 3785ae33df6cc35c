//! The output for programs, read back, equals the findings.

use proptest::prelude::*;
use serde_json::Value;

use super::github::Annotations;
use super::json::Document;
use crate::policy_file::{Format, Options, Positions, Reading, Source};

fn read(name: &str, text: &str) -> Reading {
    Reading::of_text(Source::File(name.to_owned()), text.to_owned(), Format::Json, Options::PREFIX)
}

/// A workflow command as GitHub's runner takes it apart.
#[derive(Debug, PartialEq)]
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    message: String,
}

/// As the runner's `ActionCommand` does it: the command ends at the next `::`, a property at a comma, its name at the first `=`.
fn command(line: &str) -> Option<Command> {
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ')?;
    let properties = properties.split(',').map(|property| {
        let (name, value) = property.split_once('=')?;
        Some((name.to_owned(), unescaped(value)))
    });
    Some(Command {
        name: name.to_owned(),
        properties: properties.collect::<Option<_>>()?,
        message: unescaped(message),
    })
}

fn unescaped(text: &str) -> String {
    let escapes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    escapes.iter().fold(text.to_owned(), |text, (escape, char)| text.replace(escape, char))
}

#[test]
fn an_annotation_names_the_file_the_lines_and_the_columns() {
    let reading = read("a,b:c%.json", "{\n  \"allow_origins\": [\"https://ä.example/\", [\n3]]}");
    let annotations = Annotations(&reading).to_string();
    let commands: Vec<_> = annotations.lines().map(|line| command(line).expect("a command")).collect();
    let properties = |of: &Command| -> Vec<_> {
        of.properties.iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    assert_eq!(commands.len(), 2);
    assert_eq!(
        properties(&commands[0]),
        ["file=a,b:c%.json", "line=2", "endLine=2", "col=21", "endColumn=41", "title=origin-unicode"]
    );
    assert_eq!(properties(&commands[1]), ["file=a,b:c%.json", "line=2", "endLine=3", "title=wrong-type"]);
}

#[test]
fn only_a_file_has_lines() {
    let annotations = Annotations(&read("-", "{}")).to_string();
    assert!(annotations.starts_with("::error title=no-origin::allow_origins: no origin"), "{annotations}");
}

proptest! {
    #[test]
    fn no_name_and_no_value_leaves_its_annotation(name in "[a-z:,%\r\n=\u{1b} ]{1,12}", value in "[a-z:,%\r\n \u{1b}/]{0,12}") {
        let text = serde_json::json!({ "allow_origins": [value], (value.as_str()): 1 }).to_string();
        let reading = read(&name, &text);
        prop_assume!(reading.source.is_named());
        let annotations = Annotations(&reading).to_string();
        let commands: Option<Vec<_>> = annotations.lines().map(command).collect();
        let commands = commands.expect("nothing but commands");
        prop_assert_eq!(commands.len(), reading.told.len());
        let mut positions = Positions::new(&text);
        for (command, told) in commands.iter().zip(&reading.told) {
            let (start, end) = positions.of(&told.range);
            let expected = [
                ("file", reading.source.to_string()),
                ("line", start.line.to_string()),
                ("endLine", end.line.to_string()),
                ("col", start.column.to_string()),
                ("endColumn", end.column.to_string()),
                ("title", told.kind.to_owned()),
            ];
            prop_assert_eq!(&command.properties, &expected.map(|(name, value)| (name.to_owned(), value)));
            prop_assert_eq!(&command.name, if told.is_error { "error" } else { "warning" });
            prop_assert!(command.message.starts_with(&told.message), "{}", command.message);
        }
    }

    #[test]
    fn the_document_has_what_was_found(value in any::<String>()) {
        let text = serde_json::json!({ "allow_origins": [value, 3], "vary_by": value }).to_string();
        let reading = read("a.json", &text);
        let mut document = Document::default();
        document.add(&reading, None);
        let mut written = Vec::new();
        document.write(&mut written).expect("memory takes it");
        let document: Value = serde_json::from_slice(&written).expect("it is JSON");
        let findings = document["files"][0]["findings"].as_array().expect("a list");
        prop_assert_eq!(findings.len(), reading.told.len());
        for (finding, told) in findings.iter().zip(&reading.told) {
            prop_assert_eq!(finding["kind"].as_str(), Some(told.kind));
            prop_assert_eq!(finding["value"].as_str(), told.value.as_deref());
            prop_assert_eq!(finding["suggestion"].as_str(), told.suggestion.as_deref());
            prop_assert_eq!(finding["start"]["offset"].as_u64(), Some(told.range.start as u64));
            prop_assert_eq!(finding["end"]["offset"].as_u64(), Some(told.range.end as u64));
        }
    }
}
