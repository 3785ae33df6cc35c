//! `Access-Control-Request-Headers`: the names that a preflight asks for.
//!
//! Browsers send one line of lowercase, sorted, unique names (Fetch, CORS-preflight fetch, step 5). Proxies split and
//! reorder lines, so that nothing is concluded from how they come; but whoever is no browser decides how much comes.
//! What is read is therefore bounded by what the policy itself lists, before it is read.

use http::HeaderValue;
use http::header::GetAll;

use crate::method::is_token;

/// How many bytes of `Access-Control-Request-Headers` may come beyond those of the policy's own list.
pub(crate) const EXTRA_BYTES: usize = 2048;

/// How many list elements, empty ones included, may come beyond the number of names in the policy's list.
pub(crate) const EXTRA_ELEMENTS: usize = 64;

/// How much a policy reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    bytes: usize,
    elements: usize,
}

impl Limits {
    /// The limits that go with a list of names.
    pub(crate) fn for_list(names: &[String]) -> Self {
        names.iter().fold(Self { bytes: EXTRA_BYTES, elements: EXTRA_ELEMENTS }, |limits, name| Self {
            bytes: limits.bytes + name.len() + ", ".len(),
            elements: limits.elements + 1,
        })
    }

    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }

    pub(crate) fn elements(self) -> usize {
        self.elements
    }
}

/// All the names that a preflight asks for, over all its lines.
pub(crate) struct Requested<'a> {
    lines: GetAll<'a, HeaderValue>,
}

/// There is more than the policy reads.
#[derive(Debug, PartialEq)]
pub(crate) struct OverLimit;

/// An element is no field name.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed;

impl<'a> Requested<'a> {
    /// Past a limit nothing is read, so that the answer is the same wherever the good names stand.
    pub(crate) fn new(lines: GetAll<'a, HeaderValue>, limits: Limits) -> Result<Self, OverLimit> {
        let mut bytes = 0;
        for line in &lines {
            // Each line costs at least a byte, so that empty lines are not for nothing.
            bytes += line.len() + 1;
            if bytes > limits.bytes {
                return Err(OverLimit);
            }
        }
        let elements = || lines.iter().map(|line| count_commas(line.as_bytes()) + 1).sum::<usize>();
        // No more elements than bytes: few requests need to be counted.
        if bytes > limits.elements && elements() > limits.elements {
            Err(OverLimit)
        } else {
            Ok(Self { lines })
        }
    }

    /// Calls `visit` with each name as it was written, in order; empty elements are none (RFC 9110, section 5.6.1.2). A
    /// name that is none does not keep the rest from being visited.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(&'a [u8])) -> Result<(), Malformed> {
        let elements = self.lines.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let mut result = Ok(());
        for element in elements {
            // OWS: RFC 9110, section 5.6.3. A field value has neither CR nor LF.
            match element.trim_ascii() {
                [] => {}
                name if is_token(name) => visit(name),
                _ => result = Err(Malformed),
            }
        }
        result
    }
}

/// The name at a place in the order of [`Requested::for_each`]. No limit is needed: a denial names a place within the limits.
pub(crate) fn nth_requested(lines: GetAll<'_, HeaderValue>, nth: u32) -> Option<&str> {
    let (mut place, mut found) = (0, None);
    // What is malformed has no place.
    let _ = Requested { lines }.for_each(|name| {
        if place == nth {
            found = std::str::from_utf8(name).ok();
        }
        place += 1;
    });
    found
}

