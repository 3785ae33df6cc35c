// Starts the page: fills in the origins, lists the requests, and runs them whenever the policy changes.

import { Case } from "./case.js";
import { GROUPS } from "./cases.js";
import { startEditor } from "./editor.js";
import { openFrames } from "./elsewhere.js";
import { clone, sentence } from "./text.js";

const summary = document.querySelector("#summary");

const { origins, policies } = await (await fetch("setup")).json();
// Under another name of this machine it is another origin.
if (location.origin !== origins.page) location.replace(origins.page);
for (const place of document.querySelectorAll("[data-origin]")) {
  place.textContent = origins[place.dataset.origin];
}
const cases = GROUPS.flatMap(showGroup);
document.querySelector("#run-all").addEventListener("click", runAll);

await Promise.all([openFrames(`${origins.stranger}/frame.html`), startEditor(policies, runAll)]);
runAll();

function showGroup({ title, about, cases: requests }) {
  const group = clone("#group-template");
  group.querySelector("h3").textContent = title;
  group.querySelector(".about").append(...sentence(about));
  const shown = requests.map((request) => new Case(request, origins, showSummary));
  group.append(...shown.map(({ element }) => element));
  document.querySelector(".overview").append(...shown.map(({ overview }) => overview));
  document.querySelector("#groups").append(group);
  return shown;
}

function runAll() {
  for (const each of cases) each.run();
}

function showSummary() {
  const count = (outcome) => cases.filter((each) => each.outcome === outcome).length;
  const failed = count("failed") > 0 ? `, ${count("failed")} failed` : "";
  const counts = `${count("allowed")} requests allowed, ${count("blocked")} blocked${failed}`;
  summary.textContent = count("running") > 0 ? "Running the requests" : counts;
}
