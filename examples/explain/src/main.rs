//! Why does the browser say no? Explains, for a policy in a file, a page's request or one that was saved.
//!
//! `cargo run -p example-explain` shows an example, and how to call it.

mod arguments;
mod curl;
mod fetch;
mod page;
mod policies;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use arguments::{Arguments, Source};

/// The longest text that is read, in bytes: a policy, or a saved request.
const MAX_INPUT: u64 = 1 << 20;

const USAGE: &str = "\
usage: explain POLICY.toml --origin ORIGIN [--method METHOD] [--header NAME]... [--credentials] [--url URL]
       explain POLICY.toml --request FILE [--origin ORIGIN]

POLICY.toml is a policy: its fields, those of `[cors]`, or a list of `[[cors]]` of which the first that allows the origin decides.
FILE is what `curl -v` printed, or what a browser's developer tools copy as fetch; `-` is the standard input.

The exit code is 0 if the browser lets the page read the response, 1 if not, 2 if something else went wrong.
";

const SAMPLE_POLICY: &str = r#"
allow_origins = ["https://app.example.com", "https://*.preview.example.com"]
allow_methods = ["PUT"]
allow_headers = ["content-type"]
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1), &mut io::stdin(), &mut io::stdout()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("explain: {error}");
            ExitCode::from(2)
        }
    }
}

type Error = Box<dyn std::error::Error>;

/// Says whether the page may read the response.
pub(crate) async fn run(
    arguments: impl Iterator<Item = String>,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<bool, Error> {
    let Some(arguments) = Arguments::parse(arguments)? else {
        return show_example(output).await;
    };
    let policies = policies::parse(&read(&arguments.policy, input)?)?;
    match arguments.source {
        Source::Page(request) => page::explain(&policies, &request, output).await,
        Source::Saved { file, origin } => {
            let saved = read(&file, input)?;
            if fetch::is_call(&saved) {
                let mut request = fetch::parse(&saved)?;
                request.origin = origin.unwrap_or(request.origin);
                page::explain(&policies, &request, output).await
            } else {
                curl::explain(&policies, &saved, output).await
            }
        }
    }
}

async fn show_example(output: &mut impl Write) -> Result<bool, Error> {
    let policies = policies::parse(SAMPLE_POLICY)?;
    let request = page::Request {
        origin: "https://preview.example.com".to_owned(),
        headers: vec![("x-request-id".to_owned(), "1".to_owned())],
        ..page::Request::default()
    };
    writeln!(
        output,
        "the policy:\n{SAMPLE_POLICY}\na page at {} asks with a header x-request-id:\n",
        request.origin
    )?;
    page::explain(&policies, &request, output).await?;
    write!(output, "\n{USAGE}")?;
    Ok(true)
}

/// Reads a file, or the standard input for `-`, up to a limit.
fn read(path: &str, input: &mut impl Read) -> Result<String, Error> {
    let mut text = String::new();
    let read = if path == "-" {
        input.take(MAX_INPUT + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_INPUT + 1).read_to_string(&mut text))
    };
    read.map_err(|error| format!("{path:.200?}: {error}"))?;
    if text.len() as u64 > MAX_INPUT {
        Err(format!("{path:.200?} is longer than {MAX_INPUT} bytes").into())
    } else {
        Ok(text)
    }
}
