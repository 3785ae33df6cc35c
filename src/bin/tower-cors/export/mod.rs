//! `tower-cors export`: the same policy in what stands in front of the service.
//!
//! A target is one file: what it cannot express, and how it expresses the rest. The policy that it gets has only the rest.

mod aws;
mod caddy;
mod envoy;
mod feature;
mod gateway_api;
mod haproxy;
mod head;
mod json;
mod losses;
mod nginx;
mod origin;
mod place;
mod policy;
mod requested;
mod target;
#[cfg(test)]
mod tests;
mod yaml;

use std::io::{self, Write};

use clap::Args;

use self::head::Head;
use self::losses::{Losses, losses};
use self::place::{Listen, Name, Upstream};
use self::policy::Policy;
use self::target::Target;
use super::answer::{Answer, Failure};
use super::policy_file::PolicyFile;

/// Write a policy as the configuration of a proxy or gateway.
///
/// The configuration does the same as the layer with this policy: it answers preflights, and adds the CORS headers to every other response.
/// If the target cannot express all of the policy, nothing is written, and each loss is reported.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The policy's file, or `-` for the standard input
    policy: String,
    /// The proxy or gateway that the configuration is for
    #[arg(long, value_name = "TARGET")]
    to: Target,
    /// Write it without the parts that the target cannot express. It then allows less, never more
    #[arg(long)]
    accept_losses: bool,
    #[command(flatten)]
    place: Place,
    /// Write one JSON document
    ///
    /// It has `target`, `digest` (of the policy in the file), `losses`, `policy` (as exported, without the losses)
    /// and `configuration`, both `null` if nothing is exported. A loss has `feature`, `values`, `reason`, and `fate`: `less` or `cannot`.
    #[arg(long)]
    json: bool,
}

/// Where the configuration stands, and in front of what. Not every target asks for each of them.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
struct Place {
    /// The address of the service behind the proxy
    #[arg(long, value_name = "HOST:PORT", default_value = Upstream::DEFAULT)]
    upstream: Upstream,
    /// The address at which the proxy listens
    #[arg(long, value_name = "[HOST:]PORT", default_value = Listen::DEFAULT)]
    listen: Listen,
    /// The prefix of all names in the configuration: give each policy of a proxy its own
    #[arg(long, value_name = "NAME", default_value = Name::DEFAULT)]
    name: Name,
}

const EXAMPLES: &str = "\
Examples:
  tower-cors export cors.toml --to nginx > /etc/nginx/conf.d/cors.conf
  tower-cors export cors.toml --to caddy --upstream 127.0.0.1:3000
  tower-cors export cors.toml --to haproxy --listen 8080 --accept-losses
  tower-cors export cors.toml --to gateway-api --upstream api:80 > route.yaml
  tower-cors export cors.toml --to aws-http-api > cors.json
  tower-cors export cors.toml --to nginx | diff - /etc/nginx/conf.d/cors.conf

Exit status: 0 if the configuration was written, 1 if the target cannot say
all of the policy, 2 if the policy cannot be read.";

/// A policy that was exported, or why it was not.
struct Exported {
    target: Target,
    digest: String,
    losses: Losses,
    /// Whether a valid policy is left without the losses.
    is_acceptable: bool,
    /// The exported policy and its configuration. `None` if there are losses that were not accepted.
    said: Option<(Policy, String)>,
}

pub(crate) fn run(arguments: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    let Arguments { policy: name, to: target, accept_losses, place, json } = arguments;
    let file = PolicyFile::read(&name)?;
    let [policy] = file.policies.as_slice() else {
        let count = file.policies.len();
        return Err(Failure::new(format!(
            "{name:.200?}: has {count} policies, and a configuration can have only one. Put each into a file of its own, and export it \
             with its own --name"
        )));
    };
    let exported = export(&name, &Policy::of(policy)?, target, accept_losses, &place);
    let answer = Answer::from(exported.said.is_some());
    if json {
        json::write(&exported, output)?;
    } else if let Some((_, configuration)) = &exported.said {
        output.write_all(configuration.as_bytes())?;
    }
    if answer == Answer::No && !json {
        tell(&exported)?;
    }
    Ok(answer)
}

fn export(file: &str, policy: &Policy, target: Target, accept_losses: bool, place: &Place) -> Exported {
    let digest = policy.digest();
    let losses = losses(policy, |feature| target.fate(feature));
    let left = losses.left_of(policy);
    let is_acceptable = left.is_some();
    let said = left.filter(|_| losses.is_empty() || accept_losses).map(|policy| {
        let head = Head {
            target: &target.name(),
            title: target.title(),
            service: target.service(),
            file,
            digest: &digest,
            losses: &losses,
            place,
            accept_losses,
        };
        let configuration = target.configuration(&policy, place, &head);
        (policy, configuration)
    });
    Exported { target, digest, losses, is_acceptable, said }
}

/// Nothing was written: why.
fn tell(exported: &Exported) -> io::Result<()> {
    let mut errors = anstream::stderr().lock();
    exported.losses.tell(exported.target.title(), exported.is_acceptable, &mut errors)
}
