//! Checks of the guides that their own examples do not make.

#[allow(dead_code, reason = "of the console, only its words")]
#[path = "../browser/console.rs"]
mod console;

const MIGRATING: &str = include_str!("../../src/docs/migrating.md");
const PLACEMENTS: &str = include_str!("../../src/docs/placements.md");
const PROGRAM: &str = include_str!("../../src/docs/program.md");
const RECIPES: &str = include_str!("../../src/docs/recipes.md");
const TROUBLESHOOTING: &str = include_str!("../../src/docs/troubleshooting.md");

/// The cases in real browsers fail at a message of Chromium that has none of these words.
#[test]
fn every_message_that_chromium_was_seen_to_print_is_explained() {
    for (part, _) in console::WORDS {
        assert!(TROUBLESHOOTING.contains(part), "{part}");
    }
}

#[test]
fn every_link_within_a_page_leads_to_a_heading() {
    for page in [MIGRATING, PLACEMENTS, PROGRAM, RECIPES, TROUBLESHOOTING] {
        let headings: Vec<_> = page
            .lines()
            .filter(|line| line.starts_with('#') && line.trim_start_matches('#').starts_with(' '))
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect();
        let links: Vec<_> = page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(!links.is_empty());
        for link in links {
            assert!(headings.iter().any(|heading| heading == link), "#{link} is none of {headings:?}");
        }
    }
}

/// A heading's anchor, as rustdoc makes it.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|char| match char {
            ' ' => Some('-'),
            '-' | '_' => Some(char),
            _ => char.is_alphanumeric().then(|| char.to_ascii_lowercase()),
        })
        .collect()
}
