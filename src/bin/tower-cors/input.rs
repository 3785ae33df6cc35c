//! What the program reads: files, and the standard input for `-`.

use std::fs::File;
use std::io::{self, Read};

use super::answer::Failure;

/// The longest text that is read, in bytes. A HAR of a long visit has some ten megabytes.
const MAX_INPUT: u64 = 64 << 20;

/// Reads a text up to the limit. A byte order mark at its start is left out.
pub(crate) fn read(name: &str) -> Result<String, Failure> {
    let about = |what: &dyn std::fmt::Display| Failure::new(format!("{name:.200?}: {what}"));
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut bytes)
    } else {
        File::open(name).and_then(|file| file.take(MAX_INPUT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| about(&error))?;
    if bytes.len() as u64 > MAX_INPUT {
        return Err(about(&format_args!("longer than {} MiB", MAX_INPUT >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        about(&format_args!("not text in UTF-8: see byte {}", error.utf8_error().valid_up_to() + 1))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
