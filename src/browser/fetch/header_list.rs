//! Header lists: how the CORS protocol reads one header of a response.

use http::{HeaderMap, HeaderName};

use crate::browser::tables::bytes::{is_token_byte, trim_tab_or_space};

/// A list header whose value does not match its grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::browser) struct Malformed;

/// Fetch, "get" a header: the values of all its lines, joined with a comma and a space.
pub(in crate::browser) fn get(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> =
        headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii()).collect();
    (!values.is_empty()).then(|| values.join(b", ".as_slice()))
}

/// Fetch, "extract header list values", for a header whose grammar is `#field-name` or `#method`: tokens, separated
/// by commas. Empty elements are skipped (RFC 9110, section 5.6.1.2). `None`: the header is absent.
pub(in crate::browser) fn extract_list(
    headers: &HeaderMap,
    name: &HeaderName,
) -> Result<Option<Vec<String>>, Malformed> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    let mut values = Vec::new();
    for line in headers.get_all(name) {
        for element in line.as_bytes().split(|byte| *byte == b',') {
            let element = trim_tab_or_space(element);
            if !element.iter().all(|byte| is_token_byte(*byte)) {
                return Err(Malformed);
            }
            if !element.is_empty() {
                values.push(element.iter().map(|byte| char::from(*byte)).collect());
            }
        }
    }
    Ok(Some(values))
}

/// Fetch, "extract header list values" for `Access-Control-Max-Age`: `delta-seconds`, on one line. `None`
/// for an absent header and for a malformed one, which the protocol treats alike. A value that does not fit is the maximum.
pub(in crate::browser) fn extract_delta_seconds(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let mut lines = headers.get_all(name).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    let digits = trim_tab_or_space(line.as_bytes());
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |seconds, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        Some(seconds.saturating_mul(10).saturating_add(digit))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::ACCESS_CONTROL_ALLOW_METHODS as NAME;

    use super::*;

    fn lines(values: &[&[u8]]) -> HeaderMap {
        values.iter().map(|value| (NAME, HeaderValue::from_bytes(value).unwrap())).collect()
    }

    #[test]
    fn lines_are_joined_with_a_comma_and_a_space() {
        assert_eq!(get(&lines(&[]), &NAME), None);
        assert_eq!(get(&lines(&[b""]), &NAME), Some(b"".to_vec()));
        assert_eq!(get(&lines(&[b"a"]), &NAME), Some(b"a".to_vec()));
        assert_eq!(get(&lines(&[b"a", b"b,c"]), &NAME), Some(b"a, b,c".to_vec()));
    }

    #[test]
    fn lists_are_tokens_between_commas() {
        type Case = (&'static [&'static [u8]], Option<&'static [&'static str]>);
        let good: [Case; 7] = [
            (&[], None),
            (&[b""], Some(&[])),
            (&[b" , ,"], Some(&[])),
            (&[b"PUT"], Some(&["PUT"])),
            (&[b"PUT,DELETE\t, *"], Some(&["PUT", "DELETE", "*"])),
            (&[b"PUT", b"DELETE"], Some(&["PUT", "DELETE"])),
            (&[b"x!#$%&'*+-.^_`|~9"], Some(&["x!#$%&'*+-.^_`|~9"])),
        ];
        for (values, list) in good {
            let list = list.map(|list| list.iter().map(ToString::to_string).collect());
            assert_eq!(extract_list(&lines(values), &NAME), Ok(list), "{values:?}");
        }
        let bad: [&[&[u8]]; 6] =
            [&[b"PUT DELETE"], &[b"PUT;q=1"], &[b"\"PUT\""], &[b"PUT", b"a b"], &[b"\xe9"], &[b"(x)"]];
        for values in bad {
            assert_eq!(extract_list(&lines(values), &NAME), Err(Malformed), "{values:?}");
        }
    }

    #[test]
    fn seconds_are_digits_on_one_line() {
        let cases: [(&[&[u8]], Option<u64>); 10] = [
            (&[], None),
            (&[b""], None),
            (&[b"600"], Some(600)),
            (&[b" 007 "], Some(7)),
            (&[b"0"], Some(0)),
            (&[b"-1"], None),
            (&[b"1.5"], None),
            (&[b"10, 20"], None),
            (&[b"10", b"10"], None),
            (&[b"99999999999999999999999"], Some(u64::MAX)),
        ];
        for (values, seconds) in cases {
            assert_eq!(extract_delta_seconds(&lines(values), &NAME), seconds, "{values:?}");
        }
    }
}
