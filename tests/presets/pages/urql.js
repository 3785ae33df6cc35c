import { Client, fetchExchange, gql } from "@urql/core";
import { facts } from "./facts.js";

const query = gql`query Greeting { greeting }`;

async function greeting(base, options) {
  const client = new Client({ url: `${base}/graphql`, exchanges: [fetchExchange], preferGetMethod: false, ...options });
  const { data, error } = await client.query(query, {}).toPromise();
  if (error) throw error;
  return data.greeting;
}

export const run = facts({
  query: (base) => greeting(base),
  get: (base) => greeting(base, { preferGetMethod: "force" }),
  token: (base) => greeting(base, { fetchOptions: { headers: { authorization: "Bearer token" } } }),
});
