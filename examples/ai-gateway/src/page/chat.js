// The conversation.

import { GatewayError, ask, gateway, rate, usage } from "./gateway.js";
import { Message } from "./message.js";
import { session } from "./session.js";

const EXAMPLES = [
  ["An easy one", "What is CORS?"],
  ["A hard one, for the better model", "Prove that a page cannot read the answers of an API on another origin, unless the API allows it."],
  ["The cheap model is busy, the next one answers", "Who answers? [fail 429 gpt-4.1-nano]"],
  ["Every model is busy", "Is anybody there? [fail 429]"],
  ["The answer is interrupted", "Tell me a story. [break]"],
];

const $ = (selector) => document.querySelector(selector);
const composer = $("#composer");
const question = $("#question");
const send = $("#send");
const stop = $("#stop");
const welcome = $("#welcome");

const history = [];
let running = null;

for (const each of document.querySelectorAll("[data-gateway]")) each.textContent = gateway;
for (const each of document.querySelectorAll("[data-page]")) each.textContent = location.origin;

for (const [title, text] of EXAMPLES) {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const code = Object.assign(document.createElement("span"), { className: "question", textContent: text });
  button.append(title, code);
  button.addEventListener("click", () => start(text));
  const item = document.createElement("li");
  item.append(button);
  $("#examples").append(item);
}

const { end: endSession } = session({
  begun() {
    composer.hidden = false;
    welcome.hidden = history.length > 0;
    question.focus();
    showCost();
  },
  ended() {
    running?.abort();
    composer.hidden = true;
    welcome.hidden = true;
    $("#cost").textContent = "";
  },
});

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text || running) return;
  question.value = "";
  start(text);
});

question.addEventListener("keydown", (event) => {
  // Enter also ends the composition of a Chinese or Japanese word.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

stop.addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
});

function start(text) {
  if (running) return;
  welcome.hidden = true;
  new Message("You", text);
  history.push({ role: "user", content: text });
  answer();
}

async function answer() {
  const message = new Message("Model");
  running = new AbortController();
  setRunning(true, message);
  const begun = performance.now();
  let details = "";
  try {
    const { request, model, cache, tokens } = await ask(history, running.signal);
    for await (const token of tokens) {
      if (!details) {
        const milliseconds = Math.round(performance.now() - begun);
        details = [model, cache === "hit" ? "from the cache" : "", `first token after ${milliseconds} ms`].filter(Boolean).join(" · ");
        message.about = details;
        message.onRating((rating) => rate(request, rating).catch((error) => say(error.message)));
      }
      message.add(token);
    }
    say("The answer is complete.");
  } catch (error) {
    fail(message, error, details);
  } finally {
    if (message.text) history.push({ role: "assistant", content: message.text });
    running = null;
    setRunning(false, message);
    showCost();
  }
}

function fail(message, error, details) {
  if (!details) message.hideRating();
  if (error.name === "AbortError") {
    message.about = details ? `${details} · stopped` : "stopped";
    say("The answer is stopped.");
    return;
  }
  const isKnown = error instanceof GatewayError;
  if (!isKnown) console.error(error);
  message.fail(isKnown ? error.message : "Something went wrong in this page.", error.retryAfter ?? 0, () => {
    if (running) return;
    // The partial answer is removed too.
    if (history.at(-1)?.role === "assistant") history.pop();
    message.remove();
    answer();
  });
  if (error.status === 401) endSession("Your session has ended. Sign in again.");
}

function setRunning(isRunning, message) {
  message.isBusy = isRunning;
  const hadFocus = [send, stop].includes(document.activeElement);
  send.hidden = isRunning;
  stop.hidden = !isRunning;
  if (hadFocus) question.focus();
}

function say(text) {
  $("#status").textContent = text;
}

async function showCost() {
  try {
    const { total } = await usage();
    const tokens = total.prompt_tokens + total.completion_tokens;
    $("#cost").textContent = `${tokens.toLocaleString("en")} tokens · $${total.usd.toFixed(6)}`;
  } catch {
    // It will be updated the next time.
  }
}
