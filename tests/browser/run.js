// Runs in the page: the requests of every case, cases at the same time, the requests of a case one after the other.

async function runCases(cases) {
  const seen = {};
  const run = async ({ id, mark, steps }) => {
    seen[id] = [];
    for (const step of steps) {
      await new Promise((resolve) => setTimeout(resolve, step.wait * 1000));
      seen[id].push(await (step.upload_progress ? upload(step) : fetched(step)));
      await fetch(mark, { method: "POST", mode: "no-cors" });
    }
  };
  // First the cases that need a cached preflight: Firefox caches only a hundred in all.
  await Promise.all(cases.filter(({ steps }) => steps.length > 1).map(run));
  await Promise.all(cases.filter(({ steps }) => steps.length === 1).map(run));
  return seen;
}

async function fetched({ url, method, headers, credentials, redirect, body }) {
  try {
    const response = await fetch(url, { method, headers, credentials, redirect, body });
    await response.text();
    return { status: response.status, type: response.type, readable: [...response.headers.keys()] };
  } catch (error) {
    return { error: String(error) };
  }
}

// A listener to the progress of an upload needs a preflight, for any request.
function upload({ url, method, headers, credentials, body }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = credentials === "include";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = () => {};
    request.onerror = () => resolve({ error: "error event" });
    request.onload = () => {
      const lines = request.getAllResponseHeaders().trim().split("\r\n");
      // An XMLHttpRequest does not show the type of its response. All requests with a listener here go to other
      // origins.
      resolve({ status: request.status, type: "cors", readable: lines.map((line) => line.split(":")[0]) });
    };
    request.send(body);
  });
}
