import { EventSource } from "eventsource-4";
import { eventSource } from "./eventsource_facts.js";
import { facts } from "./facts.js";

export const run = facts({ stream: eventSource(EventSource) });
