//! `Vary`: RFC 9110, section 12.5.5.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, HeaderValue,
    ORIGIN, VARY,
};

use super::{SEC_FETCH_SITE, list};

/// What a response varies by because of CORS.
#[derive(Clone, Debug)]
pub(crate) enum Vary {
    /// The response is the same for everyone.
    Nothing,
    /// What the protocol looks at, as with most policies. A variant of its own, so a request need not share anything.
    Own(&'static Names),
    /// The same, and the names that a policy adds.
    More(Arc<Names>),
}

#[derive(Debug)]
pub(crate) struct Names {
    /// All of them, for a response that has no `Vary` yet.
    line: HeaderValue,
    /// Each by itself, for one that has.
    each: Cow<'static, [(HeaderName, HeaderValue)]>,
}

type Name = (HeaderName, HeaderValue);
const BY_ORIGIN: Name = (ORIGIN, HeaderValue::from_static("Origin"));
const BY_METHOD: Name =
    (ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("Access-Control-Request-Method"));
const BY_HEADERS: Name =
    (ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static("Access-Control-Request-Headers"));
const BY_SITE: Name = (SEC_FETCH_SITE, HeaderValue::from_static("Sec-Fetch-Site"));

static ORIGIN_ALONE: [Name; 1] = [BY_ORIGIN];
static ORIGIN_AND_SITE: [Name; 2] = [BY_ORIGIN, BY_SITE];
static OPTIONS: [Name; 3] = [BY_ORIGIN, BY_METHOD, BY_HEADERS];
static OPTIONS_AND_SITE: [Name; 4] = [BY_ORIGIN, BY_METHOD, BY_HEADERS, BY_SITE];

static ORIGIN_NAMES: Names =
    Names { line: HeaderValue::from_static("Origin"), each: Cow::Borrowed(&ORIGIN_ALONE) };
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
    // Functions, as Rust 1.85 lets no constant refer to a header value.

    pub(crate) fn origin() -> Self {
        Self::Own(&ORIGIN_NAMES)
    }

    /// Where it was looked at whether the request is a same-origin one.
    pub(crate) fn origin_and_site() -> Self {
        Self::Own(&ORIGIN_AND_SITE_NAMES)
    }

    /// Of every `OPTIONS`: some caches store their responses, and what makes one a preflight is a header too.
    pub(crate) fn options() -> Self {
        Self::Own(&OPTIONS_NAMES)
    }

    pub(crate) fn options_and_site() -> Self {
        Self::Own(&OPTIONS_AND_SITE_NAMES)
    }

    /// These names, and more.
    pub(crate) fn and(&self, added: &[HeaderName]) -> Self {
        let mut each = self.each().to_vec();
        let mut had: HashSet<_> = each.iter().map(|(name, _)| name.clone()).collect();
        let new = added.iter().filter(|name| had.insert((*name).clone()));
        each.extend(new.map(|name| (name.clone(), value([in_title_case(name).as_str()]))));
        if each.len() == self.each().len() {
            return self.clone();
        }
        let line = value(each.iter().filter_map(|(_, value)| value.to_str().ok()));
        Self::More(Arc::new(Names { line, each: each.into() }))
    }

    /// The names of both.
    pub(crate) fn merged_with(&self, other: &Self) -> Self {
        self.and(&other.each().iter().map(|(name, _)| name.clone()).collect::<Vec<_>>())
    }

    /// Adds the names that a response lacks. What it has stays as it is, on as many lines as it came; `*` has them all.
    #[inline]
    pub(crate) fn merge_into(&self, headers: &mut HeaderMap) {
        let names = match self {
            Self::Nothing => return,
            Self::Own(names) => names,
            Self::More(names) => &**names,
        };
        // To walk over a response's few names costs less than a look-up, and an insertion looks up anyway.
        if headers.keys().all(|name| *name != VARY) {
            headers.insert(VARY, names.line.clone());
            return;
        }
        for (name, value) in names.each.iter() {
            if !headers.get_all(VARY).iter().any(|line| has_member(line, name)) {
                headers.append(VARY, value.clone());
            }
        }
    }

    fn each(&self) -> &[Name] {
        match self {
            Self::Nothing => &[],
            Self::Own(names) => &names.each,
            Self::More(names) => &names.each,
        }
    }
}

fn has_member(line: &HeaderValue, name: &HeaderName) -> bool {
    line.as_bytes()
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|member| member == b"*" || member.eq_ignore_ascii_case(name.as_str().as_bytes()))
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

    #[test]
    fn each_line_of_our_own_is_the_list_of_its_names() {
        for vary in [Vary::origin(), Vary::origin_and_site(), Vary::options(), Vary::options_and_site()] {
            let names: Vec<_> = vary.each().iter().map(|(name, _)| name.clone()).collect();
            let Vary::Own(own) = vary else { panic!("{vary:?} is shared") };
            let Vary::More(listed) = Vary::Nothing.and(&names) else {
                panic!("{names:?} are more than nothing")
            };
            assert_eq!((&own.line, &own.each), (&listed.line, &listed.each));
        }
    }

    fn merged(names: &[&'static str], lines: &[&'static str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, HeaderValue::from_static(line));
        }
        let names: Vec<_> = names.iter().map(|name| HeaderName::from_static(name)).collect();
        Vary::origin().and(&names).merge_into(&mut headers);
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
