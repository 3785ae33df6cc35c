export function apollo({ client, HttpLink, gql }) {
  const query = gql`query Greeting { greeting }`;
  const mutation = gql`mutation Greet { greeting }`;
  const at = (base, options, ...named) => client(new HttpLink({ uri: `${base}/graphql`, ...options }), ...named);
  const greeting = async (client) => (await client.query({ query })).data.greeting;
  return {
    query: (base) => greeting(at(base)),
    mutation: async (base) => (await at(base).mutate({ mutation })).data.greeting,
    get: (base) => greeting(at(base, { useGETForQueries: true })),
    token: (base) => greeting(at(base, { headers: { authorization: "Bearer token" } })),
    name: (base) => greeting(at(base, {}, "page")),
    version: (base) => greeting(at(base, {}, undefined, "1")),
  };
}
