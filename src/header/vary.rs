//! `Vary`: RFC 9110, section 12.5.5.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{HeaderMap, HeaderValue, VARY};

use super::{list, set};
use crate::seen::Seen;

/// The `Vary` of a response, as far as CORS needs it.
#[derive(Clone, Debug)]
pub(crate) enum Vary {
    /// The response is the same for everyone.
    Nothing,
    /// The names that the protocol reads, as with most policies. A separate variant, so a request need not count a reference.
    Own(&'static Names),
    /// The same, with the names that a policy adds.
    More(Arc<Names>),
}

#[derive(Debug)]
pub(crate) struct Names {
    /// All of them, for a response without a `Vary`.
    line: HeaderValue,
    /// Each by itself, for a response that has one.
    each: Cow<'static, [HeaderValue]>,
}

const BY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const BY_METHOD: HeaderValue = HeaderValue::from_static("Access-Control-Request-Method");
const BY_HEADERS: HeaderValue = HeaderValue::from_static("Access-Control-Request-Headers");
const BY_SITE: HeaderValue = HeaderValue::from_static("Sec-Fetch-Site");

static ORIGIN_ALONE: [HeaderValue; 1] = [BY_ORIGIN];
static ORIGIN_AND_SITE: [HeaderValue; 2] = [BY_ORIGIN, BY_SITE];
static OPTIONS: [HeaderValue; 3] = [BY_ORIGIN, BY_METHOD, BY_HEADERS];
static OPTIONS_AND_SITE: [HeaderValue; 4] = [BY_ORIGIN, BY_METHOD, BY_HEADERS, BY_SITE];

static ORIGIN_NAMES: Names = Names { line: BY_ORIGIN, each: Cow::Borrowed(&ORIGIN_ALONE) };
static ORIGIN_AND_SITE_NAMES: Names =
    Names { line: HeaderValue::from_static("Origin, Sec-Fetch-Site"), each: Cow::Borrowed(&ORIGIN_AND_SITE) };
static OPTIONS_NAMES: Names = Names {
    line: HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    each: Cow::Borrowed(&OPTIONS),
};
static OPTIONS_AND_SITE_NAMES: Names = Names {
    line: HeaderValue::from_static(
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Sec-Fetch-Site",
    ),
    each: Cow::Borrowed(&OPTIONS_AND_SITE),
};

impl Vary {
    // Functions, because in Rust 1.85 a constant cannot refer to a header value.

    pub(crate) fn origin() -> Self {
        Self::Own(&ORIGIN_NAMES)
    }

    /// For a decision that depends on whether the request is same-origin.
    pub(crate) fn origin_and_site() -> Self {
        Self::Own(&ORIGIN_AND_SITE_NAMES)
    }

    /// For every `OPTIONS`: some caches store the responses, and it takes a header to make one a preflight.
    pub(crate) fn options() -> Self {
        Self::Own(&OPTIONS_NAMES)
    }

    pub(crate) fn options_and_site() -> Self {
        Self::Own(&OPTIONS_AND_SITE_NAMES)
    }

    /// These names, and more.
    pub(crate) fn and(&self, added: &[String]) -> Self {
        let mut each = self.each().to_vec();
        let mut had = Seen::default();
        for name in names(self.each()) {
            had.is_new(&name.to_ascii_lowercase());
        }
        for name in added {
            if had.is_new(&name.to_ascii_lowercase()) {
                each.push(value(&[&in_title_case(name)]));
            }
        }
        if each.len() == self.each().len() {
            return self.clone();
        }
        let line = value(&names(&each).collect::<Vec<_>>());
        Self::More(Arc::new(Names { line, each: each.into() }))
    }

    /// The names of both.
    pub(crate) fn merged_with(&self, other: &Self) -> Self {
        self.and(&names(other.each()).map(str::to_owned).collect::<Vec<_>>())
    }

    /// Adds the names that a response lacks. Existing lines stay as they are; `*` includes every name.
    pub(crate) fn merge_into(&self, headers: &mut HeaderMap) {
        let names = match self {
            Self::Nothing => return,
            Self::Own(names) => names,
            Self::More(names) => &**names,
        };
        // Walking over a response's few names costs less than a look-up, and an insertion looks up anyway.
        if headers.keys().all(|name| *name != VARY) {
            set(headers, VARY, names.line.clone());
            return;
        }
        for name in names.each.iter() {
            if !headers.get_all(VARY).iter().any(|line| has_member(line, name)) {
                headers.append(VARY, name.clone());
            }
        }
    }

    fn each(&self) -> &[HeaderValue] {
        match self {
            Self::Nothing => &[],
            Self::Own(names) => &names.each,
            Self::More(names) => &names.each,
        }
    }
}

fn names(each: &[HeaderValue]) -> impl Iterator<Item = &str> {
    each.iter().filter_map(|name| name.to_str().ok())
}

fn has_member(line: &HeaderValue, name: &HeaderValue) -> bool {
    line.as_bytes()
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|member| member == b"*" || member.eq_ignore_ascii_case(name.as_bytes()))
}

/// `x-tenant` as `X-Tenant`, the usual spelling.
fn in_title_case(name: &str) -> String {
    let mut starts_word = true;
    let in_title_case = |letter: char| {
        let upper = starts_word;
        starts_word = letter == '-';
        if upper { letter.to_ascii_uppercase() } else { letter }
    };
    name.chars().map(in_title_case).collect()
}

/// `*` would be the safe value if there were no names: it forbids caching.
fn value(names: &[&str]) -> HeaderValue {
    list(names).unwrap_or(HeaderValue::from_static("*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_our_own_is_the_list_of_its_names() {
        for vary in [Vary::origin(), Vary::origin_and_site(), Vary::options(), Vary::options_and_site()] {
            let Vary::Own(own) = &vary else { panic!("{vary:?} is shared") };
            let Vary::More(listed) = Vary::Nothing.merged_with(&vary) else {
                panic!("{vary:?} is more than nothing")
            };
            assert_eq!((&own.line, &own.each), (&listed.line, &listed.each));
        }
    }

    fn merged(names: &[&'static str], lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_static(line));
        }
        Vary::origin()
            .and(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
            .merge_into(&mut headers);
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
