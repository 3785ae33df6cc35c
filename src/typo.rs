//! Whether one name is probably a typo of another.

/// In how many consecutive bytes two names may differ.
const MAX_DIFFERENCE: usize = 2;

/// The shortest name that is worth a guess: `x-a` is not a typo of `x-b`.
const MIN_GUESSED_LEN: usize = 6;

/// The known name that was probably meant.
pub(crate) fn meant<'a>(name: &str, mut known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() < MIN_GUESSED_LEN { None } else { known.find(|known| is_near(known, name)) }
}

/// Whether two different names differ only by a byte or two in one place: `x-requestid` and `x-request-id`.
///
/// An edit distance would find more pairs, in a time that grows with the square of the length; this reads each byte once.
pub(crate) fn is_near(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left == right || left.len().abs_diff(right.len()) > MAX_DIFFERENCE {
        return false;
    }
    let same = |(left, right): &(&u8, &u8)| left == right;
    let front = left.iter().zip(right).take_while(same).count();
    let (left, right) = (&left[front..], &right[front..]);
    let back = left.iter().rev().zip(right.iter().rev()).take_while(same).count();
    let difference = left.len().max(right.len()) - back;
    // More bytes must be equal than different, or `a` would be near `b`.
    difference <= MAX_DIFFERENCE && front + back > difference
}

/// Whether two different names differ only by one typo: a letter too many, too few or wrong, or two that
/// changed places. Stricter than [`is_near`]: for names that were not chosen to be alike.
pub(crate) fn is_slip(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left == right || left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let front = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    match (&left[front..], &right[front..]) {
        ([_, left @ ..], right) | (right, [_, left @ ..]) if left == right => true,
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([a, b, left @ ..], [c, d, right @ ..]) => (a, b) == (d, c) && left == right,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_near, is_slip};

    #[test]
    fn a_slip_is_one_letter_too_many_too_few_or_wrong_or_two_that_changed_places() {
        let cases = [
            ("htps", "https", true),
            ("hhttps", "https", true),
            ("httpss", "https", true),
            ("http", "https", true),
            ("authorisation", "authorization", true),
            ("content_type", "content-type", true),
            ("conetnt-type", "content-type", true),
            ("DELTEE", "DELETE", true),
            ("hxxps", "https", false),
            ("htsp", "https", false),
            ("hptts", "https", false),
            ("etag", "gate", false),
            ("x-request-i", "x-request-id-", false),
            ("https", "https", false),
            ("a", "", true),
            ("", "", false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(is_slip(left, right), expected, "{left:?} and {right:?}");
            assert_eq!(is_slip(right, left), expected, "{right:?} and {left:?}");
        }
    }

    #[test]
    fn names_are_near_that_differ_in_one_place() {
        let cases = [
            ("x-requestid", "x-request-id", true),
            ("exmaple.com", "example.com", true),
            ("app.example.con", "app.example.com", true),
            ("content_type", "content-type", true),
            ("x-a", "x-b", true),
            ("x-request-id", "x-request-id-2", true),
            ("x-request-id", "x-request-id-23", false),
            ("axyb", "ab", false),
            ("axycb", "acb", true),
            ("x-a", "x-a", false),
            ("a", "b", false),
            ("ab", "ba", false),
            ("abc.example", "xyz.example", false),
            ("a.example.com", "b.example.org", false),
            ("x", "xxxx", false),
            ("", "", false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(is_near(left, right), expected, "{left:?} and {right:?}");
            assert_eq!(is_near(right, left), expected, "{right:?} and {left:?}");
        }
    }
}
