// The form for your own request, and how its text becomes the arguments of `fetch`.

import { hasOnly } from "./link.js";
import { names } from "./text.js";

const form = document.querySelector("#own-form");
const status = document.querySelector("#own-status");

const FIELDS = ["method", "path", "from", "credentials", "headers", "body"];

const DEFAULT_MODE = "same-origin";

// `send` takes a request as in `cases.js` and returns its outcome, unless a later run has taken over.
export function startForm(api, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show();
    try {
      const { request, ignored } = read(api);
      const outcome = await send(request);
      if (!outcome) return;
      show(outcome, ...(ignored.length > 0 ? [". The browser sets ", ...names(ignored), " itself and ignored yours"] : []), ".");
    } catch (error) {
      show(error.message);
    }
  });
}

// The text of each field, by its name.
export function fields() {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
}

export function isRequest(values) {
  return hasOnly(values, FIELDS) && FIELDS.every((name) => takes(form.elements[name], values[name]));
}

export function fill(values) {
  for (const name of FIELDS) form.elements[name].value = values[name];
  show();
}

// Clears the form's message about the last run.
export function forget() {
  show();
}

// Puts a case's request into the form, changed as a remedy says. The user sends it.
export function fillChanged({ from, path, init }, remedy) {
  const { method = "GET", headers = {}, credentials = DEFAULT_MODE, body = "" } = init;
  const changed = changeHeaders(Object.entries(headers), remedy);
  fill({
    from,
    method: remedy.kind === "respell-method" ? remedy.value : method,
    path,
    credentials,
    headers: changed.map(([name, value]) => `${name}: ${value}`).join("\n"),
    body,
  });
  show("Changed, not sent yet.");
  form.querySelector("button").focus();
}

function changeHeaders(headers, { kind, value, about }) {
  const is = (name, other) => name.toLowerCase() === other.toLowerCase();
  if (kind === "leave-out-header") return headers.filter(([name]) => !is(name, value));
  if (kind === "respell-header") return headers.map(([name, text]) => [is(name, about) ? value : name, text]);
  return headers;
}

function takes(field, value) {
  if (typeof value !== "string") return false;
  return !field.options || [...field.options].some((option) => option.value === value);
}

// The browser checks each part here, as for every script, before anything is sent.
function read(api) {
  const { from, method, path, credentials, headers: lines, body } = fields();
  const url = URL.parse(path, api);
  if (url?.origin !== api) throw new Error("The path must lead to the API: start it with one slash.");
  const headers = readHeaders(lines);
  const init = {};
  if (method !== "GET") init.method = method;
  if (credentials !== DEFAULT_MODE) init.credentials = credentials;
  if ([...headers].length > 0) init.headers = Object.fromEntries(headers);
  if (body) init.body = body;

  const sent = check(url, init);
  const ignored = [...headers.keys()].filter((name) => !sent.headers.has(name));
  return { request: { id: "own", title: "Your request", from, path: url.pathname + url.search, init }, ignored };
}

function check(url, init) {
  try {
    return new Request(url, init);
  } catch (error) {
    throw new Error(`The browser does not send this: ${error.message.replace(/^Failed to construct 'Request': /, "")}`);
  }
}

function readHeaders(lines) {
  const headers = new Headers();
  for (const line of lines.split("\n").filter((each) => each.trim())) {
    const [, name, value] = line.match(/^([^:]*):(.*)$/) ?? [];
    try {
      // A line without a colon has no name, and the browser refuses an empty one.
      headers.append(name?.trim() ?? "", value?.trim() ?? "");
    } catch {
      throw new Error(`This is not a header: “${line}”. Write a name, a colon and a value.`);
    }
  }
  return headers;
}

function show(...nodes) {
  status.replaceChildren(...nodes);
}
