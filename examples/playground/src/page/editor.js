// The policy: edited as text, in effect as soon as there is no mistake in it.

import { element, sentence } from "./text.js";

const text = document.querySelector("#policy");
const status = document.querySelector("#policy-status");
const mistakes = document.querySelector(".mistakes");
const examples = document.querySelector(".examples");

// Long enough to type a word, short enough to seem at once.
const PAUSE = 300;

let timer;
let latest = new AbortController();
let whenStored;

export async function startEditor(policies, onStored) {
  whenStored = onStored;
  examples.replaceChildren(...policies.map(exampleButton));
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, PAUSE);
  });
  text.value = await (await fetch("policy")).text();
  showStored();
}

function exampleButton({ name, toml }) {
  const button = element("button", "", name);
  button.type = "button";
  button.dataset.toml = toml;
  button.addEventListener("click", () => replace(toml));
  return button;
}

function replace(toml) {
  text.value = toml;
  clearTimeout(timer);
  return store();
}

async function store() {
  latest.abort();
  latest = new AbortController();
  const { signal } = latest;
  try {
    const response = await fetch("policy", { method: "PUT", body: text.value, signal });
    if (response.ok) {
      showStored();
      whenStored();
    } else {
      showMistakes(await response.json());
    }
  } catch {
    if (!signal.aborted) show("The server does not answer. Is the playground still running?", "broken");
  }
}

function showStored() {
  show("In effect.", "stored");
  mistakes.replaceChildren();
}

function showMistakes(list) {
  const count = list.length === 1 ? "One mistake" : `${list.length} mistakes`;
  show(`${count}, so the policy before stays in effect.`, "broken");
  mistakes.replaceChildren(...list.map(mistakeItem));
}

function show(message, state) {
  status.textContent = message;
  status.dataset.state = state;
  text.ariaInvalid = String(state === "broken");
  for (const button of examples.children) {
    button.ariaPressed = String(button.dataset.toml === text.value);
  }
}

function mistakeItem({ place, text: message, fix }) {
  const item = element("li", "", element("code", "place", place), " ", ...sentence(/[.?]$/.test(message) ? message : `${message}.`));
  if (fix) item.append(" ", fixButton(place, fix));
  return item;
}

function fixButton(field, { value, suggestion }) {
  const button = element("button", "fix", "Use ", element("code", "", suggestion));
  button.type = "button";
  button.addEventListener("click", async () => {
    await replace(corrected(text.value, field, value, suggestion));
    // The button is gone now. The next one is the next thing to do.
    (mistakes.querySelector(".fix") ?? text).focus();
  });
  return button;
}

// Replaces the first such value after the field's name, in whatever quotes it is.
function corrected(toml, field, value, suggestion) {
  const start = Math.max(toml.search(new RegExp(`^\\s*${field}\\s*=`, "m")), 0);
  for (const [left, right] of [
    ['"', '"'],
    ["'", "'"],
    ["", ""],
  ]) {
    const at = toml.indexOf(left + value + right, start);
    if (at >= 0) {
      return toml.slice(0, at) + left + suggestion + right + toml.slice(at + left.length + value.length + right.length);
    }
  }
  return toml;
}
