//! The clients, each with its preset and a stand-in for the server that it was made for.

use axum::response::Response;
use serde_json::Value;
use tower_cors::preset::{self, Preset};

use super::stand_ins::{Asked, anthropic, connect, graphql, grpc_web, mcp, openai, sse, trace, tus};

pub(crate) struct Client {
    /// The script in `pages/`.
    pub(crate) page: &'static str,
    /// Its key in `package.json`: an older version beside a newer one has its own name.
    package: &'static str,
    pub(crate) preset: Preset,
    pub(crate) stand_in: fn(&Asked<'_>) -> Response,
}

pub(crate) const CLIENTS: [Client; 25] = [
    client("openai", "openai", preset::OPENAI_JS, openai::respond),
    client("openai-6", "openai-6", preset::OPENAI_JS, openai::respond),
    client("anthropic", "@anthropic-ai/sdk", preset::ANTHROPIC_JS, anthropic::respond),
    client("anthropic-0", "@anthropic-ai/sdk-0", preset::ANTHROPIC_JS, anthropic::respond),
    client("mcp", "@modelcontextprotocol/client", preset::MCP, mcp::respond),
    client("mcp-1", "@modelcontextprotocol/sdk", preset::MCP, mcp::respond),
    client("grpc-web", "grpc-web", preset::GRPC_WEB, grpc_web::respond),
    client("grpc-web-1", "grpc-web-1", preset::GRPC_WEB, grpc_web::respond),
    client("connect-grpc-web", "@connectrpc/connect-web", preset::GRPC_WEB, grpc_web::respond),
    client("improbable-grpc-web", "@improbable-eng/grpc-web", preset::GRPC_WEB, grpc_web::respond),
    client("connect", "@connectrpc/connect-web", preset::CONNECT, connect::respond),
    client("eventsource", "eventsource", preset::SSE, sse::respond),
    client("eventsource-4", "eventsource-4", preset::SSE, sse::respond),
    client("fetch-event-source", "@microsoft/fetch-event-source", preset::SSE, sse::respond),
    client("tus", "tus-js-client", preset::TUS, tus::respond),
    client("tus-3", "tus-js-client-3", preset::TUS, tus::respond),
    client("apollo", "@apollo/client", preset::GRAPHQL, graphql::respond),
    client("apollo-3", "@apollo/client-3", preset::GRAPHQL, graphql::respond),
    client("graphql-request", "graphql-request", preset::GRAPHQL, graphql::respond),
    client("urql", "@urql/core", preset::GRAPHQL, graphql::respond),
    client("sentry", "@sentry/browser", preset::TRACING, trace::respond),
    client("sentry-10", "@sentry/browser-10", preset::TRACING, trace::respond),
    client("datadog", "@datadog/browser-rum", preset::TRACING, trace::respond),
    client("datadog-6", "@datadog/browser-rum-6", preset::TRACING, trace::respond),
    client("opentelemetry", "@opentelemetry/core", preset::TRACING, trace::respond),
];

const fn client(
    page: &'static str,
    package: &'static str,
    preset: Preset,
    stand_in: fn(&Asked<'_>) -> Response,
) -> Client {
    Client { page, package, preset, stand_in }
}

impl Client {
    /// The package and its version: `openai 7.57.0`.
    pub(crate) fn label(&self) -> Result<String, String> {
        let manifest: Value =
            serde_json::from_str(include_str!("package.json")).map_err(|error| error.to_string())?;
        let version = manifest["dependencies"][self.package].as_str();
        let version = version.ok_or_else(|| format!("{} is not in package.json", self.package))?;
        let alias = version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@'));
        let (name, version) = alias.unwrap_or((self.package, version));
        Ok(format!("{name} {version}"))
    }
}
