import { Upload } from "tus-js-client-3";
import { facts } from "./facts.js";
import { tus } from "./tus_facts.js";

export const run = facts(tus(Upload));
