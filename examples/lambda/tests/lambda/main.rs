//! The program: on Lambda, where the test acts as the runtime API, and elsewhere, where it simulates Lambda.

mod chromium;
mod events;
mod local;
mod page;
mod runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-lambda");

const APP: &str = "https://app.example.com";
const STRANGER: &str = "https://stranger.example";
