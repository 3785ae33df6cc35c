import * as library from "@modelcontextprotocol/client";
import { scenarios } from "./scenarios.js";

export default scenarios(library, (client, params, options) => client.callTool(params, options));
