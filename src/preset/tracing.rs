//! Headers of distributed traces.

use super::preset;

preset! {
    /// The headers that tracing tools add to a page's requests: OpenTelemetry (W3C Trace Context, Baggage and B3), Sentry and Datadog.
    ///
    /// If one of the tool's headers is not allowed, every request that it traces fails, which may be all that the page sends.
    TRACING = "tracing", tested with [
        "@sentry/browser 11.12.0",
        "@sentry/browser 10.78.0",
        "@datadog/browser-rum 7.16.2",
        "@datadog/browser-rum 6.33.0",
        "@opentelemetry/core 3.1.0",
    ];
    allow_headers {
        "b3": "requests that OpenTelemetry or Datadog trace by B3 in one header fail", "https://github.com/openzipkin/b3-propagation#single-header";
        "baggage": "requests that Sentry or Datadog 7.x traces fail, and those of OpenTelemetry with its baggage", "https://www.w3.org/TR/baggage/";
        "sentry-trace": "requests that Sentry traces fail", "https://unpkg.com/@sentry/browser@11.12.0/build/npm/esm/prod/tracing/request.js";
        "traceparent": "requests that are traced by W3C Trace Context fail", "https://www.w3.org/TR/trace-context/";
        "tracestate": "requests that are traced by W3C Trace Context with a vendor's state fail", "https://www.w3.org/TR/trace-context/";
        "x-b3-sampled": "requests that OpenTelemetry or Datadog trace by B3 in several headers fail", "https://github.com/openzipkin/b3-propagation#multiple-headers";
        "x-b3-spanid": "requests that OpenTelemetry or Datadog trace by B3 in several headers fail", "https://github.com/openzipkin/b3-propagation#multiple-headers";
        "x-b3-traceid": "requests that OpenTelemetry or Datadog trace by B3 in several headers fail", "https://github.com/openzipkin/b3-propagation#multiple-headers";
        "x-datadog-origin": "requests that Datadog traces by its own headers fail", "https://unpkg.com/@datadog/browser-rum-core@7.16.2/esm/domain/tracing/tracer.mjs";
        "x-datadog-parent-id": "requests that Datadog traces by its own headers fail", "https://unpkg.com/@datadog/browser-rum-core@7.16.2/esm/domain/tracing/tracer.mjs";
        "x-datadog-sampling-priority": "requests that Datadog traces by its own headers fail", "https://unpkg.com/@datadog/browser-rum-core@7.16.2/esm/domain/tracing/tracer.mjs";
        "x-datadog-trace-id": "requests that Datadog traces by its own headers fail", "https://unpkg.com/@datadog/browser-rum-core@7.16.2/esm/domain/tracing/tracer.mjs";
    }
}
