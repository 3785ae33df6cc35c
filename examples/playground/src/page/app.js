// Starts the page: fills in the origins, lists the requests, and runs them whenever the policy changes.

import { Case, OUTCOMES } from "./case.js";
import { GROUPS } from "./cases.js";
import { showRust, startCopying } from "./copy.js";
import { applyRemedy, startEditor } from "./editor.js";
import { openFrames } from "./elsewhere.js";
import { fillChanged, forget, startForm } from "./own.js";
import { startSharing } from "./shared.js";
import { clone, sentence } from "./text.js";

const summary = document.querySelector("#summary");
const changes = document.querySelector("#changes");
const overview = document.querySelector(".overview");

const handlers = { onChange: showSummary, onRemedy: useRemedy };

const { origins, policies } = await (await fetch("setup")).json();
// Opened at another name of this machine, the page has another origin.
if (location.origin !== origins.page) location.replace(origins.page + location.hash);
for (const place of document.querySelectorAll("[data-origin]")) {
  place.textContent = origins[place.dataset.origin];
}
// The case of the request last sent from the form.
let own;
const cases = GROUPS.flatMap(showGroup);
document.querySelector("#run-all").addEventListener("click", runAll);

await Promise.all([openFrames(`${origins.stranger}/frame.html`), startEditor(policies, onStored), showRust()]);
startForm(origins.api, send);
startCopying(origins.page);
startSharing();
runAll();

function showGroup({ title, about, cases: requests }) {
  const group = clone("#group-template");
  group.querySelector("h3").textContent = title;
  group.querySelector(".about").append(...sentence(about));
  const shown = requests.map((request) => new Case(request, origins, handlers));
  group.append(...shown.map(({ element }) => element));
  overview.append(...shown.map(({ overview }) => overview));
  document.querySelector("#groups").append(group);
  return shown;
}

function onStored() {
  showRust();
  runAll();
}

// Compares with the last run that was finished: an edit can end a run early.
function runAll() {
  forget();
  const isOver = all().every(({ outcome }) => outcome !== "running");
  for (const each of all()) {
    if (isOver) each.remember();
    each.run();
  }
}

// Sends the request of the form. From then on it runs with the others.
async function send(request) {
  own?.overview.remove();
  own = new Case(request, origins, handlers);
  overview.prepend(own.overview);
  document.querySelector("#own-case").replaceChildren(own.element);
  own.openSteps();
  const sent = own;
  await sent.run();
  return sent.outcome === "running" ? undefined : OUTCOMES[sent.outcome];
}

// A case that runs again loses the buttons of its remedies, so the focus goes to the one that stays.
async function useRemedy(remedy, isOfPolicy, of) {
  if (!isOfPolicy) return fillChanged(of.request, remedy);
  await applyRemedy(remedy);
  of.focus();
}

function all() {
  return own ? [own, ...cases] : cases;
}

function showSummary() {
  const count = (outcome) => all().filter((each) => each.outcome === outcome).length;
  const failed = count("failed") > 0 ? `, ${count("failed")} failed` : "";
  const counts = `${count("allowed")} requests allowed, ${count("blocked")} blocked${failed}`;
  const isRunning = count("running") > 0;
  summary.textContent = isRunning ? "Running the requests" : counts;
  changes.textContent = isRunning ? "" : whatChanged();
}

function whatChanged() {
  if (all().every(({ before }) => before === undefined)) return "";
  const now = (outcome) => all().filter((each) => each.isChanged && each.outcome === outcome).length;
  const parts = ["allowed", "blocked"].filter((outcome) => now(outcome) > 0).map((outcome) => `${now(outcome)} now ${outcome}`);
  return `Since the last run: ${parts.join(", ") || "no change"}.`;
}
