import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { facts } from "./facts.js";
import { mcp } from "./mcp_facts.js";

export const run = facts(mcp(Client, StreamableHTTPClientTransport, [undefined, { timeout: 4000 }]));
