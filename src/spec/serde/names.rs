//! Names of fields, and the likely field behind an unknown name.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::FIELDS;
use crate::typo;

/// The prefixes of the same names in servers and other libraries.
const PREFIXES: [&str; 2] = ["access_control_", "cors_"];

/// Names of these fields elsewhere that are too different to be a typo.
const OTHER_NAMES: [(&str, &str); 19] = [
    ("origin", "allow_origins"),
    ("origins", "allow_origins"),
    ("allowed_origin", "allow_origins"),
    ("allowed_origin_patterns", "allow_origins"),
    ("allow_origin_regex", "allow_origin_regexes"),
    ("allow_origins_regex", "allow_origin_regexes"),
    ("allowed_origin_regexes", "allow_origin_regexes"),
    ("credentials", "allow_credentials"),
    ("supports_credentials", "allow_credentials"),
    ("methods", "allow_methods"),
    ("allowed_method", "allow_methods"),
    ("headers", "allow_headers"),
    ("allowed_header", "allow_headers"),
    ("max_age_seconds", "max_age"),
    ("max_age_secs", "max_age"),
    ("options_success_status", "preflight_status"),
    ("vary", "vary_by"),
    ("allowed_hosts", "served_at"),
    ("with", "presets"),
];

/// A key of a policy's table. A field is given by its index.
pub(super) enum Key {
    Known(usize),
    Unknown { name: String, meant: Option<usize> },
}

impl Key {
    fn new(name: &str) -> Self {
        match position(name) {
            Some(field) => Self::Known(field),
            None => Self::Unknown { name: name.to_owned(), meant: meant(name).and_then(position) },
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", super::Expected::Name)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
        Ok(Key::new(name))
    }

    fn visit_bytes<E: de::Error>(self, name: &[u8]) -> Result<Key, E> {
        Ok(Key::new(&String::from_utf8_lossy(name)))
    }
}

fn position(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| *field == name)
}

fn meant(name: &str) -> Option<&'static str> {
    let name = snake_case(name);
    let name = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    let fields = || FIELDS.iter().copied();
    let other = || OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
    fields().find(|field| *field == name).or_else(other).or_else(|| typo::meant(name, fields()))
}

/// `allowOrigins`, `Allow-Origins` and `ALLOW_ORIGINS` as `allow_origins`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    let mut ends_word = false;
    for char in name.trim().chars() {
        if ends_word && char.is_ascii_uppercase() {
            snake.push('_');
        }
        ends_word = char.is_ascii_lowercase() || char.is_ascii_digit();
        snake.push(if matches!(char, '-' | ' ') { '_' } else { char.to_ascii_lowercase() });
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_means_a_field() {
        for (name, field) in OTHER_NAMES {
            assert!(FIELDS.contains(&field) && !FIELDS.contains(&name), "{name}: {field}");
            assert_eq!(meant(name), Some(field));
        }
    }

    #[test]
    fn a_field_is_meant_in_any_spelling() {
        let cases = [
            ("allow_origin", "allow_origins"),
            ("allowed_origins", "allow_origins"),
            ("allowOrigins", "allow_origins"),
            ("AllowOrigins", "allow_origins"),
            ("allow-origins", "allow_origins"),
            ("ALLOW_ORIGINS", "allow_origins"),
            ("allowedOrigins", "allow_origins"),
            ("allow_orgins", "allow_origins"),
            ("CORS_ALLOWED_ORIGINS", "allow_origins"),
            ("Access-Control-Allow-Origin", "allow_origins"),
            ("Access-Control-Max-Age", "max_age"),
            ("maxAge", "max_age"),
            ("maxage", "max_age"),
            ("exposed_headers", "expose_headers"),
            ("optionsSuccessStatus", "preflight_status"),
            ("reject_disallowed_orgins", "reject_disallowed_origins"),
            ("dangerouslyAllowNullOrigin", "dangerously_allow_null_origin"),
        ];
        for (name, field) in cases {
            assert_eq!(meant(name), Some(field), "{name}");
        }
    }

    #[test]
    fn nothing_is_guessed_that_would_allow_more_than_was_written() {
        for name in
            ["", "*", "_", "port", "allow", "allow_any_origin", "allow_null_origin", "insecure", "any"]
        {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
