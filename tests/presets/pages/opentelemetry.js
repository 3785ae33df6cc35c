import { context, propagation, trace } from "@opentelemetry/api";
import {
  CompositePropagator,
  TraceState,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { B3InjectEncoding, B3Propagator } from "@opentelemetry/propagator-b3";
import { facts } from "./facts.js";

const span = (traceState) => ({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: 1,
  traceState,
});
const baggage = propagation.createBaggage({ user: { value: "1" } });

/** What OpenTelemetry's instrumentations do: the propagator writes the context into the request's headers. */
const traced = (propagator, traceState) => async (base) => {
  const headers = {};
  const here = propagation.setBaggage(trace.setSpanContext(context.active(), span(traceState)), baggage);
  propagator.inject(here, headers, { set: (carrier, name, value) => (carrier[name] = value) });
  return (await fetch(`${base}/trace`, { headers })).text();
};

export const run = facts({
  w3c: traced(new W3CTraceContextPropagator()),
  w3c_state: traced(new W3CTraceContextPropagator(), new TraceState("vendor=1")),
  w3c_baggage: traced(new CompositePropagator({ propagators: [new W3CBaggagePropagator()] })),
  b3: traced(new B3Propagator()),
  b3_multi: traced(new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })),
});
