import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client-3/core";
import { apollo } from "./apollo_facts.js";
import { facts } from "./facts.js";

const client = (link, name, version) => new ApolloClient({ link, cache: new InMemoryCache(), name, version });

export const run = facts(apollo({ client, HttpLink, gql }));
