//! The program `tower-cors`, as people run it: arguments and files in, text and an exit status out.

mod check;
mod explain;
mod patch;
mod program;
mod recorded;
mod saved;
