//! The policy's file: reading it, and writing it back.

use std::fs::{self, File, Metadata};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};

use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::shown::shown;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The byte order mark that reading removes, if the file has one: a diff needs it.
pub(super) fn mark(file: &PolicyFile) -> &'static str {
    let marked = [BYTE_ORDER_MARK, &file.text].concat();
    // A pipe can be read only once.
    let is_file = fs::metadata(&file.name).is_ok_and(|metadata| metadata.is_file());
    let has_mark = is_file && fs::read(&file.name).is_ok_and(|bytes| bytes == marked.as_bytes());
    if has_mark { BYTE_ORDER_MARK } else { "" }
}

/// Replaces the old text by a new one in one step: nobody reads half of it. Follows a link, keeps the permissions.
pub(super) fn replace(name: &str, old: &str, new: &str) -> Result<(), Failure> {
    if name == "-" {
        return Err(Failure::new("`--write` needs the policy in a file, not on the standard input"));
    }
    try_replace(name, old, new)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", shown(name))))
}

/// Gives a new file to the owner of the old one. Only root can do so; other users own the files that they write.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    match fchown(file, Some(old.uid()), Some(old.gid())) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
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
    // In the same folder: a file can be renamed only within its file system. With a random name: a process that was killed leaves
    // its file behind, and in a container the next process often has the same ID.
    let random = RandomState::new().hash_one(std::process::id());
    let temporary = path.with_file_name(format!(".tower-cors.{random:016x}.tmp"));
    let mut file = File::create_new(&temporary)?;
    let written = keep_owner(&file, &metadata)
        .and_then(|()| file.set_permissions(metadata.permissions()))
        .and_then(|()| file.write_all(new.as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // Best effort: the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In a container, each run has the same process id.
    #[test]
    fn what_a_killed_process_left_behind_keeps_nobody_from_writing() {
        let id = std::process::id();
        let folder = std::env::temp_dir().join(format!("tower-cors-killed-{id}"));
        fs::create_dir_all(&folder).expect("a folder");
        let policy = folder.join("policy.toml");
        fs::write(&policy, "old").expect("a file");
        fs::write(folder.join(format!(".tower-cors.{id}.tmp")), "half").expect("a file");
        replace(policy.to_str().expect("a name"), "old", "new").expect("written");
        assert_eq!(fs::read_to_string(&policy).expect("a file"), "new");
        fs::remove_dir_all(folder).expect("it was there");
    }
}
