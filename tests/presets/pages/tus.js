import { Upload } from "tus-js-client";
import { facts } from "./facts.js";
import { tus, uploaded } from "./tus_facts.js";

export const run = facts({
  ...tus(Upload),
  draft: (base) => uploaded(Upload, base, { protocol: "ietf-draft-05" }),
});
