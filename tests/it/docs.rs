//! Checks of the guides that their own examples do not make.

#[allow(dead_code, reason = "of the console, only its words")]
#[path = "../browser/console.rs"]
mod console;

const TROUBLESHOOTING: &str = include_str!("../../src/docs/troubleshooting.md");

/// The cases in real browsers fail at a message of Chromium that has none of these words.
#[test]
fn every_message_that_chromium_was_seen_to_print_is_explained() {
    for (part, _) in console::WORDS {
        assert!(TROUBLESHOOTING.contains(part), "{part}");
    }
}
