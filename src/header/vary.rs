//! `Vary`: RFC 9110, section 12.5.5.

use std::iter;
use std::sync::Arc;

use http::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY};

use super::list;

/// What a response varies by because of CORS.
#[derive(Clone, Debug)]
pub(crate) enum Vary {
    /// The response is the same for everyone.
    Nothing,
    /// `Origin`, as with most policies. A variant of its own, so that a request need not share anything.
    Origin,
    /// `Origin`, and the names that a policy adds.
    Names(Arc<Names>),
}

#[derive(Debug)]
pub(crate) struct Names {
    /// All of them, for a response that has no `Vary` yet.
    line: HeaderValue,
    /// Each by itself, for one that has.
    each: Vec<(HeaderName, HeaderValue)>,
}

static ORIGIN_LINE: HeaderValue = HeaderValue::from_static("Origin");
static ORIGIN_ALONE: [(HeaderName, HeaderValue); 1] = [(ORIGIN, HeaderValue::from_static("Origin"))];

impl Vary {
    /// `Origin`, and the names that a policy adds, each given once.
    pub(crate) fn by_origin_and(added: &[HeaderName]) -> Self {
        let line = vary_line("Origin", added);
        if line == ORIGIN_LINE {
            return Self::Origin;
        }
        let added =
            besides("Origin", added).map(|name| (name.clone(), value([in_title_case(name).as_str()])));
        Self::Names(Arc::new(Names { line, each: ORIGIN_ALONE.iter().cloned().chain(added).collect() }))
    }

    /// `Origin`, the names that this one has, and more.
    pub(crate) fn and(&self, added: &[HeaderName]) -> Self {
        let mut names: Vec<_> = match self {
            Self::Names(names) => names.each.iter().map(|(name, _)| name.clone()).collect(),
            Self::Nothing | Self::Origin => Vec::new(),
        };
        for name in added {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        Self::by_origin_and(&names)
    }

    /// `Origin`, and the names of both.
    pub(crate) fn merged_with(&self, other: &Self) -> Self {
        match other {
            Self::Nothing | Self::Origin => self.and(&[]),
            Self::Names(names) => {
                self.and(&names.each.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>())
            }
        }
    }

    /// Adds the names that a response lacks. What it has stays as it is, on as many lines as it came; `*` has them all.
    #[inline]
    pub(crate) fn merge_into(&self, headers: &mut HeaderMap) {
        match self {
            Self::Nothing => {}
            Self::Origin => merge(headers, &ORIGIN_LINE, &ORIGIN_ALONE),
            Self::Names(names) => merge(headers, &names.line, &names.each),
        }
    }
}

fn merge(headers: &mut HeaderMap, line: &HeaderValue, each: &[(HeaderName, HeaderValue)]) {
    // To walk over a response's few names costs less than a look-up, and an insertion looks up anyway.
    if headers.keys().all(|name| *name != VARY) {
        headers.insert(VARY, line.clone());
        return;
    }
    for (name, value) in each {
        if !headers.get_all(VARY).iter().any(|line| has_member(line, name)) {
            headers.append(VARY, value.clone());
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
    let added: Vec<_> = besides(own, added).map(in_title_case).collect();
    if added.is_empty() {
        // A static value costs nothing to clone.
        return HeaderValue::from_static(own);
    }
    value(iter::once(own).chain(added.iter().map(String::as_str)))
}

fn besides<'a>(own: &str, added: &'a [HeaderName]) -> impl Iterator<Item = &'a HeaderName> {
    added.iter().filter(move |name| !own.split(", ").any(|other| other.eq_ignore_ascii_case(name.as_str())))
}

/// `x-tenant` as `X-Tenant`: how people are used to read it.
fn in_title_case(name: &HeaderName) -> String {
    let mut starts_word = true;
    let in_title_case = |letter: char| {
        let upper = starts_word;
        starts_word = letter == '-';
        if upper { letter.to_ascii_uppercase() } else { letter }
    };
    name.as_str().chars().map(in_title_case).collect()
}

/// If there were nothing to say, caching nothing would be the safe thing to say.
fn value<'a>(names: impl IntoIterator<Item = &'a str>) -> HeaderValue {
    list(names).unwrap_or(HeaderValue::from_static("*"))
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
        Vary::by_origin_and(&names).merge_into(&mut headers);
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
