//! `Access-Control-Request-Headers`: the names that a preflight requests.
//!
//! Browsers send one line of lowercase, sorted, unique names (Fetch, CORS-preflight fetch, step 5). Proxies split and
//! reorder lines, so their form decides nothing. Other clients may send any amount, so the size of the policy's own list
//! bounds the amount before it is read.

use http::HeaderValue;
use http::header::GetAll;

use crate::method::is_token;

/// How many bytes `Access-Control-Request-Headers` may have beyond those of the policy's own list.
pub(crate) const EXTRA_BYTES: usize = 2048;

/// How many list elements, empty ones included, it may have beyond the number of names in the policy's list.
pub(crate) const EXTRA_ELEMENTS: usize = 64;

/// The most that a policy reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    bytes: usize,
    elements: usize,
}

impl Limits {
    /// The limits for a list of names.
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

/// All the names that a preflight requests, over all its lines.
pub(crate) struct Requested<'a> {
    lines: GetAll<'a, HeaderValue>,
}

/// More than the policy reads.
#[derive(Debug, PartialEq)]
pub(crate) struct OverLimit;

/// An element is not a field name.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed;

impl<'a> Requested<'a> {
    /// Past a limit, nothing is read, so the order of the names does not change the answer.
    pub(crate) fn new(lines: GetAll<'a, HeaderValue>, limits: Limits) -> Result<Self, OverLimit> {
        let mut bytes = 0;
        for line in &lines {
            // Each line counts at least a byte, so empty lines are bounded too.
            bytes += line.len() + 1;
            if bytes > limits.bytes {
                return Err(OverLimit);
            }
        }
        let elements = || lines.iter().map(|line| count_commas(line.as_bytes()) + 1).sum::<usize>();
        // There are never more elements than bytes, so few requests need counting.
        if bytes > limits.elements && elements() > limits.elements {
            Err(OverLimit)
        } else {
            Ok(Self { lines })
        }
    }

    /// Calls `visit` with each name as it was written, in order; empty elements do not count (RFC 9110, section 5.6.1.2). After a
    /// malformed name, it still visits the rest.
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

/// The name at an index in the order of [`Requested::for_each`]. It needs no limit: the index of a denial is within the limits.
pub(crate) fn nth_requested(lines: GetAll<'_, HeaderValue>, nth: u32) -> Option<&str> {
    let (mut place, mut found) = (0, None);
    // Malformed names have no index.
    let _ = Requested { lines }.for_each(|name| {
        if place == nth {
            found = std::str::from_utf8(name).ok();
        }
        place += 1;
    });
    found
}

/// Counts in chunks small enough for a count in one byte: compilers turn this into few instructions for many bytes.
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
