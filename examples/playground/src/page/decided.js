// What the server saw and decided.

import { capital, element, sentence } from "./text.js";

export function decisions(exchanges) {
  const preflights = exchanges.filter(({ decision }) => decision === "preflight").length;
  const list = element("ol", "exchanges", ...exchanges.map(decision));
  return [element("p", "preflights", preflightSentence(preflights, exchanges.length - preflights)), list];
}

function preflightSentence(preflights, requests) {
  if (preflights === 0) return "No preflight.";
  if (requests === 0) return "A preflight, and nothing after it.";
  if (requests > preflights) return "A preflight, which the browser remembered for the second request.";
  return requests > 1 ? "A preflight before each request." : "A preflight, then the request.";
}

function decision({ method, status, decision, denial, explanation, received }) {
  const line = element("p", "line", element("code", "", method), ` ${status} `);
  line.append(element("span", "verdict", denial ? "denied" : "allowed"));
  const why = element("p", "why", ...(denial ? sentence(`${capital(denial.reason)}. `) : []));
  if (denial) why.append(element("code", "kind", denial.kind), element("br"), AFTER_DENIAL[decision]);
  else why.append(decision === "actual" ? whoMayRead(received) : "The layer answered; the service did not see it.");
  const item = element("li", "", line, why, ...mending(explanation));
  item.dataset.verdict = denial ? "denied" : "allowed";
  return item;
}

// Of each failed step: the nearest rule and how it differs, and the safest thing to do about it.
function mending({ steps }) {
  const failed = steps.filter(({ outcome }) => outcome === "failed");
  return failed.map(({ detail, remedies }) => {
    const remedy = element("span", "remedy", ...sentence(`${capital(remedies[0].text)}.`));
    return element("p", "why", ...sentence(`${capital(detail)}. `), remedy);
  });
}

const AFTER_DENIAL = {
  preflight: "The service did not see it.",
  rejected: "The service did not see it.",
  actual: "The service ran all the same; the browser keeps its answer from the page.",
};

function whoMayRead(received) {
  const anyone = received.some(([name, value]) => name === "access-control-allow-origin" && value === "*");
  return anyone ? "Any page may read the answer, without cookies." : "The page may read the answer.";
}

export function wire({ method, path, sent, status, received }) {
  return element("div", "exchange", message(`${method} ${path}`, sent), message(String(status), received));
}

function message(start, headers) {
  const lines = headers.map(([name, value]) => `\n${name}: ${value}`);
  return element("pre", "", element("strong", "", start), ...lines);
}
