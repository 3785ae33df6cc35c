// One request on the page: runs it, and shows what the browser and the server made of it.

import { attempt } from "./attempt.js";
import { call } from "./call.js";
import { decisions, wire } from "./decided.js";
import { attemptAsStranger, attemptInSandbox } from "./elsewhere.js";
import { body, whatWasRead, whyNot } from "./seen.js";
import { steps } from "./steps.js";
import { clone, element, sentence } from "./text.js";

export const OUTCOMES = { running: "Running", allowed: "Allowed", blocked: "Blocked", failed: "Failed" };

const VERDICTS = new Set(["allowed", "blocked"]);

export class Case {
  #request;
  #origins;
  #onChange;
  #onRemedy;
  #before;
  #latest = new AbortController();

  constructor(request, origins, { onChange, onRemedy }) {
    this.#onChange = onChange;
    this.#onRemedy = (remedy, isOfPolicy) => onRemedy(remedy, isOfPolicy, this);
    this.#request = { init: {}, times: 1, from: "page", ...request };
    this.#origins = origins;
    this.element = clone("#case-template");
    this.element.id = request.id;
    this.overview = overviewItem(request);
    this.#find("h4").textContent = request.title;
    this.#find(".call code").textContent = call(this.#request, origins);
    const button = this.#find(".run");
    button.setAttribute("aria-label", `Run: ${request.title}`);
    button.addEventListener("click", () => {
      this.remember();
      this.run();
    });
  }

  get outcome() {
    return this.element.dataset.outcome;
  }

  get request() {
    return this.#request;
  }

  // The outcome to compare the next ones with.
  get before() {
    return this.#before;
  }

  get isChanged() {
    return this.#before !== undefined && VERDICTS.has(this.outcome) && this.outcome !== this.#before;
  }

  openSteps() {
    this.#find("details").open = true;
  }

  focus() {
    this.#find(".run").focus();
  }

  // Compares the next outcomes with this one.
  remember() {
    if (VERDICTS.has(this.outcome)) this.#before = this.outcome;
  }

  // A later run ends the one before.
  async run() {
    this.#latest.abort();
    this.#latest = new AbortController();
    const { signal } = this.#latest;
    this.#show("running");
    try {
      // The mark of this run in the server's log. It also makes the URL new, so the browser has no cached preflight
      // from an earlier policy.
      const run = crypto.randomUUID();
      const seen = await this.#attempt(run, signal);
      const report = await this.#report(run, signal);
      if (!signal.aborted) this.#finish(seen, report);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #attempt(run, signal) {
    const { path, init, times, from } = this.#request;
    const [route, query] = path.split(/\?(.*)/s);
    const url = `${this.#origins.api}${route}?run=${run}${query ? `&${query}` : ""}`;
    const attemptHere = () => attempt(url, init, { signal, onText: (text) => this.#showSeen(body(text)) });
    const attempts = { page: attemptHere, stranger: attemptAsStranger, sandbox: attemptInSandbox };
    let seen = await attempts[from](url, init);
    for (let time = 1; time < times && seen.allowed; time += 1) {
      seen = await attempts[from](url, init);
    }
    return seen;
  }

  async #report(run, signal) {
    const { path, init, from } = this.#request;
    const origin = this.#origins[from] ?? "null";
    const asked = { run, origin, path, method: "GET", headers: {}, credentials: "same-origin", ...init };
    const response = await fetch("report", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
      signal,
    });
    if (!response.ok) throw new Error("The API did not see the request.");
    return response.json();
  }

  #finish(seen, report) {
    this.#show(seen.allowed ? "allowed" : "blocked");
    this.#showSeen(...(seen.allowed ? whatWasRead(seen, report) : whyNot(seen, report)));
    const credentials = this.#request.init.credentials === "include";
    this.#find(".decided").replaceChildren(...decisions(report.exchanges, credentials, this.#onRemedy));
    this.#find(".caution").append(...sentence(caution(this.#request, seen.allowed)));
    this.#find(".walk").replaceChildren(...report.exchanges.map(steps));
    this.#find(".wire").replaceChildren(...report.exchanges.map(wire));
  }

  #fail(error) {
    this.#show("failed");
    this.#showSeen(element("p", "", `${error.message} Is the playground still running?`));
    for (const part of [".decided", ".walk", ".wire"]) this.#find(part).replaceChildren();
  }

  #show(outcome) {
    this.element.dataset.outcome = outcome;
    this.overview.dataset.outcome = outcome;
    this.element.ariaBusy = String(outcome === "running");
    const verdict = this.isChanged ? `Now ${outcome}` : OUTCOMES[outcome];
    this.element.classList.toggle("changed", this.isChanged);
    this.overview.classList.toggle("changed", this.isChanged);
    this.#find(".outcome").textContent = verdict;
    this.#find(".caution").replaceChildren();
    this.overview.firstElementChild.ariaLabel = `${this.#request.title}: ${verdict}`;
    this.#onChange();
  }

  #showSeen(...nodes) {
    this.#find(".seen").replaceChildren(...nodes);
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

// What to consider before a policy allows a page that is not yours, or when it does.
function caution({ from, init }, isAllowed) {
  if (from === "page") return "";
  const who = { stranger: "A stranger’s page", sandbox: "A frame that any site can make" }[from];
  if (!isAllowed) return `${who} asked, so blocked is right. Allow an origin only if you trust its pages with your visitors’ data.`;
  if (init.credentials === "include") return `${who} has read this as the visitor, with the cookie. Allow only origins that you trust.`;
  return `${who} is allowed too, which is right only for public data.`;
}

// The case in the overview beside the policy.
function overviewItem({ id, title }) {
  const link = element("a", "", title);
  link.href = `#${id}`;
  return element("li", "", link);
}
