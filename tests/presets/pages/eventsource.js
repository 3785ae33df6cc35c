import { EventSource } from "eventsource";
import { eventSource } from "./eventsource_facts.js";
import { facts } from "./facts.js";

export const run = facts({
  stream: eventSource(EventSource),
  // The browser's own `EventSource` sends the id of the last event without a preflight.
  native: eventSource(globalThis.EventSource),
});
