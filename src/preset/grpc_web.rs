//! gRPC-web.

use super::preset;

preset! {
    /// gRPC-web, unary calls and server streams. If pages send other metadata, list its names too.
    GRPC_WEB = "grpc-web", tested with [
        "grpc-web 2.1.1",
        "grpc-web 1.5.0",
        "@connectrpc/connect-web 2.2.0",
        "@improbable-eng/grpc-web 0.15.0",
    ];
    allow_headers {
        "authorization": "calls with a token in their metadata fail", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md";
        "content-type": "every call fails", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md";
        "grpc-timeout": "calls with a deadline fail", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md";
        "x-grpc-web": "every call fails", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md";
        "x-user-agent": "every call of `grpc-web` and `@connectrpc/connect-web` fails", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md";
    }
    expose_headers {
        "grpc-message": "an error without a body has no message", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md";
        "grpc-status": "an error without a body becomes `UNKNOWN`", "https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md";
        "grpc-status-details-bin": "an error without a body has no details", "https://unpkg.com/@connectrpc/connect@2.2.0/dist/esm/protocol-grpc/headers.js";
    }
}
