//! What a shadow policy would change, in a sentence.

use std::fmt;

use crate::layer::{Change, Disagreement};

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.change {
            Change::Refuses => "the shadow policy would refuse what is allowed: ",
            Change::Allows => "the shadow policy would allow what is refused: ",
            Change::Rejects => "the shadow policy would not let this reach the service: ",
            Change::Serves => "the shadow policy would let this reach the service: ",
        })?;
        self.denial().fmt(f)
    }
}
