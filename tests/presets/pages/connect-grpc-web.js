import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { Echo, echo } from "./connect_echo.js";
import { facts } from "./facts.js";

export const run = facts(echo((baseUrl) => createClient(Echo, createGrpcWebTransport({ baseUrl }))));
