import { GraphQLClient } from "graphql-request";
import { facts } from "./facts.js";

const greeting = async (base, options) =>
  (await new GraphQLClient(`${base}/graphql`, options).request("query Greeting { greeting }")).greeting;

export const run = facts({
  query: (base) => greeting(base),
  get: (base) => greeting(base, { method: "GET" }),
  token: (base) => greeting(base, { headers: { authorization: "Bearer token" } }),
});
