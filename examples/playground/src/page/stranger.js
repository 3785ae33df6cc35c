// A stranger's page, opened by itself: makes two requests and shows what it got.

import { attempt } from "./attempt.js";
import { body } from "./seen.js";
import { clone, element } from "./text.js";

const REQUESTS = [
  { title: "Read the notes", path: "/notes", init: {} },
  { title: "Read your name, with your cookie", path: "/me", init: { credentials: "include" } },
];

const { page, api } = await (await fetch("origins")).json();
document.querySelector("#playground").href = page;
for (const request of REQUESTS) show(request);

async function show({ title, path, init }) {
  const shown = clone("#case-template");
  const put = (selector, text) => (shown.querySelector(selector).textContent = text);
  put("h4", title);
  put(".call code", `fetch("${api}${path}"${init.credentials ? `, { credentials: "${init.credentials}" }` : ""})`);
  document.querySelector("#cases").append(shown);

  const seen = await attempt(`${api}${path}`, init);
  shown.dataset.outcome = seen.allowed ? "allowed" : "blocked";
  put(".outcome", seen.allowed ? "Allowed" : "Blocked");
  const got = seen.allowed ? [`Status ${seen.status}`] : ["Only ", element("code", "", seen.error)];
  shown.querySelector(".seen").append(element("p", "", ...got), ...(seen.allowed ? [body(seen.body)] : []));
}
