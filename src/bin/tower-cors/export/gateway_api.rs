//! The Kubernetes Gateway API: an `HTTPRoute` with the filter for CORS, which is standard since version 1.5.
//!
//! Only what its specification says of every gateway is relied on, and gateways do differ where it is silent.

use std::fmt::Write as _;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::Fate;
use super::policy::Policy;
use super::yaml::{list, text};

pub(super) const TITLE: &str = "the Gateway API";

/// How the layer stands back.
pub(super) const SERVICE: &str = "The gateway answers preflights. Nothing says what becomes of the service's own Access-Control-Allow-Origin, \
so that the service must not have any: take the layer out of it, and let nobody reach it past the gateway. CORS is an extended feature, \
which a gateway need not have: look at the route's status.";

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::AnyPort => Some(Fate::Less("An origin of the filter has one port. Name each")),
        Feature::AnyExtension | Feature::AppScheme | Feature::NullOrigin => {
            Some(Fate::Less("The filter knows origins of the schemes http and https alone"))
        }
        Feature::OtherHost => Some(Fate::Less(
            "A host of the filter has letters, digits and `-` alone, with a dot between labels",
        )),
        Feature::LongOrigin => Some(Fate::Less("The filter takes origins of up to 253 bytes")),
        Feature::OtherMethod | Feature::MethodOfOtherBytes => {
            Some(Fate::Less("The filter takes the methods of RFC 9110 and PATCH alone"))
        }
        Feature::AnyHeader | Feature::AnyHeaderWithCredentials => Some(Fate::Less(
            "A gateway may echo whatever headers are asked for, `authorization` among them, which `*` does not mean here. Name those that pages send in allow_headers",
        )),
        Feature::OriginRegex => Some(Fate::Less("The filter takes no regular expression. Name each origin")),
        Feature::HeaderPrefix => {
            Some(Fate::Less("The filter takes whole names. Name those that pages send in allow_headers"))
        }
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "The filter cannot list the headers of a response. Name those that pages need in expose_headers; without it, they read only the safelisted ones",
        )),
        Feature::MaxAgeOfZero => Some(Fate::Cannot(
            "The filter's shortest is one second, and five without it, so that a browser would keep what it must ask for each time",
        )),
        Feature::PreflightStatus => Some(Fate::Less("Each gateway has its own: 200 or 204")),
        Feature::RejectDisallowedOrigins => {
            Some(Fate::Cannot("The filter rejects no request. Let the layer in the service reject"))
        }
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service look at the `Host`, and reject"))
        }
        Feature::ManyEntries => Some(Fate::Less("The filter takes up to 64 entries of each list")),
        Feature::Subdomains
        | Feature::AnyOrigin
        | Feature::Credentials
        | Feature::AnyMethodWithCredentials
        | Feature::VaryBy => None,
    }
}

pub(super) fn configuration(policy: &Policy, place: &Place, head: &Head<'_>) -> String {
    let Place { upstream, name, .. } = place;
    let (host, port) = upstream.parts();
    let name = name.to_string().replace('_', "-");
    let name = name.trim_end_matches('-');
    // An address is no Service.
    let service = if is_label(host) { host.to_owned() } else { format!("{name}-service") };
    let mut text_of = head.to_string();
    // A `String` takes all that is written.
    let _ = write!(
        text_of,
        "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {name}
spec:
  parentRefs:
  # Your gateway.
  - name: {name}-gateway
  rules:
  - filters:
    - type: CORS
      cors:
"
    );
    let methods = if policy.allows_any_method() {
        vec!["*".to_owned()]
    } else {
        // Without any, a gateway may have methods of its own.
        policy.methods().split(',').map(str::to_owned).collect()
    };
    let origins: &[String] =
        if policy.allows_any_origin() { &["*".to_owned()] } else { &policy.allow_origins };
    for (field, entries) in [
        ("allowOrigins", origins),
        ("allowMethods", &methods),
        ("allowHeaders", &policy.allow_headers),
        ("exposeHeaders", &policy.expose_headers),
    ] {
        text_of.push_str(&list(8, field, entries));
    }
    if policy.allow_credentials {
        text_of.push_str("        allowCredentials: true\n");
    }
    if let Some(seconds) = policy.max_age {
        let _ = writeln!(text_of, "        maxAge: {seconds}");
    }
    let vary = policy.vary();
    if !vary.is_empty() {
        let _ = write!(
            text_of,
            "    # What caches are told. No cache keeps the answer to OPTIONS.
    - type: ResponseHeaderModifier
      responseHeaderModifier:
        add:
        - name: vary
          value: {}
",
            text(&vary)
        );
    }
    let _ = write!(
        text_of,
        "    backendRefs:
    # A Service in the namespace of the route.
    - name: {}
      port: {port}
",
        text(&service)
    );
    text_of
}

/// Whether a Service can have this name: RFC 1035, a label.
fn is_label(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
