//! `Vary`: RFC 9110, section 12.5.5.

use http::header::{Entry, HeaderMap, HeaderName, HeaderValue, VARY};

/// The names that a response varies by because of CORS.
#[derive(Debug)]
pub(crate) struct VaryNames {
    /// All of them, for a response that has no `Vary` yet.
    line: HeaderValue,
    /// Each by itself, for one that has.
    names: Vec<(HeaderName, HeaderValue)>,
}

impl VaryNames {
    /// Compiles names, each of which is used once.
    pub(crate) fn new(names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut unique: Vec<(HeaderName, HeaderValue)> = Vec::new();
        for name in names {
            if unique.iter().all(|(other, _)| *other != name) {
                let value = in_title_case(&name);
                unique.push((name, value));
            }
        }
        let values: Vec<_> = unique.iter().map(|(_, value)| value.as_bytes()).collect();
        Self { line: token_list(&values.join(&b", "[..])), names: unique }
    }

    pub(crate) fn line(&self) -> &HeaderValue {
        &self.line
    }

    /// Adds the names that a response lacks. What it has stays as it is, on as many lines as it came; `*` has them all.
    pub(crate) fn merge_into(&self, headers: &mut HeaderMap) {
        let Entry::Occupied(mut entry) = headers.entry(VARY) else {
            headers.insert(VARY, self.line.clone());
            return;
        };
        let lacks = |entry: &http::header::OccupiedEntry<'_, HeaderValue>, name: &str| {
            !entry.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).any(|member| {
                let member = member.trim_ascii();
                member == b"*" || member.eq_ignore_ascii_case(name.as_bytes())
            })
        };
        for (name, value) in &self.names {
            if lacks(&entry, name.as_str()) {
                entry.append(value.clone());
            }
        }
    }
}

/// `origin` as `Origin`: how people are used to read it.
fn in_title_case(name: &HeaderName) -> HeaderValue {
    let mut bytes = name.as_str().as_bytes().to_vec();
    let mut starts_word = true;
    for byte in &mut bytes {
        if starts_word {
            byte.make_ascii_uppercase();
        }
        starts_word = *byte == b'-';
    }
    token_list(&bytes)
}

/// A field value made of tokens, commas and spaces, all of which a field value may hold.
fn token_list(bytes: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(bytes).unwrap_or_else(|_| HeaderValue::from_static("*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(names: &[&'static str], lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_static(line));
        }
        let names = VaryNames::new(names.iter().map(|name| HeaderName::from_static(name)));
        names.merge_into(&mut headers);
        headers.get_all(VARY).iter().map(|line| line.to_str().expect("text").to_owned()).collect()
    }

    #[test]
    fn names_are_merged_into_what_the_service_set() {
        let cases: [(&[&str], &[&str], &[&str]); 10] = [
            (&["origin"], &[], &["Origin"]),
            (&["origin", "x-tenant"], &[], &["Origin, X-Tenant"]),
            (&["origin", "origin"], &[], &["Origin"]),
            (&["origin"], &["Accept"], &["Accept", "Origin"]),
            (&["origin"], &["Accept", "Cookie"], &["Accept", "Cookie", "Origin"]),
            (&["origin"], &["Accept", "Cookie, oRIGIN ,X"], &["Accept", "Cookie, oRIGIN ,X"]),
            (&["origin"], &["*"], &["*"]),
            (&["origin"], &["Accept", "a, *"], &["Accept", "a, *"]),
            (&["origin", "x-tenant"], &["X-Tenant"], &["X-Tenant", "Origin"]),
            (&["origin"], &["X-Origin, Original"], &["X-Origin, Original", "Origin"]),
        ];
        for (names, lines, expected) in cases {
            assert_eq!(merged(names, lines), expected, "{names:?} into {lines:?}");
        }
    }
}
