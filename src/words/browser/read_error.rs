//! Why a script cannot read a body.

use std::fmt;

use crate::browser::{Failure, ReadError};

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // What broke it off is the error's source.
            Failure::Body(_) => f.write_str("the response body is incomplete"),
            Failure::Json { error, text } => {
                write!(f, "the body is not the expected JSON: {error}, in `{text}`")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_is_shown() {
        let error = serde_json::from_str::<u8>("<html>").expect_err("a page");
        let error = ReadError(Failure::Json { error, text: "<html>".to_owned() });
        assert_eq!(
            error.to_string(),
            "the body is not the expected JSON: expected value at line 1 column 1, in `<html>`"
        );
        let error = ReadError(Failure::Body("reset".into()));
        assert_eq!(error.to_string(), "the response body is incomplete");
        assert_eq!(std::error::Error::source(&error).expect("a source").to_string(), "reset");
    }
}
