import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { facts } from "./facts.js";
import { call, mcp } from "./mcp_facts.js";

const mode = { versionNegotiation: { mode: "auto" } };

export const run = facts({
  ...mcp(Client, StreamableHTTPClientTransport),
  // The client falls back to an older version of the protocol without an error, if the newer one fails.
  async version(base) {
    const { client } = await call(Client, StreamableHTTPClientTransport, base, { options: mode });
    return client.getNegotiatedProtocolVersion();
  },
  async new_tool(base) {
    const { text } = await call(Client, StreamableHTTPClientTransport, base, { options: mode, tool: "greet" });
    return text;
  },
});
