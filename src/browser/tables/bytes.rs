//! Classes of bytes in header values.

/// RFC 9110, section 5.6.2, `tchar`.
pub(in crate::browser) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Removes all leading and trailing "HTTP tab or space" bytes.
pub(in crate::browser) fn trim_tab_or_space(bytes: &[u8]) -> &[u8] {
    let Some(start) = bytes.iter().position(|byte| !b"\t ".contains(byte)) else { return &[] };
    let end = bytes.iter().rposition(|byte| !b"\t ".contains(byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}