/// In chunks whose count fits a byte, which compilers turn into a few instructions for many bytes.
fn count_commas(bytes: &[u8]) -> usize {
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(*byte == b',')).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(count(chunk))).sum()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::ACCESS_CONTROL_REQUEST_HEADERS;
    use proptest::prelude::*;

    use super::*;

    const NO_LIST: Limits = Limits { bytes: EXTRA_BYTES, elements: EXTRA_ELEMENTS };

    fn lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                ACCESS_CONTROL_REQUEST_HEADERS,
                HeaderValue::from_bytes(line).expect("a field value"),
            );
        }
        headers
    }

    #[derive(Debug, PartialEq)]
    enum Problem {
        OverLimit,
        Malformed,
    }

    fn names(headers: &HeaderMap, limits: Limits) -> Result<Vec<String>, Problem> {
        let mut names = Vec::new();
        Requested::new(headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS), limits)
            .map_err(|OverLimit| Problem::OverLimit)?
            .for_each(|name| names.push(String::from_utf8(name.to_vec()).expect("a token")))
            .map_err(|Malformed| Problem::Malformed)?;
        Ok(names)
    }

    #[test]
    fn names_are_read_over_all_lines() {
        let cases: [(&[&str], &[&str]); 8] = [
            (&[], &[]),
            (&[""], &[]),
            (&["a"], &["a"]),
            (&["a,b"], &["a", "b"]),
            (&["a", "b"], &["a", "b"]),
            (&["b , \tA", "", "a"], &["b", "A", "a"]),
            (&[",,a,, ,"], &["a"]),
            (&["x-!#$%&'*+.^_`|~"], &["x-!#$%&'*+.^_`|~"]),
        ];
        for (values, expected) in cases {
            let headers = lines(values.iter().map(|value| value.as_bytes()));
            let expected: Vec<_> = expected.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(&headers, NO_LIST), Ok(expected), "{values:?}");
        }
    }

    #[test]
    fn what_is_no_name_is_malformed() {
        for value in ["a b", "a;b", "a:b", "\"a\"", "a,(b)", "@"] {
            assert_eq!(names(&lines([value.as_bytes()]), NO_LIST), Err(Problem::Malformed), "{value}");
        }
        assert_eq!(names(&lines([&b"\xfc"[..]]), NO_LIST), Err(Problem::Malformed));
    }

    #[test]
    fn a_name_behind_one_that_is_none_is_read_all_the_same() {
        let headers = lines([&b"a,(b),c"[..]]);
        let requested =
            Requested::new(headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS), NO_LIST).expect("few");
        let mut seen = Vec::new();
        assert_eq!(requested.for_each(|name| seen.push(name)), Err(Malformed));
        assert_eq!(seen, [b"a", b"c"]);
    }

    #[test]
    fn bytes_are_read_at_the_limit_and_not_one_past_it() {
        let longest = "a".repeat(EXTRA_BYTES - 1);
        assert!(names(&lines([longest.as_bytes()]), NO_LIST).is_ok());
        assert_eq!(names(&lines([format!("{longest}a").as_bytes()]), NO_LIST), Err(Problem::OverLimit));
        let (left, right) = longest[1..].split_at(1000);
        assert!(names(&lines([left.as_bytes(), right.as_bytes()]), NO_LIST).is_ok());
        assert_eq!(names(&lines([left.as_bytes(), right.as_bytes(), b""]), NO_LIST), Err(Problem::OverLimit));
    }

    #[test]
    fn elements_are_read_at_the_limit_and_not_one_past_it() {
        let most = vec!["a"; EXTRA_ELEMENTS].join(",");
        assert_eq!(names(&lines([most.as_bytes()]), NO_LIST).map(|names| names.len()), Ok(EXTRA_ELEMENTS));
        assert_eq!(names(&lines([format!("{most},a").as_bytes()]), NO_LIST), Err(Problem::OverLimit));
        let empty = ",".repeat(EXTRA_ELEMENTS - 1);
        assert_eq!(names(&lines([empty.as_bytes()]), NO_LIST), Ok(vec![]));
        assert_eq!(names(&lines([format!("{empty},").as_bytes()]), NO_LIST), Err(Problem::OverLimit));
    }

    #[test]
    fn a_list_raises_the_limits_by_its_own_size() {
        let list = Limits::for_list(&["a".to_owned(), "bcd".to_owned()]);
        assert_eq!(list, Limits { bytes: EXTRA_BYTES + 8, elements: EXTRA_ELEMENTS + 2 });
    }

    proptest! {
        #[test]
        fn the_scanner_agrees_with_splitting_the_joined_lines(
            values in prop::collection::vec("[a-cA-C ,\t@-]{0,24}", 0..6)
        ) {
            let joined = values.join(",");
            let elements = joined.split(',').map(|element| element.trim_matches([' ', '\t']));
            let expected: Vec<_> = elements.filter(|element| !element.is_empty()).map(str::to_owned).collect();
            let headers = lines(values.iter().map(String::as_bytes));
            let outcome = names(&headers, Limits { bytes: usize::MAX, elements: usize::MAX });
            if expected.iter().all(|name| is_token(name.as_bytes())) {
                prop_assert_eq!(outcome, Ok(expected));
            } else {
                prop_assert_eq!(outcome, Err(Problem::Malformed));
            }
        }
    }
}
