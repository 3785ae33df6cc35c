// The same two calls with each of the clients. `now` resolves to a reading. `watch` calls back with each reading as it arrives,
// and resolves when there are no more. A call that fails rejects with an error whose `code` is gRPC's number and whose `message`
// is the server's.

import { fromBinary, create, toBinary } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import grpcWeb from "grpc-web";

import { NowRequestSchema, ReadingSchema, WatchRequestSchema, Weather } from "./weather/v1/weather_pb.js";

const TIMEOUT_MS = 30_000;

function failed(code, message) {
  return Object.assign(new Error(message), { code });
}

export function connect(api) {
  const client = createClient(Weather, createGrpcWebTransport({ baseUrl: api, defaultTimeoutMs: TIMEOUT_MS }));
  const rejected = (error) => {
    const { code, rawMessage } = ConnectError.from(error);
    throw failed(code, rawMessage);
  };
  return {
    now: (city, signal) => client.now({ city }, { signal }).catch(rejected),
    async watch(city, count, signal, onReading) {
      try {
        for await (const reading of client.watch({ city, count }, { signal })) onReading(reading);
      } catch (error) {
        rejected(error);
      }
    },
  };
}

export function grpc(api) {
  // In Base64, the only way for this client to read a stream's messages before its end.
  const client = new grpcWeb.GrpcWebClientBase({ format: "text" });
  const method = (name, type, schema) =>
    new grpcWeb.MethodDescriptor(
      `/weather.v1.Weather/${name}`,
      type,
      Object,
      Object,
      (request) => toBinary(schema, request),
      (bytes) => fromBinary(ReadingSchema, bytes),
    );
  const now = method("Now", grpcWeb.MethodType.UNARY, NowRequestSchema);
  const watch = method("Watch", grpcWeb.MethodType.SERVER_STREAMING, WatchRequestSchema);
  const metadata = () => ({ deadline: String(Date.now() + TIMEOUT_MS) });
  return {
    now: (city) =>
      client
        .unaryCall(api + now.name, create(NowRequestSchema, { city }), metadata(), now)
        .catch(({ code, message }) => Promise.reject(failed(code, message))),
    watch: (city, count, signal, onReading) =>
      new Promise((resolve, reject) => {
        const stream = client.serverStreaming(api + watch.name, create(WatchRequestSchema, { city, count }), metadata(), watch);
        stream.on("data", onReading);
        stream.on("error", ({ code, message }) => reject(failed(code, message)));
        stream.on("end", resolve);
        signal.addEventListener("abort", () => {
          stream.cancel();
          reject(failed(grpcWeb.StatusCode.CANCELLED, signal.reason.message));
        });
      }),
  };
}
