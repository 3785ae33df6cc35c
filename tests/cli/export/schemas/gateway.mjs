// Says whether each HTTPRoute, a line of JSON, is right by the types of the Gateway API.
import { createInterface } from "node:readline";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";

for await (const line of createInterface({ input: process.stdin })) {
  let said = "right";
  try {
    new HTTPRoute(JSON.parse(line)).validate();
  } catch (error) {
    said = error.message.replaceAll("\n", " ");
  }
  console.log(said);
}
