// A client of the Model Context Protocol, version 2026-07-28: every request stands for itself, without a session.

const VERSION = "2026-07-28";

let lastId = 0;

/** Sends a request, tells `onProgress` of each notification, and returns the result. */
export async function request(server, token, method, params = {}, onProgress = () => {}) {
  const id = ++lastId;
  const meta = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": { name: "page", version: "1.0.0" },
    "io.modelcontextprotocol/clientCapabilities": {},
    progressToken: id,
  };
  const headers = {
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "mcp-method": method,
    "mcp-protocol-version": VERSION,
  };
  if (params.name) headers["mcp-name"] = params.name;
  const body = JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta: meta } });
  // For all of these headers, the browser asks the server first.
  const response = await fetch(server, { method: "POST", headers, body });
  if (!response.ok) throw await refused(response);
  for await (const message of messages(response)) {
    if (message.id === id) {
      if (message.error) throw new Error(message.error.message);
      return message.result;
    }
    if (message.method === "notifications/progress") onProgress(message.params);
  }
  throw new Error("The stream ended before the result.");
}

/** One message, or those of a stream as they come. */
async function* messages(response) {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    yield await response.json();
    return;
  }
  let text = "";
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    const events = (text + chunk).split(/\r?\n\r?\n/);
    text = events.pop();
    for (const event of events) {
      const data = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      const json = data.map((line) => line.slice("data:".length)).join("\n").trim();
      if (json) yield JSON.parse(json);
    }
  }
}

/** Not every browser can iterate over a stream by itself. */
async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Says why, and for a 401 where tokens are issued: both can be read because the policy exposes `WWW-Authenticate`. */
async function refused(response) {
  const reason = `${response.status} ${(await response.text()) || response.statusText}`;
  const challenge = response.headers.get("www-authenticate");
  const [, url] = challenge?.match(/resource_metadata="([^"]+)"/) ?? [];
  if (!url) return new Error(reason);
  const metadata = await (await fetch(url, { headers: { "mcp-protocol-version": VERSION } })).json();
  return new Error(`${reason}. Tokens for ${metadata.resource} are issued by ${metadata.authorization_servers}.`);
}
