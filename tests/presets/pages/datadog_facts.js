import { body } from "./traced.js";

const formats = ["datadog", "tracecontext", "b3", "b3multi"];

export function datadog(datadogRum) {
  datadogRum.init({
    applicationId: "page",
    clientToken: "page",
    service: "page",
    proxy: `${location.origin}/nowhere`,
    sessionSampleRate: 100,
    traceSampleRate: 100,
    allowedTracingUrls: formats.map((format) => ({
      match: (url) => url.endsWith(`/${format}/trace`),
      propagatorTypes: [format],
    })),
  });
  // Requests before the start of the session are not traced.
  const traced = async (base) => {
    while (!datadogRum.getInternalContext()) await new Promise((resolve) => setTimeout(resolve, 20));
    return body(base);
  };
  return Object.fromEntries(formats.map((format) => [format, traced]));
}
