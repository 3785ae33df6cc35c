//! How the layer behaves in front of real services: one file per topic.

mod actual;
mod axum_tcp;
mod cases;
mod config;
mod denials;
mod errors;
mod events;
mod explain;
mod first_match;
mod hostile;
mod hyper_tcp;
mod intent;
mod layer;
mod methods_and_headers;
mod migrating;
mod net;
mod per_request;
mod per_request_async;
mod placement;
mod predicates;
mod preflight;
mod properties;
mod reject;
mod support;
mod tonic_tcp;
mod vary;
