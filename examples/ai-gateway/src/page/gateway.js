// The gateway, as the page sees it: another origin, called with the session cookie.

export const gateway = document.querySelector('meta[name="gateway"]').content;

/** An error with a message for the user. */
export class GatewayError extends Error {
  constructor(message, status = 0, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function send(path, { json, ...options } = {}) {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  let response;
  try {
    response = await fetch(gateway + path, { credentials: "include", ...options, ...body });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    // A script learns nothing more: the reason is only in the browser's console.
    throw new GatewayError(
      `The gateway does not answer, or its policy does not allow this page (${location.origin}). The browser's console says which.`,
    );
  }
  if (response.ok) return response;
  throw await toError(response);
}

/** An error of the gateway is readable because its CORS layer is the outermost one. */
async function toError(response) {
  const body = await response.json().catch(() => ({}));
  const message = sentence(body.error?.message ?? `The gateway answered with status ${response.status}`);
  return new GatewayError(message, response.status, Number(response.headers.get("retry-after")) || 0);
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.?$/, ".");

export const who = async () => (await send("/session")).json();
export const signIn = async (token) => (await send("/session", { method: "POST", json: { token } })).json();
export const signOut = () => send("/session", { method: "DELETE" });
export const usage = async () => (await send("/v1/usage")).json();
export const rate = (request, rating) => send("/v1/feedback", { method: "POST", json: { request, rating } });

/** Begins an answer: its metadata at once, and its tokens as they arrive. */
export async function ask(messages, signal) {
  const json = { model: "auto", stream: true, messages };
  const response = await send("/v1/chat/completions", { method: "POST", json, signal });
  const header = (name) => response.headers.get(name);
  return { request: header("x-request-id"), model: header("x-model"), cache: header("x-cache"), tokens: tokens(response.body) };
}

async function* tokens(body) {
  let isWhole = false;
  for await (const data of events(body)) {
    // Read on to the end of the body, or the browser would close the connection.
    isWhole ||= data === "[DONE]";
    if (isWhole) continue;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new GatewayError(sentence(chunk.error.message));
    const text = chunk.choices[0]?.delta?.content;
    if (text) yield text;
  }
  if (!isWhole) throw new GatewayError("The answer was interrupted: the connection to the gateway ended.");
}

/** The data of each server-sent event. `EventSource` cannot POST. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const whole = text.split("\n\n");
      text = whole.pop();
      for (const event of whole) if (event.startsWith("data: ")) yield event.slice(6);
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new GatewayError("The answer was interrupted: the connection to the gateway failed.");
  } finally {
    reader.cancel().catch(() => {});
  }
}
