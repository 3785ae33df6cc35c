import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Type, FileDescriptorProtoSchema, file_google_protobuf_wrappers } from "@bufbuild/protobuf/wkt";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";

const text = ".google.protobuf.StringValue";
const method = (name, options) => ({ name, inputType: text, outputType: text, ...options });

/** The service that a generator would have written out of a `.proto` file. */
export const Echo = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: "test",
    syntax: "proto3",
    dependency: ["google/protobuf/wrappers.proto"],
    service: [
      {
        name: "Echo",
        method: [
          method("Say"),
          method("Look", { options: { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS } }),
          method("Stream", { serverStreaming: true }),
          method("Fail"),
          method("FailAtOnce"),
        ],
      },
    ],
  }),
  () => file_google_protobuf_wrappers,
).getService("test.Echo");

/** What every transport of the client can be asked. */
export function echo(clientAt) {
  const say = async (client, options) => (await client.say({ value: "Hi" }, options)).value;
  const failed = async (call) => call.then(() => "no error", (error) => error);
  return {
    answer: (base) => say(clientAt(base)),
    async stream(base) {
      let text = "";
      for await (const part of clientAt(base).stream({ value: "Hi" })) text += part.value;
      return text;
    },
    timeout: (base) => say(clientAt(base), { timeoutMs: 30_000 }),
    token: (base) => say(clientAt(base), { headers: { authorization: "Bearer token" } }),
    error: async (base) => (await failed(clientAt(base).fail({ value: "Hi" }))).message,
    error_at_once: async (base) => (await failed(clientAt(base).failAtOnce({ value: "Hi" }))).message,
    details_at_once: async (base) => (await failed(clientAt(base).failAtOnce({ value: "Hi" }))).details[0]?.type,
  };
}
