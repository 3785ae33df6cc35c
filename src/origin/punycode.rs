//! Punycode, RFC 3492: the ASCII form of a label, for suggestions only.
//!
//! The crate `idna` does this and the Unicode mappings in front of it, with twenty crates of tables behind it: too
//! much for every user of a CORS layer to build for the sake of one error message. The tests compare with it.

/// Bootstring's parameters for Punycode: RFC 3492, section 5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// The lowercase `xn--` form of a label, or the label itself if it is ASCII. `None` where a number overflows.
pub(super) fn label_to_ascii(label: &str) -> Option<String> {
    let label = label.to_lowercase();
    if label.is_ascii() {
        return Some(label);
    }
    let basic: String = label.chars().filter(char::is_ascii).collect();
    let mut output = format!("xn--{basic}");
    if !basic.is_empty() {
        output.push('-');
    }
    encode(&label, u32::try_from(basic.len()).ok()?, &mut output)?;
    Some(output)
}

/// RFC 3492, section 6.3.
fn encode(label: &str, basic_len: u32, output: &mut String) -> Option<()> {
    let mut next = INITIAL_N;
    let mut delta: u32 = 0;
    let mut bias = INITIAL_BIAS;
    let mut handled = basic_len;
    while let Some(lowest) = label.chars().map(u32::from).filter(|code| *code >= next).min() {
        delta = delta.checked_add((lowest - next).checked_mul(handled + 1)?)?;
        next = lowest;
        for code in label.chars().map(u32::from) {
            if code < next {
                delta = delta.checked_add(1)?;
            } else if code == next {
                push_integer(delta, bias, output);
                bias = adapt(delta, handled + 1, handled == basic_len);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(())
}

/// A generalized variable-length integer: RFC 3492, section 3.3.
fn push_integer(mut value: u32, bias: u32, output: &mut String) {
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if value < threshold {
            break;
        }
        output.extend(digit(threshold + (value - threshold) % (BASE - threshold)));
        value = (value - threshold) / (BASE - threshold);
        k += BASE;
    }
    output.extend(digit(value));
}

/// RFC 3492, section 5: `a` to `z`, then `0` to `9`.
fn digit(value: u32) -> Option<char> {
    char::from_digit((value + 10) % BASE, BASE)
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = delta / if first { DAMP } else { 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_become_ascii() {
        let cases = [
            ("example", "example"),
            ("Example", "example"),
            ("bücher", "xn--bcher-kva"),
            ("MÜNCHEN", "xn--mnchen-3ya"),
            ("日本語", "xn--wgv71a119e"),
            ("пример", "xn--e1afmkfd"),
        ];
        for (label, ascii) in cases {
            assert_eq!(label_to_ascii(label).as_deref(), Some(ascii), "{label}");
        }
    }

    proptest! {
        #[test]
        fn letters_encode_as_idna_encodes_them(label in "[a-zäöüßéèñ日本語語кириλά]{1,20}") {
            // `ß` and `ά` need mappings of IDNA that lowercasing is not, unless they are already in composed form.
            let theirs = idna::domain_to_ascii(&label);
            prop_assert_eq!(label_to_ascii(&label), theirs.ok());
        }
    }
}
