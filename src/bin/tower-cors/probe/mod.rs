//! `tower-cors probe`: the model of a browser against a live server.

mod ask;
mod client;
mod finding;
mod json;
mod look_alike;
mod questions;
mod report;
mod survey;
mod target;
mod visit;

use std::io::Write;
use std::time::Duration;

use clap::Args;

use self::client::Client;
use self::questions::Outcome;
use self::survey::Survey;
use self::target::{Mode, Target};
use self::visit::Visit;
use super::answer::{Answer, Failure};
use super::question::{self, Question};

/// Test the CORS of a live server: what it lets pages do, and its security holes.
///
/// With `--origin`, the page's request is sent first, as a browser sends it, with its preflight and its redirects. Then come
/// questions: is an unknown origin allowed, or `null`, or one that looks like the page's? Is `Vary` right? Can a page read
/// errors? They use only `GET` or `HEAD`, `OPTIONS` and preflights, and are sent one after another. The first line says
/// how many there are at most.
///
/// The server sees `User-Agent: tower-cors/VERSION`. The program speaks HTTP/1.1, uses no proxy, and reads no bodies.
/// It follows no redirect into a private network, unless the URL is in one.
///
/// Probe only servers that you may test.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The URL that the page requests: `https://api.example.com/v1/items`
    url: String,
    /// The page's origin: `https://app.example.com`. Without it, only questions about strangers are asked
    #[arg(long)]
    origin: Option<String>,
    /// The page's method. It is sent, once, with an empty body: `DELETE` deletes
    #[arg(long, default_value = "GET")]
    method: String,
    /// A header that the page sets. Questions send it too
    #[arg(long = "header", value_name = "NAME[: VALUE]")]
    headers: Vec<String>,
    /// The page's credentials mode: `include` if MODE is left out
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_value = "omit", default_missing_value = "include")]
    credentials: Mode,
    /// A cookie for the server, sent with `--credentials`
    #[arg(long = "cookie", value_name = "NAME=VALUE")]
    cookies: Vec<String>,
    /// The time limit for each request. The limit for all is ten times as long
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
    /// Accept any certificate, for your own server. An attacker in the network could then read the requests
    #[arg(long)]
    insecure: bool,
    /// Write one JSON document
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  tower-cors probe https://api.example.com/v1/items
  tower-cors probe https://api.example.com/v1/items \\
      --origin https://app.example.com --method PUT \\
      --header 'content-type: application/json' --credentials
  tower-cors probe http://localhost:3000/ --origin http://localhost:5173 --json

Exit status: 0 if all is well, 1 if the page cannot read the response or
something was found, 2 if the server could not be asked.

The JSON document has `url`, `origin`, `requests`, `requests_at_most`, `page`
(`can_read`, `blocked`, `exchanges`), and `questions`: each has `question`,
`outcome` (`ok`, `finding`, `skipped`, `no answer`), `text`, and for a finding
`finding` (`kind`, `severity`, `why`, `fix`, `exchange`).";

pub(crate) fn run(arguments: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    if !arguments.cookies.is_empty() && arguments.credentials == Mode::Omit {
        return Err(Failure::new("`--cookie` has no effect without `--credentials`"));
    }
    let question = Question {
        page: arguments.origin.clone().unwrap_or_else(ask::stranger),
        method: arguments.method,
        url: arguments.url,
        headers: arguments.headers.iter().map(|flag| question::header(flag)).collect(),
        credentials: arguments.credentials.into(),
        preflighted: false,
    };
    let target = Target::new(question, arguments.cookies, arguments.origin.is_some())?;
    let plan = ask::plan(&target);
    // The origin's page is visited even if it is the server's own.
    let at_most = plan.len() + if arguments.origin.is_some() { Visit::at_most(&target) } else { 0 };
    if !arguments.json {
        report::start(output, &target, at_most)?;
        output.flush()?;
    }

    let mut client = Client::new(Duration::from_secs(arguments.timeout), arguments.insecure);
    let visit = match &arguments.origin {
        None => None,
        Some(page) => {
            let visit = Visit::pay(&mut client, &target, page).map_err(Failure::new)?;
            let page = target.page.as_deref().unwrap_or(page);
            if !arguments.json {
                report::visit(output, &target, page, &visit)?;
                output.flush()?;
            }
            Some((page, visit))
        }
    };
    let survey = Survey::take(&mut client, &target, &plan).map_err(Failure::new)?;
    let rows = questions::judge(&survey);
    let visit = visit.as_ref().map(|(page, visit)| (*page, visit));
    if arguments.json {
        json::write(output, &target, at_most, &client, visit, &rows)?;
    } else {
        report::questions(output, &survey, &rows)?;
    }

    let can_read = visit.is_none_or(|(_, visit)| visit.blocked.is_none());
    let is_well = can_read && !rows.iter().any(|row| matches!(row.outcome, Outcome::Found(_)));
    match survey.unanswered.first() {
        Some((_, why)) if is_well => Err(Failure::new(why)),
        _ => Ok(is_well.into()),
    }
}
