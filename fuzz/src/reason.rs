//! The form that a text must have to be refused for a reason.

use tower_cors::OriginProblem;

/// Checks a reason as far as the text shows it without the grammar.
pub fn assert_is_true(text: &str, reason: &OriginProblem) {
    let is_true = match reason {
        OriginProblem::Empty => text.is_empty(),
        OriginProblem::Null => text == "null",
        OriginProblem::Whitespace => text.contains(char::is_whitespace),
        OriginProblem::List => text.contains([',', ';']) || text.contains(char::is_whitespace),
        OriginProblem::TrailingSeparator => text.trim().ends_with([',', ';']),
        OriginProblem::Quotes => text.contains(['"', '\'', '`']),
        OriginProblem::JsonList => text.contains(['[', ']']) && text.contains(['"', '\'', '`']),
        OriginProblem::Backslash => text.contains('\\'),
        OriginProblem::NoScheme => !text.contains("://") || text.starts_with("://"),
        OriginProblem::NoSlashes => text.contains([':', '/']),
        OriginProblem::WebSocketScheme => text.starts_with(['w', 'W']),
        OriginProblem::FtpScheme => text.starts_with(['f', 'F']),
        OriginProblem::UpperCase => text.contains(|char: char| char.is_ascii_uppercase()),
        OriginProblem::Unicode => !text.is_ascii(),
        OriginProblem::UserInfo => text.contains('@'),
        OriginProblem::TrailingSlash => text.ends_with('/'),
        OriginProblem::Path => text.matches('/').count() > 2,
        OriginProblem::Query => text.contains('?'),
        OriginProblem::Fragment => text.contains('#'),
        OriginProblem::Wildcard | OriginProblem::PartialWildcard => text.contains('*'),
        OriginProblem::InvalidPunycode => text.contains("xn--"),
        OriginProblem::LeadingDot => text.contains("/.") || text.contains("*..") || text.contains("@."),
        OriginProblem::EmptyLabel => text.contains("..") || text.contains("/.") || text.contains("*."),
        OriginProblem::LabelTooLong => text.len() > 63,
        OriginProblem::HostTooLong => text.len() > 251,
        OriginProblem::SchemeTooLong => text.len() > 32,
        OriginProblem::InvalidPort | OriginProblem::PortOutOfRange | OriginProblem::DefaultPort => {
            text.matches(':').count() > 1
        }
        OriginProblem::InvalidCharacter(char) => text.contains(*char),
        OriginProblem::Ipv6Zone => text.contains('%'),
        OriginProblem::Ipv6NotCompressed => text.contains('['),
        OriginProblem::Ipv4Mapped => text.contains(['[', ']']),
        OriginProblem::NumericLastLabel | OriginProblem::Ipv4NotDottedQuad => {
            text.contains(|char: char| char.is_ascii_digit())
        }
        _ => true,
    };
    assert!(is_true, "{reason:?} of {text:?}");
}
