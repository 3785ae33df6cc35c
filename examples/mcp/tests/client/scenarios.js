// A page with a real client. Each scenario returns what the page saw.

const INFO = { name: "page", version: "1.0.0" };

/** `libraries` has the client's classes and functions; `callTool` hides how its versions differ. */
export function scenarios({ Client, StreamableHTTPClientTransport, ...libraries }, callTool) {
  const open = (url, options) => new StreamableHTTPClientTransport(new URL(url), options);
  const withToken = { requestInit: { headers: { authorization: "Bearer secret" } } };
  const menu = { name: "menu", arguments: {} };
  const brew = { name: "brew", arguments: { drink: "tea" } };

  return {
    /** From the first message to the end of the session. */
    async session(url) {
      const client = new Client(INFO);
      const transport = open(url, withToken);
      await client.connect(transport);
      const { tools } = await client.listTools();
      const { progress, answer, spread } = await callAndWatch(client, brew);
      const seen = {
        server: client.getServerVersion().name,
        protocol: transport.protocolVersion,
        hasSession: Boolean(transport.sessionId),
        tools: tools.map(({ name }) => name),
        progress,
        answer,
        cameAsItWasMade: spread > 1000,
      };
      const { sessionId } = transport;
      await transport.terminateSession();
      const late = open(url, { ...withToken, sessionId });
      late.setProtocolVersion(seen.protocol);
      const again = new Client(INFO);
      await again.connect(late);
      return { ...seen, afterwards: await callTool(again, menu).catch((error) => error.status ?? error.code) };
    },

    /** A call whose page is closed in the middle, and continued by the next page. */
    async resume(url) {
      const client = new Client(INFO);
      const left = open(url, withToken);
      await client.connect(left);
      const before = [];
      let lastEvent;
      await callTool(client, brew, {
        onresumptiontoken: (token) => (lastEvent = token),
        onprogress({ message }) {
          before.push(message);
          if (before.length === 2) left.close();
        },
      }).catch(() => {});

      const next = new Client(INFO);
      const transport = open(url, { ...withToken, sessionId: left.sessionId });
      transport.setProtocolVersion(left.protocolVersion);
      await next.connect(transport);
      const after = [];
      const deliver = transport.onmessage;
      transport.onmessage = (message) => {
        if (message.method === "notifications/progress") after.push(message.params.message);
        deliver(message);
      };
      const result = await callTool(next, brew, { resumptionToken: lastEvent });
      return { before, after, answer: result.content[0].text };
    },

    /** The version of the protocol is left to the client. */
    async automatic(url) {
      const client = new Client(INFO, { versionNegotiation: { mode: "auto" } });
      const transport = open(url, withToken);
      await client.connect(transport);
      const { progress, answer } = await callAndWatch(client, brew);
      return {
        protocol: client.getNegotiatedProtocolVersion(),
        hasSession: Boolean(transport.sessionId),
        progress,
        answer,
      };
    },

    /** Without a token at first: the answer leads to the metadata, and a token to the tools. */
    async unauthorized(url) {
      const seen = {};
      let token;
      const authProvider = {
        token: async () => token,
        async onUnauthorized({ response, serverUrl, fetchFn }) {
          const { resourceMetadataUrl } = libraries.extractWWWAuthenticateParams(response);
          const discover = libraries.discoverOAuthProtectedResourceMetadata;
          const metadata = await discover(serverUrl, { resourceMetadataUrl }, fetchFn);
          Object.assign(seen, { challenge: String(resourceMetadataUrl), resource: metadata.resource });
          token = "secret";
        },
      };
      const client = new Client(INFO);
      await client.connect(open(url, { authProvider }));
      const { tools } = await client.listTools();
      return { ...seen, tools: tools.map(({ name }) => name) };
    },

    /** Every forbidden request that a page can try, with a stolen token. */
    async attack(url) {
      const works = (attempt) => attempt.then(() => true, () => false);
      return {
        connected: await works(new Client(INFO).connect(open(url, withToken))),
        readMetadata: await works(libraries.discoverOAuthProtectedResourceMetadata(url)),
        // A simple request, which needs no preflight.
        readAnswer: (await fetch(url, { method: "POST", mode: "no-cors", body: "{}" })).type !== "opaque",
      };
    },
  };

  async function callAndWatch(client, params) {
    const progress = [];
    const times = [];
    const onprogress = ({ message }) => {
      progress.push(message);
      times.push(performance.now());
    };
    const result = await callTool(client, params, { onprogress });
    return { progress, answer: result.content[0].text, spread: times.at(-1) - times[0] };
  }
}
