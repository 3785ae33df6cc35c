//! The program, as it is started, over TCP.

mod gateway {
    mod answers;
    mod connections;
    mod early;
    mod end;
    mod fallback;
    mod money;
    mod session;
}
#[allow(dead_code, reason = "each test binary uses a part of it")]
mod support;
