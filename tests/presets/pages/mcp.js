import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { facts } from "./facts.js";
import { call, mcp } from "./mcp_facts.js";

const mode = { versionNegotiation: { mode: "auto" } };

export const run = facts({
  ...mcp(Client, StreamableHTTPClientTransport),
  // Without an error, the client takes an older version of the protocol where the newer one does not get through.
  async version(base) {
    const { client } = await call(Client, StreamableHTTPClientTransport, base, { options: mode });
    return client.getNegotiatedProtocolVersion();
  },
  async new_tool(base) {
    const { text } = await call(Client, StreamableHTTPClientTransport, base, { options: mode, tool: "greet" });
    return text;
  },
});
