//! The Kubernetes Gateway API: an `HTTPRoute` with the filter for CORS, which is standard since version 1.5.
//!
//! The export relies only on what the specification requires of every gateway; gateways differ in the rest.

use std::fmt::Write as _;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::Fate;
use super::policy::Policy;
use super::yaml::{list, text};

pub(super) const TITLE: &str = "the Gateway API";

/// What to do with the layer in the service.
pub(super) const SERVICE: &str = "The gateway answers preflights. The specification does not say what happens to the service's own \
Access-Control-Allow-Origin, \
so the service must not send one: remove the CORS layer from it, and make sure that nobody can reach it past the gateway. CORS is an \
extended feature, which a gateway need not support: check the route's status.";

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::AnyPort => Some(Fate::Less("An origin of the filter has one port. List each port")),
        Feature::AnyExtension | Feature::AppScheme | Feature::NullOrigin => {
            Some(Fate::Less("The filter supports only origins of http and https"))
        }
        Feature::OtherHost => Some(Fate::Less(
            "A host of the filter has only letters, digits and `-`, with a dot between labels",
        )),
        Feature::LongOrigin => Some(Fate::Less("The filter accepts origins of up to 253 bytes")),
        Feature::OtherMethod | Feature::MethodOfOtherBytes => {
            Some(Fate::Less("The filter accepts only the methods of RFC 9110 and PATCH"))
        }
        Feature::AnyHeader | Feature::AnyHeaderWithCredentials => Some(Fate::Less(
            "A gateway may echo any requested header, even `authorization`, which `*` does not cover in the policy. List the headers that \
             pages send in allow_headers",
        )),
        Feature::OriginRegex => {
            Some(Fate::Less("The filter does not support regular expressions. List each origin"))
        }
        Feature::HeaderPrefix => Some(Fate::Less(
            "The filter accepts whole names only. List the headers that pages send in allow_headers",
        )),
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "The filter cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read \
             only the safelisted ones",
        )),
        Feature::MaxAgeOfZero => Some(Fate::Cannot(
            "The filter's shortest max-age is 1 s, and 5 s without one, so browsers would cache answers that this policy does not let them cache",
        )),
        Feature::PreflightStatus => Some(Fate::Less("Each gateway sets its own status: 200 or 204")),
        Feature::RejectDisallowedOrigins => Some(Fate::Cannot(
            "The filter does not reject requests. Let the layer in the service reject them",
        )),
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service check the `Host` and reject requests"))
        }
        Feature::ManyEntries => Some(Fate::Less("The filter accepts up to 64 entries in each list")),
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
        // Without a list, a gateway may add methods of its own.
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
            "    # Vary, for caches. No cache keeps the answer to OPTIONS.
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
