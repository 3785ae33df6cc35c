//! AWS HTTP APIs, of Amazon API Gateway: the configuration of an API, in JSON and in a template of `CloudFormation`.
//!
//! The export relies only on what the documentation says.

use std::fmt::Write as _;

use serde::Serialize;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::Fate;
use super::policy::Policy;
use super::yaml::list;

pub(super) const TITLE: &str = "AWS HTTP APIs";

pub(super) const TITLE_OF_TEMPLATE: &str = "CloudFormation";

/// What to do with the layer in the service.
pub(super) const SERVICE: &str = "The API answers preflights, and ignores the service's own CORS headers: a CORS layer in the service does no harm, \
and is not needed. But make sure that nobody can reach the service past the API. The documentation does not say that the API sends Vary: \
Origin: if a cache is in front of it, put Origin into the cache key.";

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::Subdomains => Some(Fate::Less(
            "An HTTP API accepts whole origins, or all of a scheme (`https://*`), which allows more. List each origin",
        )),
        Feature::AnyPort => Some(Fate::Less("An HTTP API accepts whole origins only. List each port")),
        Feature::AnyExtension | Feature::AppScheme | Feature::NullOrigin => {
            Some(Fate::Less("The documentation of HTTP APIs covers only origins of http and https"))
        }
        Feature::OtherHost => Some(Fate::Less("The documentation of HTTP APIs does not cover such a host")),
        Feature::OtherMethod | Feature::MethodOfOtherBytes => Some(Fate::Less(
            "An HTTP API has routes only for DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT",
        )),
        Feature::AnyMethodWithCredentials => Some(Fate::Less(
            "With credentials, a browser reads `*` as a method of that name. List the methods that pages use in allow_methods",
        )),
        Feature::AnyHeader | Feature::AnyHeaderWithCredentials => Some(Fate::Less(
            "The documentation does not say whether `*` covers `authorization`; in the policy, it does not. List the headers that pages \
             send in allow_headers",
        )),
        Feature::OriginRegex => {
            Some(Fate::Less("An HTTP API does not support regular expressions. List each origin"))
        }
        Feature::HeaderPrefix => Some(Fate::Less(
            "An HTTP API accepts whole names only. List the headers that pages send in allow_headers",
        )),
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "An HTTP API cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read \
             only the safelisted ones",
        )),
        Feature::PreflightStatus => Some(Fate::Less("An HTTP API sets this status itself")),
        Feature::VaryBy => Some(Fate::Cannot(
            "An HTTP API cannot add names to `Vary`, so a cache could give a response to the wrong client. Send these names in `Vary` \
             from the service",
        )),
        Feature::RejectDisallowedOrigins => Some(Fate::Cannot(
            "An HTTP API does not reject requests by origin. Let the layer in the service reject them",
        )),
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service check the `Host` and reject requests"))
        }
        Feature::LongOrigin
        | Feature::AnyOrigin
        | Feature::Credentials
        | Feature::MaxAgeOfZero
        | Feature::ManyEntries => None,
    }
}

/// In the words of the API, of its command line, of `CloudFormation` and of SAM.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Cors {
    allow_origins: Vec<String>,
    allow_methods: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow_headers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expose_headers: Vec<String>,
    allow_credentials: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
}

impl Cors {
    fn of(policy: &Policy) -> Self {
        let any = || vec!["*".to_owned()];
        Self {
            allow_origins: if policy.allows_any_origin() { any() } else { policy.allow_origins.clone() },
            allow_methods: policy.methods().split(',').map(str::to_owned).collect(),
            allow_headers: policy.allow_headers.clone(),
            expose_headers: policy.expose_headers.clone(),
            allow_credentials: policy.allow_credentials,
            max_age: policy.max_age,
        }
    }
}

/// JSON has no comments: what is lost, and the digest, are in the document of `--json`.
pub(super) fn configuration(policy: &Policy) -> String {
    // Nothing in it can fail to be written.
    serde_json::to_string_pretty(&Cors::of(policy)).unwrap_or_default() + "\n"
}

pub(super) fn template(policy: &Policy, place: &Place, head: &Head<'_>) -> String {
    let Cors { allow_origins, allow_methods, allow_headers, expose_headers, allow_credentials, max_age } =
        Cors::of(policy);
    let Place { name, .. } = place;
    let mut text = head.to_string();
    // A `String` takes all that is written.
    let _ = write!(
        text,
        "
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  # Add your own routes and integrations. SAM's AWS::Serverless::HttpApi takes the same CorsConfiguration.
  HttpApi:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: {name}
      ProtocolType: HTTP
      CorsConfiguration:
        AllowCredentials: {allow_credentials}
"
    );
    for (field, entries) in [
        ("AllowOrigins", &allow_origins),
        ("AllowMethods", &allow_methods),
        ("AllowHeaders", &allow_headers),
        ("ExposeHeaders", &expose_headers),
    ] {
        text.push_str(&list(8, field, entries));
    }
    if let Some(seconds) = max_age {
        let _ = writeln!(text, "        MaxAge: {seconds}");
    }
    text
}
