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
    /// Compiles the names that CORS itself makes a response vary by, and a policy's further ones, each given once.
    pub(crate) fn new(own: &[HeaderName], further: &[HeaderName]) -> Self {
        let further = further.iter().filter(|name| !own.contains(name));
        let names: Vec<_> =
            own.iter().chain(further).map(|name| (name.clone(), in_title_case(name))).collect();
        let values: Vec<_> = names.iter().map(|(_, value)| value.as_bytes()).collect();
        Self { line: token_list(&values.join(&b", "[..])), names }
    }

    pub(crate) fn line(&self) -> &HeaderValue {
        &self.line
    }

    /// Adds the names that a response lacks. What it has stays as it is, on as many lines as it came; `*` has them all.
    pub(crate) fn merge_into(&self, headers: &mut HeaderMap) {
        match headers.entry(VARY) {
            Entry::Vacant(entry) => {
                entry.insert(self.line.clone());
            }
            Entry::Occupied(mut entry) => {
                for (name, value) in &self.names {
                    if !entry.iter().any(|line| has_member(line, name)) {
                        entry.append(value.clone());
                    }
                }
            }
        }
    }
}

fn has_member(line: &HeaderValue, name: &HeaderName) -> bool {
    line.as_bytes()
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|member| member == b"*" || member.eq_ignore_ascii_case(name.as_str().as_bytes()))
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
    use http::header::ORIGIN;

    use super::*;

    fn merged(names: &[&'static str], lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_static(line));
        }
        let names: Vec<_> = names.iter().map(|name| HeaderName::from_static(name)).collect();
        VaryNames::new(&[ORIGIN], &names).merge_into(&mut headers);
        headers.get_all(VARY).iter().map(|line| line.to_str().expect("text").to_owned()).collect()
    }

    #[test]
    fn names_are_merged_into_what_the_service_set() {
        let cases: [(&[&str], &[&str], &[&str]); 10] = [
            (&[], &[], &["Origin"]),
            (&["x-tenant"], &[], &["Origin, X-Tenant"]),
            (&["origin"], &[], &["Origin"]),
            (&[], &["Accept"], &["Accept", "Origin"]),
            (&[], &["Accept", "Cookie"], &["Accept", "Cookie", "Origin"]),
            (&[], &["Accept", "Cookie, oRIGIN ,X"], &["Accept", "Cookie, oRIGIN ,X"]),
            (&[], &["*"], &["*"]),
            (&[], &["Accept", "a, *"], &["Accept", "a, *"]),
            (&["x-tenant"], &["X-Tenant"], &["X-Tenant", "Origin"]),
            (&[], &["X-Origin, Original"], &["X-Origin, Original", "Origin"]),
        ];
        for (names, lines, expected) in cases {
            assert_eq!(merged(names, lines), expected, "{names:?} beside Origin into {lines:?}");
        }
    }
}
