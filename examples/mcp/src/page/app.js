// Lists the tools and calls them.

import { request } from "./mcp.js";

const { server } = document.body.dataset;
const connect = document.querySelector("#connect");
const status = document.querySelector("#status");
const tools = document.querySelector("#tools");

// Opened at another name of this machine, the page has another origin.
if (location.hostname !== "localhost") location.hostname = "localhost";

connect.addEventListener("submit", async (event) => {
  event.preventDefault();
  tools.replaceChildren();
  status.textContent = "Sending…";
  try {
    const token = connect.elements.token.value;
    const listed = await request(server, token, "tools/list");
    status.textContent = `${listed.tools.length} tools`;
    tools.replaceChildren(...listed.tools.map((tool) => show(tool, token)));
  } catch (error) {
    status.textContent = explain(error);
  }
});

function show(tool, token) {
  const item = document.querySelector("#tool").content.cloneNode(true);
  item.querySelector("h2").textContent = tool.name;
  item.querySelector("p").textContent = tool.description;
  const form = item.querySelector("form");
  const answer = item.querySelector("ol");
  form.prepend(...Object.entries(tool.inputSchema.properties ?? {}).map(field));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const say = (text) => answer.append(Object.assign(document.createElement("li"), { textContent: text }));
    answer.replaceChildren();
    button.disabled = true;
    try {
      const params = { name: tool.name, arguments: Object.fromEntries(new FormData(form)) };
      const onProgress = ({ progress, total, message }) => say(`${progress} of ${total}: ${message}`);
      const result = await request(server, token, "tools/call", params, onProgress);
      for (const { text } of result.content) say(text);
    } catch (error) {
      say(explain(error));
    }
    button.disabled = false;
  });
  return item;
}

/** A choice if the schema lists the values, otherwise a line of text. */
function field([name, schema]) {
  const label = document.createElement("label");
  const input = document.createElement(schema.enum ? "select" : "input");
  input.name = name;
  for (const value of schema.enum ?? []) input.append(new Option(value));
  label.append(`${name} `, input);
  return label;
}

/** `fetch` says no more than "Failed to fetch", whatever the reason. */
function explain(error) {
  if (!(error instanceof TypeError)) return error.message;
  return "No answer that this page may read: the server is not running, or its policy does not allow this page. The browser's console says which.";
}
