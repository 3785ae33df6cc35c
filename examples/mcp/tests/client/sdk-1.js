import * as auth from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { scenarios } from "./scenarios.js";

const library = { ...auth, Client, StreamableHTTPClientTransport };
export default scenarios(library, (client, params, options) => client.callTool(params, undefined, options));
