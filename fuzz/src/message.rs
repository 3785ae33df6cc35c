//! The rules for every message.

use std::fmt::Display;

/// More than any sentence of the crate and the values that it quotes: twice 80 characters, each escaped to 10 at most.
const MAX_BYTES: usize = 2_000;

/// Checks that a message is not empty, is one line, has no characters that a terminal or a log would interpret,
/// and has a bounded length for any value.
pub fn assert_is_fit_for_a_log(message: &impl Display) {
    let message = message.to_string();
    assert!(!message.is_empty(), "the message is empty");
    assert!(message.len() <= MAX_BYTES, "the message has {} bytes", message.len());
    let unfit = message.chars().find(|char| char.is_control() || is_direction_mark(*char));
    assert_eq!(unfit, None, "in {message:?}");
}

/// UAX #9, section 2: they reorder the text around them.
fn is_direction_mark(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
