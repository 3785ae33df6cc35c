// `google.protobuf.StringValue` by hand: field 1, a short string.
export const encode = (text) => Uint8Array.of(10, text.length, ...new TextEncoder().encode(text));
export const decode = (bytes) => new TextDecoder().decode(bytes.slice(2));

export function grpcWeb({ GrpcWebClientBase, MethodDescriptor, MethodType }) {
  const method = (name, type) => new MethodDescriptor(`/test.Echo/${name}`, type, Object, Object, encode, decode);
  const unary = (base, name, metadata = {}, format = "text") => {
    const client = new GrpcWebClientBase({ format });
    return client.unaryCall(`${base}/test.Echo/${name}`, "Hi", metadata, method(name, MethodType.UNARY));
  };
  const told = (error) => `${error.code} ${error.message}`;
  return {
    answer: (base) => unary(base, "Say"),
    binary: (base) => unary(base, "Say", {}, "binary"),
    stream(base) {
      const call = new GrpcWebClientBase({ format: "text" }).serverStreaming(
        `${base}/test.Echo/Stream`,
        "Hi",
        {},
        method("Stream", MethodType.SERVER_STREAMING),
      );
      let text = "";
      return new Promise((resolve) => {
        call.on("data", (part) => (text += part));
        call.on("error", (error) => resolve(told(error)));
        call.on("end", () => resolve(text));
      });
    },
    deadline: (base) => unary(base, "Say", { deadline: String(Date.now() + 30_000) }),
    token: (base) => unary(base, "Say", { authorization: "Bearer token" }),
    // An error after the start of the body.
    error: (base) => unary(base, "Fail").catch(told),
    // An error in the headers only (Trailers-Only), before any body.
    error_at_once: (base) => unary(base, "FailAtOnce").catch(told),
    details_at_once: (base) =>
      unary(base, "FailAtOnce").catch((error) => String(error.metadata?.["grpc-status-details-bin"])),
  };
}
