//! How the files write bytes that are not text, and repetitions.

/// `{3*ab}` is `ababab`, and `{xff}` is the byte 0xff. Any other brace stands for itself.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, braces) = rest.split_at(open);
        bytes.extend_from_slice(before.as_bytes());
        let (written, after) = in_braces(braces).unwrap_or_else(|| (vec![b'{'], &braces[1..]));
        bytes.extend(written);
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

fn in_braces(text: &str) -> Option<(Vec<u8>, &str)> {
    let (inside, after) = text.strip_prefix('{')?.split_once('}')?;
    if let Some(hexadecimal) = inside.strip_prefix('x').filter(|digits| digits.len() == 2) {
        return Some((vec![u8::from_str_radix(hexadecimal, 16).ok()?], after));
    }
    let (times, repeated) = inside.split_once('*')?;
    Some((repeated.repeat(times.parse().ok()?).into_bytes(), after))
}
