// What the browser gave to a script: an answer, or only an error.

import { capital, element, names, sentence } from "./text.js";

// Headers for the browser, not for scripts.
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
    parts.push(element("p", "disagrees", `But the model of a browser in tower-cors would block it: ${blocked}`));
  }
  return parts;
}

export function whyNot(seen, { blocked }) {
  const got = element("p", "status", "Only ", element("code", "", seen.error));
  if (!blocked) {
    return [got, element("p", "disagrees", "But the model of a browser in tower-cors would allow it, so CORS is not the reason.")];
  }
  // The request itself is shown above. The first sentence says what is wrong, the others what to change.
  const [, what, remedy] = blocked.match(/, was blocked: (.*?\.) (.*)$/s) ?? ["", blocked, ""];
  return [
    got,
    element("h5", "", "Why (only the console says this)"),
    element("p", "console", ...sentence(capital(what))),
    element("p", "remedy", ...sentence(remedy)),
  ];
}

export function body(text) {
  return text ? element("pre", "body", text) : element("p", "body empty", "An empty body");
}
