//! The program `tower-cors`, as people run it: arguments and files in, text and an exit status out.

#[path = "../data/mod.rs"]
#[allow(dead_code, reason = "the cases in the model of a browser use another part of it")]
mod data;

mod check;
mod completions;
mod docs;
mod explain;
mod export;
mod help;
mod patch;
mod picture;
mod probe;
mod program;
mod recorded;
mod saved;
mod schema;
