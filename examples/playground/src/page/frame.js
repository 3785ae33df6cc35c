// Somebody else's page: makes the requests that the playground hands to it.

import { attempt } from "./attempt.js";

addEventListener("message", async ({ source, data, ports }) => {
  if (source !== parent) return;
  ports[0].postMessage(await attempt(data.url, data.init));
});
