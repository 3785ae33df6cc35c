//! What a policy can be exported to. A new target is a file beside this one, and a line in each of these.

use clap::ValueEnum;

use super::feature::Feature;
use super::head::Head;
use super::losses::Fate;
use super::policy::Policy;
use super::{Place, aws, caddy, envoy, gateway_api, haproxy, head, nginx};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Target {
    /// nginx: a file for its `http` context
    Nginx,
    /// Caddy 2.6 or newer: a Caddyfile
    Caddy,
    /// `HAProxy` 2.4 or newer: a frontend and a backend
    Haproxy,
    /// Envoy: a bootstrap file with a listener, its routes and filters
    Envoy,
    /// The Kubernetes Gateway API 1.5 or newer: an `HTTPRoute` with its filter for CORS
    GatewayApi,
    /// An HTTP API of Amazon API Gateway: its `CorsConfiguration` in JSON, for the command line
    AwsHttpApi,
    /// The same in a template of `CloudFormation`, or of SAM
    Cloudformation,
}

impl Target {
    /// In the order of the table in `docs::export`.
    #[cfg(test)]
    pub(super) const ALL: [Self; 7] = [
        Self::Nginx,
        Self::Caddy,
        Self::Haproxy,
        Self::Envoy,
        Self::GatewayApi,
        Self::AwsHttpApi,
        Self::Cloudformation,
    ];

    /// Its name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Its own name, in sentences and in the table of `docs::export`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Nginx => nginx::TITLE,
            Self::Caddy => caddy::TITLE,
            Self::Haproxy => haproxy::TITLE,
            Self::Envoy => envoy::TITLE,
            Self::GatewayApi => gateway_api::TITLE,
            Self::AwsHttpApi => aws::TITLE,
            Self::Cloudformation => aws::TITLE_OF_TEMPLATE,
        }
    }

    /// What to do with the layer in the service.
    pub(super) fn service(self) -> &'static str {
        match self {
            Self::Nginx | Self::Caddy | Self::Haproxy | Self::Envoy => head::SERVICE_BEHIND_A_PROXY,
            Self::GatewayApi => gateway_api::SERVICE,
            Self::AwsHttpApi | Self::Cloudformation => aws::SERVICE,
        }
    }

    /// What becomes of a feature. `None`: the target says the same.
    pub(super) fn fate(self, feature: Feature) -> Option<Fate> {
        match self {
            Self::Nginx => nginx::fate(feature),
            Self::Caddy => caddy::fate(feature),
            Self::Haproxy => haproxy::fate(feature),
            Self::Envoy => envoy::fate(feature),
            Self::GatewayApi => gateway_api::fate(feature),
            Self::AwsHttpApi | Self::Cloudformation => aws::fate(feature),
        }
    }

    /// `policy` has none of the features that the target cannot say.
    pub(super) fn configuration(self, policy: &Policy, place: &Place, head: &Head<'_>) -> String {
        match self {
            Self::Nginx => nginx::configuration(policy, place, head),
            Self::Caddy => caddy::configuration(policy, place, head),
            Self::Haproxy => haproxy::configuration(policy, place, head),
            Self::Envoy => envoy::configuration(policy, place, head),
            Self::GatewayApi => gateway_api::configuration(policy, place, head),
            Self::AwsHttpApi => aws::configuration(policy),
            Self::Cloudformation => aws::template(policy, place, head),
        }
    }
}
