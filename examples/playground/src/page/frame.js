// A stranger's page: makes the requests that the playground sends to it.

import { attempt } from "./attempt.js";

addEventListener("message", async ({ source, data, ports }) => {
  if (source !== parent) return;
  ports[0].postMessage(await attempt(data.url, data.init));
});
