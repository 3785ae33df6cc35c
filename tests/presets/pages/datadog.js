import { datadogRum } from "@datadog/browser-rum";
import { datadog } from "./datadog_facts.js";
import { facts } from "./facts.js";

export const run = facts(datadog(datadogRum));
