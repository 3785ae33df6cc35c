// How to fix a failure: a sentence, and a button if a click is safe.

import { capital, element, sentence } from "./text.js";

// Each of these allows one thing by name. `dangerously_` switches, credentials and `*` have no button: edit the policy.
const OF_POLICY = new Set(["allow-origin", "allow-method", "allow-header", "serve-at"]);
const OF_REQUEST = new Set(["respell-method", "respell-header", "leave-out-header"]);

// For each failed step: the nearest rule and how it differs, and what to do, the safest first.
export function failures({ steps }, onRemedy) {
  const failed = steps.filter(({ outcome }) => outcome === "failed");
  return failed.map(({ detail, remedies, value: about }) => {
    const list = remedies.flatMap((remedy, index) => remedyNodes({ ...remedy, about }, index, onRemedy));
    return element("p", "why", ...sentence(`${capital(detail)}. `), ...list);
  });
}

function remedyNodes(remedy, index, onRemedy) {
  const text = index > 0 ? ` Or: ${remedy.text}.` : `${capital(remedy.text)}.`;
  const nodes = [element("span", "remedy", ...sentence(text))];
  const label = OF_POLICY.has(remedy.kind) ? "Apply" : OF_REQUEST.has(remedy.kind) ? "Change the request" : undefined;
  if (label) nodes.push(" ", remedyButton(label, remedy, onRemedy));
  return nodes;
}

function remedyButton(label, remedy, onRemedy) {
  const button = element("button", "apply", label);
  button.type = "button";
  button.ariaLabel = `${label}: ${remedy.text.replaceAll("`", "")}`;
  button.addEventListener("click", () => onRemedy(remedy, OF_POLICY.has(remedy.kind)));
  return button;
}
