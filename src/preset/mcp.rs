//! The Model Context Protocol.

use super::preset;

preset! {
    /// The Model Context Protocol over Streamable HTTP, for a server that pages call: version 2026-07-28, and the earlier versions
    /// with sessions.
    ///
    /// A server on the developer's own machine needs more than CORS: see
    /// [`served_at`](crate::CorsPolicyBuilder::served_at), with
    /// [`reject_disallowed_origins`](crate::CorsPolicyBuilder::reject_disallowed_origins).
    ///
    /// Not included: `mcp-param-*`, for tools that take an argument in a header too, because the client never sends it from a browser;
    /// and `dpop` and `dpop-nonce`: list them if your tokens are bound to a key (RFC 9449).
    MCP = "mcp", tested with ["@modelcontextprotocol/client 2.4.0", "@modelcontextprotocol/sdk 1.32.2"];
    allow_methods {
        "DELETE": "ending a session fails", "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#session-management";
    }
    allow_headers {
        "authorization": "every request with a token fails", "https://modelcontextprotocol.io/specification/2025-06-18/basic/authorization";
        "content-type": "every message fails", "https://unpkg.com/@modelcontextprotocol/client@2.4.0/dist/index.mjs";
        "last-event-id": "an interrupted answer is lost: the client cannot resume its stream, and the call times out", "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#resumability-and-redelivery";
        "mcp-method": "2026-07-28 is not negotiated; without an error, the client goes on with an older version", "https://unpkg.com/@modelcontextprotocol/client@2.4.0/dist/index.mjs";
        "mcp-name": "calling a tool fails in 2026-07-28", "https://unpkg.com/@modelcontextprotocol/client@2.4.0/dist/index.mjs";
        "mcp-protocol-version": "everything after `initialize` fails, and 2026-07-28 is not negotiated", "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#protocol-version-header";
        "mcp-session-id": "everything after `initialize` fails where the server has sessions", "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#session-management";
    }
    expose_headers {
        "mcp-session-id": "the client does not know its session, and the server refuses what comes after `initialize`", "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#session-management";
        "www-authenticate": "after a 401, the client guesses where to log in", "https://modelcontextprotocol.io/specification/2025-06-18/basic/authorization";
    }
}
