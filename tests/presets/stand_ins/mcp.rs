//! A Model Context Protocol server: the Streamable HTTP transport of 2025-06-18 with sessions, and that of 2026-07-28.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{Asked, event_stream, json, with};

const NEW: &str = "2026-07-28";
const OLD: &str = "2025-06-18";

pub(crate) fn respond(asked: &Asked<'_>) -> Response {
    let has = |name: &str| asked.headers.contains_key(name);
    match (&asked.method, asked.path) {
        (&Method::POST, "mcp") if asked.fact == "login" && !has("authorization") => {
            let metadata = format!("Bearer resource_metadata=\"{}/metadata\"", asked.base);
            ([("www-authenticate", metadata)], StatusCode::UNAUTHORIZED).into_response()
        }
        (&Method::GET, "metadata") => {
            let (resource, servers) = (format!("{}/mcp", asked.base), [format!("{}/auth", asked.base)]);
            json(StatusCode::OK, &json!({ "resource": resource, "authorization_servers": servers }))
        }
        (&Method::GET, ".well-known/oauth-authorization-server/auth") => {
            json(StatusCode::OK, &authorization_server(&format!("{}/auth", asked.base)))
        }
        (&Method::GET, path) if path.starts_with(".well-known/") => StatusCode::NOT_FOUND.into_response(),
        (&Method::POST, "mcp") => match serde_json::from_slice(asked.body) {
            Ok(message) => posted(asked, &message),
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        },
        // Of the streams that a client can open, only resumed ones are supported.
        (&Method::GET, "mcp") => match asked.headers.get("last-event-id") {
            Some(id) if id == "call-1" => {
                event_stream(format!("data: {}\n\n", result(&json!(1), &text("Hello"))))
            }
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        },
        (&Method::DELETE, "mcp") if has("mcp-session-id") => StatusCode::OK.into_response(),
        _ => asked.unknown(),
    }
}

fn posted(asked: &Asked<'_>, message: &Value) -> Response {
    let method = message["method"].as_str().unwrap_or_default();
    let is_new = message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] == NEW;
    let ok = |value: &Value| json(StatusCode::OK, &result(&message["id"], value));
    match method {
        "initialize" => {
            let server = json!({ "name": "stand-in", "version": "1" });
            let capabilities = json!({ "tools": {} });
            let answer =
                json!({ "protocolVersion": OLD, "capabilities": capabilities, "serverInfo": server });
            with(ok(&answer), &[("mcp-session-id", "session-1")])
        }
        _ if !is_new && !asked.headers.contains_key("mcp-session-id") => {
            (StatusCode::BAD_REQUEST, "no session").into_response()
        }
        "notifications/initialized" | "notifications/cancelled" => StatusCode::ACCEPTED.into_response(),
        "server/discover" => ok(&new(json!({ "supportedVersions": [NEW], "capabilities": { "tools": {} } }))),
        "tools/call" => match message["params"]["name"].as_str() {
            Some("resume") => event_stream("id: call-1\nretry: 10\ndata:\n\n".to_owned()),
            _ => ok(&text("Hello")),
        },
        _ => asked.unknown(),
    }
}

fn result(id: &Value, result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }], "resultType": "complete" })
}

/// The fields of every result of the new protocol.
fn new(mut result: Value) -> Value {
    for (name, value) in
        [("resultType", json!("complete")), ("ttlMs", json!(0)), ("cacheScope", json!("private"))]
    {
        result[name] = value;
    }
    result
}

fn authorization_server(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/named-in-metadata"),
        "token_endpoint": format!("{issuer}/token"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    })
}
