//! `Vary`: RFC 9110, section 12.5.5.

use http::header::{Entry, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY};

/// The names that a response varies by because of CORS.
#[derive(Debug)]
pub(crate) struct VaryNames {
    /// All of them, for a response that has no `Vary` yet.
    line: HeaderValue,
    /// Each by itself, for one that has.
    names: Vec<(HeaderName, HeaderValue)>,
}

impl VaryNames {
    /// `Origin`, and the names that a policy adds, each given once.
    pub(crate) fn new(added: &[HeaderName]) -> Self {
        let names = [ORIGIN].into_iter().chain(besides(ORIGIN.as_str(), added).cloned());
        Self {
            line: vary_line("Origin", added),
            names: names
                .map(|name| {
                    let value = in_title_case(&name);
                    (name, value)
                })
                .collect(),
        }
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

/// A whole line: the names that CORS itself has, written out, and the names that a policy adds.
pub(crate) fn vary_line(own: &'static str, added: &[HeaderName]) -> HeaderValue {
    let mut line = own.as_bytes().to_vec();
    for name in besides(own, added) {
        line.extend_from_slice(b", ");
        line.extend_from_slice(in_title_case(name).as_bytes());
    }
    if line.len() == own.len() {
        // A static value costs nothing to clone.
        return HeaderValue::from_static(own);
    }
    token_list(&line)
}

fn besides<'a>(own: &str, added: &'a [HeaderName]) -> impl Iterator<Item = &'a HeaderName> {
    added.iter().filter(move |name| !own.split(", ").any(|other| other.eq_ignore_ascii_case(name.as_str())))
}

/// `origin` as `Origin`: how people are used to read it.
fn in_title_case(name: &HeaderName) -> HeaderValue {
    if *name == ORIGIN {
        return HeaderValue::from_static("Origin");
    }
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
        let names: Vec<_> = names.iter().map(|name| HeaderName::from_static(name)).collect();
        VaryNames::new(&names).merge_into(&mut headers);
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
