import * as sentry from "@sentry/browser";
import { facts } from "./facts.js";
import { traced } from "./sentry_facts.js";

export const run = facts(traced(sentry));
