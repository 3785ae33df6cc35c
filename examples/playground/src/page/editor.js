// The policy: edited as text, in effect as soon as it has no mistakes.

import { element, sentence } from "./text.js";

const text = document.querySelector("#policy");
const status = document.querySelector("#policy-status");
const mistakes = document.querySelector(".mistakes");
const examples = document.querySelector(".examples");
const undo = document.querySelector("#undo");

// Long enough to type a word, short enough to feel immediate.
const PAUSE = 300;

const LOST = "The server does not answer. Is the playground still running?";

let timer;
let latest = new AbortController();
let whenStored;

export async function startEditor(policies, onStored) {
  whenStored = onStored;
  examples.replaceChildren(...policies.map(exampleButton));
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, PAUSE);
    showUndo();
  });
  undo.addEventListener("click", () => {
    text.focus();
    document.execCommand("undo");
    showUndo();
  });
  text.value = await (await fetch("policy")).text();
  showStored();
}

export function policyText() {
  return text.value;
}

export function hasMistakes() {
  return mistakes.children.length > 0;
}

export function replacePolicy(toml) {
  write(toml);
  clearTimeout(timer);
  return store();
}

// The server changes the text, because it has a parser that keeps comments and layout.
export async function applyRemedy({ kind, value }) {
  try {
    const body = JSON.stringify({ toml: text.value, change: { kind, value } });
    const response = await fetch("remedy", { method: "POST", headers: { "content-type": "application/json" }, body });
    const answer = await response.text();
    if (response.ok) await replacePolicy(answer);
    else show(answer, "broken");
  } catch {
    show(LOST, "broken");
  }
}

// Writes as if typed, so the browser's own undo works. Only this deprecated command does that.
function write(toml) {
  const focused = document.activeElement;
  text.focus({ preventScroll: true });
  text.select();
  if (!document.execCommand(toml ? "insertText" : "delete", false, toml)) text.value = toml;
  if (focused === text) return;
  // Not every browser focuses a button that is clicked; the text should not have the focus then either.
  text.blur();
  focused.focus({ preventScroll: true });
}

function showUndo() {
  undo.disabled = !document.queryCommandEnabled("undo");
}

function exampleButton({ name, toml }) {
  const button = element("button", "", name);
  button.type = "button";
  button.dataset.toml = toml;
  button.addEventListener("click", () => replacePolicy(toml));
  return button;
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
    if (!signal.aborted) show(LOST, "broken");
  }
}

function showStored() {
  show("In effect.", "stored");
  mistakes.replaceChildren();
}

function showMistakes(list) {
  const count = list.length === 1 ? "One mistake" : `${list.length} mistakes`;
  show(`${count}, so the last valid policy stays in effect.`, "broken");
  mistakes.replaceChildren(...list.map(mistakeItem));
}

function show(message, state) {
  status.replaceChildren(...sentence(message));
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
    await replacePolicy(corrected(text.value, field, value, suggestion));
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
