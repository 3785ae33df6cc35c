//! What the program reads: files, and the standard input for `-`.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};

use super::answer::Failure;

/// The longest saved text that is read, in bytes. A HAR of a long visit has some ten megabytes.
const MAX_SAVED: u64 = 64 << 20;

/// The longest policy that is read, in bytes: some 100,000 origins. The findings can take many times this memory.
const MAX_POLICY: u64 = 4 << 20;

/// Reads a policy's text. Removes a byte order mark at its start.
pub(crate) fn read_policy(name: &str) -> Result<String, Failure> {
    text(name, read_bytes(name, MAX_POLICY)?)
}

/// Reads a text that a shell has redirected into a file: Windows `PowerShell` writes UTF-16, with a byte order mark.
pub(crate) fn read_saved(name: &str) -> Result<String, Failure> {
    let bytes = read_bytes(name, MAX_SAVED)?;
    let to_unit = match bytes.get(..2) {
        Some([0xff, 0xfe]) => u16::from_le_bytes,
        Some([0xfe, 0xff]) => u16::from_be_bytes,
        _ => return text(name, bytes),
    };
    let pairs = bytes[2..].chunks_exact(2);
    let is_whole = pairs.remainder().is_empty();
    let units: Vec<_> = pairs.map(|pair| to_unit([pair[0], pair[1]])).collect();
    match String::from_utf16(&units) {
        Ok(text) if is_whole => Ok(text),
        _ => Err(about(name, "not text in UTF-16")),
    }
}

fn read_bytes(name: &str, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        File::open(name).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| about(name, error))?;
    if bytes.len() as u64 > limit {
        return Err(about(name, format_args!("longer than {} MiB", limit >> 20)));
    }
    Ok(bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let text = String::from_utf8(bytes).map_err(|error| {
        about(name, format_args!("not text in UTF-8: see byte {}", error.utf8_error().valid_up_to() + 1))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn about(name: &str, what: impl Display) -> Failure {
    Failure::new(format!("{name:.200?}: {what}"))
}
