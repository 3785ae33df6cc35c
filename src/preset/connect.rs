//! The Connect protocol.

use super::preset;

preset! {
    /// The Connect protocol of connectrpc.com, unary calls and server streams. For the same client over gRPC-web:
    /// [`GRPC_WEB`](super::GRPC_WEB).
    ///
    /// The trailers of a unary call are response headers that begin with `trailer-`, and no list can name them all: if pages read
    /// trailers, list each (`trailer-checksum`) with [`expose_headers`](crate::CorsPolicyBuilder::expose_headers).
    CONNECT = "connect", tested with ["@connectrpc/connect-web 2.2.0"];
    allow_headers {
        "authorization": "calls with a token in their headers fail", "https://connectrpc.com/docs/protocol";
        "connect-protocol-version": "every call fails", "https://unpkg.com/@connectrpc/connect@2.2.0/dist/esm/protocol-connect/request-header.js";
        "connect-timeout-ms": "calls with a timeout fail", "https://unpkg.com/@connectrpc/connect@2.2.0/dist/esm/protocol-connect/request-header.js";
        "content-type": "every call but one by `GET` fails", "https://unpkg.com/@connectrpc/connect@2.2.0/dist/esm/protocol-connect/request-header.js";
    }
}
