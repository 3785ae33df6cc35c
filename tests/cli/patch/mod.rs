//! `explain --patch` and `--write`.

mod applied;
mod property;
mod refusals;
mod saved;
mod shapes;
mod styles;
mod writing;

use std::fs;
use std::path::PathBuf;

use crate::program::{Ran, run_in};

/// A folder for one test, with a policy in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("patch").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn with_policy(self, text: &str) -> Self {
        self.write("policy.toml", text);
        self
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file")
    }

    fn policy(&self) -> String {
        self.read("policy.toml")
    }

    /// Runs `explain policy.toml` with these flags.
    fn explain(&self, flags: &[&str]) -> Ran {
        self.run(&[&["explain", "policy.toml"], flags].concat())
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        run_in(&self.0, arguments.iter().copied(), "")
    }
}
