import { facts, waited } from "./facts.js";

const message = { model: "claude", max_tokens: 16, messages: [{ role: "user", content: "Hello" }] };

export function anthropic(Anthropic) {
  const at = (baseURL, options) =>
    new Anthropic({ baseURL, apiKey: "sk-test", dangerouslyAllowBrowser: true, maxRetries: 0, ...options });
  const create = (client) => client.messages.create(message);
  const named = {
    async answer(base) {
      return (await create(at(base))).content[0].text;
    },
    async token(base) {
      return (await create(at(base, { apiKey: null, authToken: "token" }))).content[0].text;
    },
    async stream(base) {
      return at(base).messages.stream(message).finalText();
    },
    async models(base) {
      return (await at(base).models.list()).data[0].id;
    },
    async beta(base) {
      return (await at(base).beta.messages.create({ ...message, betas: ["test-2026-01-01"] })).content[0].text;
    },
    async delete(base) {
      return (await at(base).messages.batches.delete("batch_1")).type;
    },
    async request_id(base) {
      return (await create(at(base)))._request_id;
    },
    async workspace_id(base) {
      return (await create(at(base)))._workspace_id;
    },
    async error(base) {
      const error = await create(at(base)).then(() => "no error", (error) => error);
      // A response that cannot be read has no other facts.
      if (error.status === undefined) throw error;
      return `${error.message} (${error.requestID})`;
    },
    async should_retry(base) {
      return (await create(at(base, { maxRetries: 1 }))).content[0].text;
    },
  };
  const timed = {
    // The client itself waits between 0.375 s and 0.5 s before its first retry.
    retry_after(base) {
      return waited(create(at(base, { maxRetries: 1 })), { enough: 5000, tooLong: Infinity });
    },
    retry_after_ms(base) {
      return waited(create(at(base, { maxRetries: 1 })), { enough: 5000, tooLong: Infinity });
    },
  };
  return facts(named, timed);
}
