// What the server saw and decided.

import { failures } from "./remedy.js";
import { capital, element, sentence } from "./text.js";

// `credentials`: whether the page asked with `credentials: "include"`. No server can see that; only the browser knows it.
// `onRemedy`: what the button of a remedy does.
export function decisions(exchanges, credentials, onRemedy) {
  const preflights = exchanges.filter(({ decision }) => decision === "preflight").length;
  const list = element("ol", "exchanges", ...exchanges.map((exchange) => decision(exchange, credentials, onRemedy)));
  return [element("p", "preflights", preflightSentence(preflights, exchanges.length - preflights)), list];
}

function preflightSentence(preflights, requests) {
  if (preflights === 0) return "No preflight.";
  if (requests === 0) return "Only a preflight.";
  if (requests > preflights) return "A preflight, cached by the browser for the second request.";
  return requests > 1 ? "A preflight before each request." : "A preflight, then the request.";
}

function decision(exchange, credentials, onRemedy) {
  const { method, status, decision, denial, explanation, received } = exchange;
  const lacksCredentials = credentials && !denial && !allowsCredentials(received);
  const verdict = lacksCredentials ? "allowed without credentials" : denial ? "denied" : "allowed";
  const line = element("p", "line", element("code", "", method), ` ${status} `, element("span", "verdict", verdict));
  const why = element("p", "why");
  if (denial) why.append(...sentence(`${capital(denial.reason)}. `), element("code", "kind", denial.kind));
  if (lacksCredentials) why.append(...sentence(WITHOUT_CREDENTIALS));
  if (denial || lacksCredentials) why.append(element("br"), AFTER_DENIAL[decision]);
  else why.append(decision === "actual" ? whoMayRead(received) : "The layer answered; the service did not see it.");
  const item = element("li", "", line, why, ...failures(explanation, onRemedy));
  if (lacksCredentials) item.append(element("p", "remedy", ...sentence(allowingCredentials(received))));
  item.dataset.verdict = verdict === "allowed" ? "allowed" : "denied";
  return item;
}

const WITHOUT_CREDENTIALS =
  'The policy allows the page, but not with credentials, and the page asked with `credentials: "include"`.';

// The standard's CORS check, only the part about credentials.
function allowsCredentials(received) {
  return received.some(([name, value]) => name === "access-control-allow-credentials" && value === "true");
}

function allowingCredentials(received) {
  const list = isForAnyone(received) ? ", and list the origins that you trust instead of `*`" : "";
  return `Remove \`credentials: "include"\` from the page’s request. If the page is yours and needs its cookies, set \`allow_credentials = true\`${list}.`;
}

const AFTER_DENIAL = {
  preflight: "The service did not see it.",
  rejected: "The service did not see it.",
  actual: "The service ran, but the browser does not let the page read its answer.",
};

function isForAnyone(received) {
  return received.some(([name, value]) => name === "access-control-allow-origin" && value === "*");
}

function whoMayRead(received) {
  return isForAnyone(received) ? "Any page may read the answer, without cookies." : "The page may read the answer.";
}

export function wire({ method, path, sent, status, received }) {
  return element("div", "exchange", message(`${method} ${path}`, sent), message(String(status), received));
}

function message(start, headers) {
  const lines = headers.map(([name, value]) => `\n${name}: ${value}`);
  return element("pre", "", element("strong", "", start), ...lines);
}
