//! The policy's file itself: what is in it, and what is written back.

use std::fs::{self, File};
use std::io::{self, Write as _};

use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::shown::shown;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The byte order mark that reading leaves out, if the file has one: a diff has to have it too.
pub(super) fn mark(file: &PolicyFile) -> &'static str {
    let marked = [BYTE_ORDER_MARK, &file.text].concat();
    // A pipe gives its text only once.
    let is_file = fs::metadata(&file.name).is_ok_and(|metadata| metadata.is_file());
    let has_mark = is_file && fs::read(&file.name).is_ok_and(|bytes| bytes == marked.as_bytes());
    if has_mark { BYTE_ORDER_MARK } else { "" }
}

/// Puts a new text in the place of the old one, all at once: nobody reads half of it. Follows a link, keeps the permissions.
pub(super) fn replace(name: &str, old: &str, new: &str) -> Result<(), Failure> {
    if name == "-" {
        return Err(Failure::new("`--write` needs the policy in a file, not on the standard input"));
    }
    try_replace(name, old, new)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", shown(name))))
}

fn try_replace(name: &str, old: &str, new: &str) -> io::Result<()> {
    let path = fs::canonicalize(name)?;
    let metadata = fs::metadata(&path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if metadata.permissions().readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    if fs::read(&path)? != old.as_bytes() {
        return Err(io::Error::other("it has changed since it was read: run this again"));
    }
    // In the same folder: a file can be renamed only within its file system.
    let temporary = path.with_file_name(format!(".tower-cors.{}.tmp", std::process::id()));
    let mut file = File::create_new(&temporary)?;
    let written = file
        .set_permissions(metadata.permissions())
        .and_then(|()| file.write_all(new.as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // Best effort: what is to be told is the first error.
        let _ = fs::remove_file(&temporary);
    }
    written
}
