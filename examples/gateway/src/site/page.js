// Sends some requests to the API, and shows what this page may read. The page is the same in every place: behind the gateway,
// on another origin, and behind a development server.

// Without `?api=`, the API is at the page's own origin: the page needs no other address.
const api = new URL(new URLSearchParams(location.search).get("api") ?? location.origin).origin;

document.querySelector("#origins").textContent =
  api === location.origin
    ? `This page and the API have one origin, ${api}: the same-origin policy lets the page read everything, and CORS does not apply.`
    : `This page has the origin ${location.origin}, the API ${api}: the page can read what the API allows.`;

const json = { "content-type": "application/json" };
const prompt = JSON.stringify({ prompt: "hello" });

const cases = {
  models: ["a list that any page may read", (show) => fetched("/v1/models", {}, show)],
  chat: ["JSON sent, text streamed back", (show) => fetched("/v1/chat", { method: "POST", headers: json, body: prompt }, show)],
  doubled: ["the service sends the header twice", (show) => fetched("/v1/doubled", {}, show)],
  anyone: ["the service allows any origin, with credentials", (show) => fetched("/v1/anyone", { credentials: "include" }, show)],
  missing: ["an error status", (show) => fetched("/v1/missing", {}, show)],
  live: ["a WebSocket, to which CORS does not apply", echoed],
};

// Shows the answer's text as it arrives, and then its CORS header, which a page can see only on a same-origin answer.
async function fetched(path, init, show) {
  const response = await fetch(api + path, init);
  let text = "";
  const decoder = new TextDecoder();
  const said = () => `${response.status} ${text.replaceAll("data: ", "").replace(/\s+/g, " ")}`.trim();
  for await (const bytes of parts(response.body)) {
    text += decoder.decode(bytes, { stream: true });
    show(said());
  }
  const granted = response.headers.get("access-control-allow-origin");
  show(`${said()}${granted === null ? "" : ` (access-control-allow-origin: ${granted})`}`);
}

async function* parts(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function echoed(show) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${api.replace("http", "ws")}/v1/live`);
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => {
      show(`echoed: ${data}`);
      socket.close();
      resolve();
    };
    socket.onerror = () => reject(new Error("the connection was refused"));
  });
}

async function run([id, [what, ask]]) {
  const item = document.createElement("li");
  item.id = id;
  const said = document.createElement("code");
  said.className = "said";
  item.append(what, said);
  document.querySelector("#cases").append(item);
  // Every text that was shown: for a stream, many.
  const steps = [];
  item.steps = steps;
  const show = (text) => {
    steps.push(text);
    said.textContent = text;
  };
  try {
    await ask(show);
    item.dataset.outcome = "read";
  } catch (error) {
    show(`${error.name}: ${error.message}. The browser's console says why.`);
    item.dataset.outcome = "blocked";
  }
}

await Promise.all(Object.entries(cases).map(run));
const read = document.querySelectorAll("[data-outcome=read]").length;
document.querySelector("#summary").textContent = `The page read ${read} of ${Object.keys(cases).length} answers.`;
