import { grpc } from "@improbable-eng/grpc-web";
import { facts } from "./facts.js";
import { decode, encode } from "./grpc_web_facts.js";

/** What a generator would have written. */
class Text {
  constructor(text) {
    this.text = text;
  }
  serializeBinary() {
    return encode(this.text);
  }
  static deserializeBinary(bytes) {
    return new Text(decode(bytes));
  }
}

function call(host, methodName, metadata = {}) {
  const types = { requestType: Text, responseType: Text };
  const service = { serviceName: "test.Echo" };
  const method = { methodName, service, requestStream: false, responseStream: methodName === "Stream", ...types };
  let text = "";
  return new Promise((resolve) => {
    grpc.invoke(method, {
      host,
      metadata,
      request: new Text("Hi"),
      onMessage: (message) => (text += message.text),
      onEnd: (code, message, trailers) => resolve({ text: text || `${code} ${message}`, trailers }),
    });
  });
}

export const run = facts({
  answer: async (base) => (await call(base, "Say")).text,
  stream: async (base) => (await call(base, "Stream")).text,
  token: async (base) => (await call(base, "Say", { authorization: "Bearer token" })).text,
  error: async (base) => (await call(base, "Fail")).text,
  error_at_once: async (base) => (await call(base, "FailAtOnce")).text,
  details_at_once: async (base) => (await call(base, "FailAtOnce")).trailers.get("grpc-status-details-bin"),
});
