// The pages of other origins: frames that make requests and send back what they saw.

let stranger;
let sandbox;

export async function openFrames(url) {
  [stranger, sandbox] = await Promise.all([open(url), open(url, "allow-scripts")]);
}

export function attemptAsStranger(url, init) {
  return ask(stranger, url, init);
}

export function attemptInSandbox(url, init) {
  return ask(sandbox, url, init);
}

// Without `allow-same-origin`, a sandboxed frame has an origin of its own that is sent as `null`.
function open(url, sandbox) {
  const frame = document.createElement("iframe");
  if (sandbox) frame.sandbox = sandbox;
  frame.src = url;
  const loaded = new Promise((resolve) => frame.addEventListener("load", () => resolve(frame), { once: true }));
  document.querySelector("#frames").append(frame);
  return loaded;
}

function ask(frame, url, init) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  // Any target: a sandboxed frame has no origin to name.
  frame.contentWindow.postMessage({ url, init }, "*", [port2]);
  return answer;
}
