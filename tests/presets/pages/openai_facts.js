import { facts, waited } from "./facts.js";

const messages = [{ role: "user", content: "Hello" }];
const model = "gpt-5";

export function openai(OpenAI) {
  const at = (baseURL, options) =>
    new OpenAI({ baseURL, apiKey: "sk-test", dangerouslyAllowBrowser: true, maxRetries: 0, ...options });
  const create = (client) => client.chat.completions.create({ model, messages });
  const named = {
    async answer(base) {
      return (await create(at(base))).choices[0].message.content;
    },
    async stream(base) {
      let text = "";
      const stream = await at(base).chat.completions.create({ model, messages, stream: true });
      for await (const chunk of stream) text += chunk.choices[0].delta.content;
      return text;
    },
    async models(base) {
      return (await at(base).models.list()).data[0].id;
    },
    async delete(base) {
      return (await at(base).files.delete("file-1")).deleted;
    },
    async organization(base) {
      return (await create(at(base, { organization: "org-1" }))).choices[0].message.content;
    },
    async project(base) {
      return (await create(at(base, { project: "proj-1" }))).choices[0].message.content;
    },
    async beta(base) {
      return (await at(base).beta.threads.create()).id;
    },
    async upload(base) {
      const file = new File(["{}"], "a.jsonl");
      return (await at(base).files.create({ file, purpose: "batch" })).id;
    },
    async request_id(base) {
      return (await create(at(base)))._request_id;
    },
    async error(base) {
      const error = await create(at(base)).then(() => "no error", (error) => error);
      // A response that cannot be read has no other facts.
      if (error.status === undefined) throw error;
      return `${error.message} (${error.requestID})`;
    },
    async should_retry(base) {
      return (await create(at(base, { maxRetries: 1 }))).choices[0].message.content;
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
    // The client itself tries again after 5 s.
    poll(base) {
      return waited(at(base).vectorStores.files.poll("vs-1", "file-1"), { enough: 0, tooLong: 4500 });
    },
  };
  return facts(named, timed);
}
