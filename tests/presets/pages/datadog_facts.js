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
  return Object.fromEntries(formats.map((format) => [format, body]));
}
