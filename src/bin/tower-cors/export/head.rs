//! The comment at the start of a configuration: its source, and what happens to the service's own headers.

use std::fmt::{self, Write as _};

use super::Place;
use super::losses::Losses;
use super::place::{Listen, Name, Upstream};
use crate::paragraph::wrapped;
use crate::shown::shown;

pub(super) struct Head<'h> {
    /// The proxy or gateway that the configuration is for: its name on the command line, and in sentences.
    pub(super) target: &'h str,
    pub(super) title: &'h str,
    /// What to do with the layer in the service.
    pub(super) service: &'h str,
    /// The policy's, as it was given.
    pub(super) file: &'h str,
    pub(super) digest: &'h str,
    pub(super) losses: &'h Losses,
    pub(super) place: &'h Place,
    pub(super) accept_losses: bool,
}

/// What begins a line of a comment, in each of them.
const COMMENT: &str = "#";

/// The longest line.
const WIDTH: usize = 100;

impl Head<'_> {
    /// The command that writes the same again.
    fn command(&self) -> String {
        let target = self.target;
        let mut command = format!("tower-cors export {} --to {target}", shown(self.file));
        let Place { upstream, listen, name } = self.place;
        let flags = [
            ("upstream", upstream.to_string(), Upstream::DEFAULT),
            ("listen", listen.to_string(), Listen::DEFAULT),
            ("name", name.to_string(), Name::DEFAULT),
        ];
        for (flag, value, default) in flags {
            if value != default {
                let _ = write!(command, " --{flag} {value}");
            }
        }
        if self.accept_losses {
            command.push_str(" --accept-losses");
        }
        command
    }
}

impl fmt::Display for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (comment, title) = (COMMENT, self.title);
        let made = concat!("made by tower-cors ", env!("CARGO_PKG_VERSION"));
        writeln!(
            f,
            "{comment} CORS for {title}, {made}. Change the policy, not this file, and export it again:"
        )?;
        writeln!(f, "{comment}   {}", self.command())?;
        writeln!(f, "{comment} The policy's digest: {}", self.digest)?;
        writeln!(f, "{comment}")?;
        for line in wrapped(self.service, WIDTH) {
            writeln!(f, "{comment} {line}")?;
        }
        if !self.losses.is_empty() {
            writeln!(f, "{comment}")?;
            writeln!(f, "{comment} Left out, because {title} cannot express it:")?;
        }
        for loss in self.losses.iter() {
            for (index, line) in wrapped(&loss.text(), WIDTH - 2).iter().enumerate() {
                writeln!(f, "{comment} {}{line}", if index == 0 { "- " } else { "  " })?;
            }
        }
        Ok(())
    }
}

/// What to do with the layer in the service behind a proxy that answers preflights.
pub(super) const SERVICE_BEHIND_A_PROXY: &str = "Preflights are answered here, and the service never sees them. The service's own \
Access-Control-Allow-Origin, \
-Allow-Credentials and -Expose-Headers are replaced, so no header is sent twice: a CORS layer in the service does no harm, and is not \
needed. But make sure that nobody can reach the service past this.";
