//! The program, between clients and upstreams that speak over plain sockets: what each side sees is compared as a whole.

mod support;

mod gateway {
    mod bounds;
    mod end;
    mod hop;
    mod policy;
    mod socket;
    mod stream;
    mod websocket;
    mod wire;
}
