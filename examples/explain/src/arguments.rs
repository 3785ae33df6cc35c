//! What was asked on the command line.

use super::Error;
use super::page::Request;

pub(crate) struct Arguments {
    pub(crate) policy: String,
    pub(crate) source: Source,
}

pub(crate) enum Source {
    /// A request in the words of a page.
    Page(Request),
    Saved {
        file: String,
        origin: Option<String>,
    },
}

impl Arguments {
    /// `None` where nothing was asked.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, Error> {
        let mut arguments = arguments.peekable();
        if arguments.peek().is_none() {
            return Ok(None);
        }
        let (mut policy, mut saved, mut origin) = (None, None, None);
        let mut request = Request::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--origin" => origin = Some(value()?),
                "--method" => request.method = value()?,
                "--header" => request.headers.push((value()?, "value".to_owned())),
                "--url" => request.url = value()?,
                "--request" => saved = Some(value()?),
                "--credentials" => request.credentials = true,
                _ if argument.starts_with("--") || policy.is_some() => {
                    return Err(format!("{argument:.200?} is not understood\n\n{}", super::USAGE).into());
                }
                _ => policy = Some(argument),
            }
        }
        let policy = policy.ok_or("no policy is given")?;
        let source = match (saved, origin) {
            (Some(file), origin) => Source::Saved { file, origin },
            (None, Some(origin)) => Source::Page(Request { origin, ..request }),
            (None, None) => return Err("either --origin or --request is needed".into()),
        };
        Ok(Some(Self { policy, source }))
    }
}
