//! The program `tower-cors`, as people run it: arguments and files in, text and an exit status out.

mod check;
mod completions;
mod docs;
mod explain;
mod help;
mod patch;
mod picture;
mod probe;
mod program;
mod recorded;
mod saved;
