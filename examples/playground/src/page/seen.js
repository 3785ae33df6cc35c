// What the browser let a script have: an answer, or nothing but an error.

import { capital, element, names, sentence } from "./text.js";

// Headers that are there for the browser, not for scripts.
const PROTOCOL = /^(access-control-|vary$|allow$)/;

export function whatWasRead(seen, { exchanges, blocked }) {
  const answer = exchanges.at(-1);
  const kept = answer.received
    .map(([name]) => name)
    .filter((name) => !seen.headers.includes(name) && !PROTOCOL.test(name));
  const read = element(
    "p",
    "headers",
    "It can read ",
    ...(seen.headers.length > 0 ? names(seen.headers) : ["no header"]),
  );
  if (kept.length > 0) read.append(", but not ", ...names(kept));
  read.append(".");
  const parts = [element("p", "status", "Status ", element("strong", "", String(seen.status))), body(seen.body), read];
  if (blocked) {
    parts.push(element("p", "disagrees", `The crate’s model of a browser would not have allowed it: ${blocked}`));
  }
  return parts;
}

export function whyNot(seen, { blocked }) {
  const got = element("p", "status", "Nothing but ", element("code", "", seen.error));
  if (!blocked) {
    return [got, element("p", "disagrees", "It is not CORS, says the crate’s model of a browser.")];
  }
  // The request itself stands above already. What is wrong is one sentence, what to change are the others.
  const [, what, remedy] = blocked.match(/, was blocked: (.*?\.) (.*)$/s) ?? ["", blocked, ""];
  return [
    got,
    element("h5", "", "Why (only the console tells)"),
    element("p", "console", ...sentence(capital(what))),
    element("p", "remedy", ...sentence(remedy)),
  ];
}

export function body(text) {
  return text ? element("pre", "body", text) : element("p", "body empty", "An empty body");
}
