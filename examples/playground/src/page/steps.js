// How the policy decided, step by step.

import { capital, element, sentence } from "./text.js";

export function steps({ method, path, explanation }) {
  const list = element("ol", "steps", ...explanation.steps.map(step));
  return element("div", "explained", element("p", "line", element("code", "", `${method} ${path}`)), list);
}

function step({ outcome, title, standard, value, detail }) {
  const link = element("a", "", capital(title));
  link.href = standard;
  const about = value ? [": ", element("code", "", value)] : [];
  const what = element("div", "", link, ...about, element("br"), ...sentence(`${capital(detail)}.`));
  const item = element("li", "", element("span", "mark", outcome), what);
  item.dataset.result = outcome;
  return item;
}
