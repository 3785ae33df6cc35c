/** Connects, and calls a tool if there is one. */
export async function call(Client, Transport, base, { options, transport, tool, timeout = [{ timeout: 4000 }] } = {}) {
  const client = new Client({ name: "page", version: "1" }, options);
  const to = new Transport(new URL(`${base}/mcp`), transport);
  await client.connect(to);
  if (!tool) return { client, to };
  const result = await client.callTool({ name: tool, arguments: {} }, ...timeout);
  return { client, to, text: result.content[0].text };
}

/** `timeout` is what the client wants after the tool, so that it does not wait for a minute. */
export function mcp(Client, Transport, timeout) {
  const at = (base, options) => call(Client, Transport, base, { ...options, timeout });
  return {
    async tool(base) {
      return (await at(base, { tool: "greet" })).text;
    },
    async token(base) {
      const requestInit = { headers: { Authorization: "Bearer token" } };
      return (await at(base, { tool: "greet", transport: { requestInit } })).text;
    },
    // The stream ends before the answer. The server keeps it for a client that names the last event.
    async resume(base) {
      return (await at(base, { tool: "resume" })).text;
    },
    async end(base) {
      const { to } = await at(base);
      await to.terminateSession();
      return to.sessionId ?? "ended";
    },
    // The server's 401 has the address of its metadata. Without it, the client guesses.
    async login(base) {
      let login;
      const authProvider = {
        redirectUrl: `${location.origin}/callback`,
        clientMetadata: { redirect_uris: [`${location.origin}/callback`] },
        clientInformation: () => ({ client_id: "page" }),
        tokens: () => undefined,
        saveCodeVerifier() {},
        codeVerifier: () => "verifier",
        redirectToAuthorization(url) {
          login = url.pathname;
        },
      };
      await at(base, { transport: { authProvider } }).catch((error) => {
        if (!login) throw error;
      });
      return login.replace(new URL(base).pathname, "");
    },
  };
}
