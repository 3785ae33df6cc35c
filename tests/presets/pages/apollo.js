import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { apollo } from "./apollo_facts.js";
import { facts } from "./facts.js";

const client = (link, name, version) =>
  new ApolloClient({ link, cache: new InMemoryCache(), clientAwareness: { name, version } });

export const run = facts(apollo({ client, HttpLink, gql }));
