//! Punycode, RFC 3492: between a label's Unicode form and its ASCII form without the `xn--`.

/// Bootstring's parameters for Punycode: RFC 3492, section 5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// RFC 3492, section 6.3. `None` if a number overflows.
pub(super) fn encode(label: &str) -> Option<String> {
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic_len = u32::try_from(output.len()).ok()?;
    if basic_len > 0 {
        output.push('-');
    }
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
                push_integer(delta, bias, &mut output);
                bias = adapt(delta, handled + 1, handled == basic_len);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(output)
}

/// RFC 3492, section 6.2, for lowercase text. `None` if it is not Punycode.
///
/// The time grows with the square of the length: call it with labels only, whose length is limited.
pub(super) fn decode(encoded: &str) -> Option<String> {
    // A delimiter has at least one character before it.
    let split = encoded.rsplit_once('-').filter(|(basic, _)| !basic.is_empty());
    let (basic, mut digits) = split.unwrap_or(("", encoded));
    let mut label: Vec<char> = basic.chars().collect();
    let mut code = INITIAL_N;
    let mut place: u32 = 0;
    let mut bias = INITIAL_BIAS;
    let mut is_first = true;
    while !digits.is_empty() {
        let (delta, rest) = pop_integer(digits, bias)?;
        let points = u32::try_from(label.len()).ok()? + 1;
        place = place.checked_add(delta)?;
        code = code.checked_add(place / points)?;
        place %= points;
        label.insert(place as usize, char::from_u32(code)?);
        place += 1;
        bias = adapt(delta, points, is_first);
        is_first = false;
        digits = rest;
    }
    Some(label.into_iter().collect())
}

/// A generalized variable-length integer: RFC 3492, section 3.3.
fn push_integer(mut value: u32, bias: u32, output: &mut String) {
    let mut k = BASE;
    loop {
        let threshold = threshold(k, bias);
        if value < threshold {
            break;
        }
        output.extend(digit(threshold + (value - threshold) % (BASE - threshold)));
        value = (value - threshold) / (BASE - threshold);
        k += BASE;
    }
    output.extend(digit(value));
}

/// The leading integer, and the rest.
fn pop_integer(digits: &str, bias: u32) -> Option<(u32, &str)> {
    let (mut value, mut weight, mut k) = (0_u32, 1_u32, BASE);
    for (index, char) in digits.char_indices() {
        let digit = digit_value(char)?;
        value = value.checked_add(digit.checked_mul(weight)?)?;
        let threshold = threshold(k, bias);
        if digit < threshold {
            return Some((value, &digits[index + 1..]));
        }
        weight = weight.checked_mul(BASE - threshold)?;
        k += BASE;
    }
    None
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

/// RFC 3492, section 5: `a` to `z`, then `0` to `9`.
fn digit(value: u32) -> Option<char> {
    char::from_digit((value + 10) % BASE, BASE)
}

fn digit_value(digit: char) -> Option<u32> {
    digit.to_digit(BASE).map(|value| (value + 26) % BASE)
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
    fn labels_are_encoded_and_decoded() {
        let cases = [
            ("bücher", "bcher-kva"),
            ("münchen", "mnchen-3ya"),
            ("日本語", "wgv71a119e"),
            ("пример", "e1afmkfd"),
            ("ü", "tda"),
        ];
        for (label, encoded) in cases {
            assert_eq!(encode(label).as_deref(), Some(encoded), "{label}");
            assert_eq!(decode(encoded).as_deref(), Some(label), "{encoded}");
        }
    }

    #[test]
    fn what_ends_in_the_middle_of_a_number_or_overflows_is_not_decoded() {
        for encoded in [
            "9",
            "-aaa",
            "bcher-kv",
            "bcher-kva_",
            "bcher-kva.",
            "99999999",
            "999999999999999999b",
            "bcher-kvÄ",
        ] {
            assert_eq!(decode(encoded), None, "{encoded}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(label in "\\PC{0,30}") {
            let encoded = encode(&label).expect("it is short");
            prop_assert_eq!(decode(&encoded), Some(label));
        }

        #[test]
        fn both_directions_agree_with_the_crate_idna(label in "\\PC{1,30}", encoded in "[a-z0-9-]{1,30}") {
            prop_assert_eq!(encode(&label), idna::punycode::encode_str(&label));
            prop_assert_eq!(decode(&encoded), idna::punycode::decode_to_string(&encoded));
        }
    }
}
