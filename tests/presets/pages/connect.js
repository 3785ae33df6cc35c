import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Echo, echo } from "./connect_echo.js";
import { facts } from "./facts.js";

const at = (baseUrl, options) => createClient(Echo, createConnectTransport({ baseUrl, ...options }));

export const run = facts({
  ...echo(at),
  binary: async (base) => (await at(base, { useBinaryFormat: true }).say({ value: "Hi" })).value,
  get: async (base) => (await at(base, { useHttpGet: true }).look({ value: "Hi" })).value,
});
