//! `tower-cors explain`: why does the browser say no?

mod judge;
mod patch;

use std::io::Write;

use clap::Args;
use tower_cors::browser::Credentials;

use self::judge::judge;
use super::answer::{Answer, Failure};
use super::policy_file::PolicyFile;
use super::question::Question;
use super::saved::{self, Asked};

/// Says whether a page may read a response, and if not, why not and what to change.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The policy's file, or `-`.
    policy: String,
    /// The page's origin: `https://app.example.com`.
    #[arg(long)]
    origin: Option<String>,
    #[arg(long, default_value = "GET")]
    method: String,
    #[arg(long, default_value = "/")]
    url: String,
    /// A header that the page sets: its name, or `name: value`.
    #[arg(long = "header")]
    headers: Vec<String>,
    /// The request is sent with `credentials: "include"`.
    #[arg(long)]
    credentials: bool,
    /// A request that was saved as text, or `-`.
    #[arg(long)]
    request: Option<String>,
    #[command(flatten)]
    patch: patch::Flags,
}

pub(crate) fn run(arguments: Arguments, output: &mut impl Write) -> Result<Answer, Failure> {
    let file = PolicyFile::read(&arguments.policy)?;
    if let Some(name) = &arguments.request {
        let mut answer = Answer::Yes;
        for saved in saved::parse(&super::input::read(name)?)? {
            if let Asked::Preflight(request) = saved.asked {
                let explanation = tower_cors::Explanation::by_first_match(&file.policies, &request);
                writeln!(output, "{explanation}")?;
                answer = answer.and(explanation.denial().is_none().into());
            }
        }
        return Ok(answer);
    }
    let question = Question {
        page: arguments.origin.ok_or_else(|| Failure::new("give the page's origin with `--origin`"))?,
        method: arguments.method,
        url: arguments.url,
        headers: arguments.headers.iter().map(|header| split(header)).collect(),
        credentials: if arguments.credentials { Credentials::Include } else { Credentials::SameOrigin },
    };
    if arguments.patch.ask() {
        return arguments.patch.answer(&file, &[question], output);
    }
    let judged = judge(&file, &question)?;
    for exchange in &judged.exchanges {
        writeln!(output, "{} {}\n{}", exchange.sent.method(), exchange.sent.uri(), exchange.explanation)?;
    }
    Ok(judged.is_read().into())
}

fn split(header: &str) -> (String, String) {
    let (name, value) = header.split_once(':').unwrap_or((header, "value"));
    (name.trim().to_owned(), value.trim().to_owned())
}
