//! The policy's file itself: what is in it, and what is written back.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::shown::shown;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The byte order mark that reading leaves out, if the file has one: a diff has to have it too.
pub(super) fn mark(file: &PolicyFile) -> &'static str {
    let marked = [BYTE_ORDER_MARK, &file.text].concat();
    let has_mark = file.name != "-" && fs::read(&file.name).is_ok_and(|bytes| bytes == marked.as_bytes());
    if has_mark { BYTE_ORDER_MARK } else { "" }
}

/// Puts a new text in the place of the old one, all at once: whoever reads the file meanwhile gets one or the other. A link is
/// followed, and the file's permissions stay.
pub(super) fn replace(name: &str, old: &str, new: &str) -> Result<(), Failure> {
    if name == "-" {
        return Err(Failure::new("`--write` needs the policy in a file, not on the standard input"));
    }
    let about =
        |problem: &dyn std::fmt::Display| Failure::new(format!("cannot write `{}`: {problem}", shown(name)));
    let path = fs::canonicalize(name).map_err(|error| about(&error))?;
    let metadata = fs::metadata(&path).map_err(|error| about(&error))?;
    if !metadata.is_file() {
        return Err(about(&"it is not a regular file"));
    }
    if metadata.permissions().readonly() {
        return Err(about(&"it is read-only"));
    }
    if fs::read(&path).map_err(|error| about(&error))? != old.as_bytes() {
        return Err(about(&"it has changed since it was read. Run this again"));
    }
    // In the same folder: a file can be renamed only within its file system.
    let mut temporary = path.clone();
    temporary.set_file_name(format!(".tower-cors.{}.tmp", std::process::id()));
    let written = write(&temporary, new)
        .and_then(|()| fs::set_permissions(&temporary, metadata.permissions()))
        .and_then(|()| fs::rename(&temporary, &path));
    written.map_err(|error| {
        // What is left of it, if anything, is in nobody's way.
        let _ = fs::remove_file(&temporary);
        about(&error)
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
