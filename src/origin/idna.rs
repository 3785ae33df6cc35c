//! Names that are not ASCII: what is certain about them without the tables of IDNA.
//!
//! The crate `idna` has these tables and depends on twenty crates. That is too much to build only for an error message. So this
//! module answers two questions, each only if the answer is certain: how do browsers write a name, and do browsers never write this
//! name? For some names it answers neither. The tests compare with `idna`.

use super::punycode;

/// The prefix of a label's ASCII form: RFC 5890, section 2.3.1.
const PREFIX: &str = "xn--";

/// The letters with a certain ASCII form: in lower case, unchanged by IDNA's mapping and by NFC, written from left to right, and
/// never combined with their neighbours. Latin, Greek, Cyrillic, kana, ideographs and Hangul syllables.
const PLAIN: [(char, char); 22] = [
    ('ß', 'ö'),
    ('ø', 'ÿ'),
    ('ā', 'ı'),
    // Without the ligature `ĳ`.
    ('ĵ', 'ľ'),
    // Without `ŀ`, which IDNA splits.
    ('ł', 'ň'),
    // Without `ŉ`, likewise.
    ('ŋ', 'ž'),
    ('ά', 'ώ'),
    ('а', 'џ'),
    ('ѡ', 'ѿ'),
    ('ґ', 'ӿ'),
    ('ぁ', 'ゖ'),
    ('ァ', 'ヺ'),
    ('ー', 'ー'),
    ('々', '〇'),
    ('㐀', '䶵'),
    ('一', '鿯'),
    ('가', '힣'),
    ('ạ', 'ỹ'),
    ('ḁ', 'ẕ'),
    ('ǎ', 'ǜ'),
    ('ș', 'ț'),
    ('ơ', 'ư'),
];

/// The last of these letters that has an upper case. Later characters, such as the sign for kelvin, stay as they are.
const LAST_CASED: char = 'ỹ';

/// The ASCII form in which browsers send a label of a host, in lower case; `None` if it is not certain.
pub(super) fn to_ascii(label: &str) -> Option<String> {
    let label = label.chars().map(lowercase).collect::<Option<String>>()?;
    match label.strip_prefix(PREFIX) {
        Some(encoded) => is_plain(&decoded(encoded)?).then_some(label),
        None if label.is_ascii() => Some(label),
        None if is_plain(&label) => Some(format!("{PREFIX}{}", punycode::encode(&label)?)),
        None => None,
    }
}

/// Whether a lowercase ASCII label starts with `xn--` and is never sent by browsers, because their URL parser fails on it (UTS #46,
/// section 4, steps 4 and validity criteria 7 and 8).
///
/// Found: labels that do not decode, or encode differently, and those that decode to a control character, white space, a private
/// code point or an upper-case letter. Not found, because it needs tables: unassigned and mapped code points, text that is not in
/// NFC, a leading mark, and violations of the rules for joiners and for text from right to left.
pub(super) fn is_never_sent(label: &str) -> bool {
    label.strip_prefix(PREFIX).is_some_and(|encoded| match decoded(encoded) {
        Some(label) => label.contains(is_never_in_a_name),
        None => true,
    })
}

/// The decoded text after `xn--`, if encoding it again gives the same.
fn decoded(encoded: &str) -> Option<String> {
    let label = punycode::decode(encoded)?;
    let is_canonical = !label.is_ascii() && punycode::encode(&label).as_deref() == Some(encoded);
    is_canonical.then_some(label)
}

/// The same letter in lower case, if IDNA maps it the same way.
fn lowercase(char: char) -> Option<char> {
    if char > LAST_CASED { Some(char) } else { lowercase_of(char) }
}

/// A letter's lower case, if it is one code point. `str::to_lowercase` also looks at the neighbours.
fn lowercase_of(char: char) -> Option<char> {
    let mut lowercase = char.to_lowercase();
    lowercase.next().filter(|_| lowercase.next().is_none())
}

fn is_plain(label: &str) -> bool {
    let is_plain = |char: char| PLAIN.iter().any(|(first, last)| (*first..=*last).contains(&char));
    label.chars().all(|char| char.is_ascii() || is_plain(char))
}

fn is_never_in_a_name(char: char) -> bool {
    let is_private = matches!(char, '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..);
    // Cherokee is the only script in which IDNA keeps upper case.
    let is_cherokee = matches!(char, '\u{13a0}'..='\u{13f5}');
    let is_upper_case = !is_cherokee && lowercase_of(char).is_some_and(|lowercase| lowercase != char);
    !char.is_ascii() && (char.is_control() || char.is_whitespace() || is_private || is_upper_case)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As in the URL Standard: domain to ASCII, `beStrict` false.
    fn theirs(label: &str) -> Option<String> {
        let host = url::Host::parse(label).ok()?;
        matches!(host, url::Host::Domain(_)).then(|| host.to_string())
    }

    fn all_chars() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    #[test]
    fn labels_become_ascii() {
        let cases = [
            ("example", Some("example")),
            ("Example", Some("example")),
            ("bücher", Some("xn--bcher-kva")),
            ("MÜNCHEN", Some("xn--mnchen-3ya")),
            ("ΣΑΣ", Some("xn--mxa9ab")),
            ("日本語", Some("xn--wgv71a119e")),
            ("пример", Some("xn--e1afmkfd")),
            ("XN--BCHER-KVA", Some("xn--bcher-kva")),
            // Two code points that NFC composes into one; full width; an ideographic full stop; a soft hyphen; right to left.
            ("bu\u{308}cher", None),
            ("ｅｘａｍｐｌｅ", None),
            ("example。com", None),
            ("ex\u{ad}ample", None),
            ("דוגמה", None),
            ("xn--bücher", None),
            ("xn--a", None),
        ];
        for (label, ascii) in cases {
            assert_eq!(to_ascii(label).as_deref(), ascii, "{label}");
            assert!(ascii.is_none() || ascii == theirs(label).as_deref(), "{label}");
        }
    }

    #[test]
    fn every_code_point_whose_form_is_certain_has_that_form() {
        let mut certain = 0;
        for char in all_chars().filter(|char| !char.is_ascii()) {
            let label = format!("a{char}");
            if let Some(ascii) = to_ascii(&label) {
                certain += 1;
                assert_eq!(Some(ascii), theirs(&label), "{label} {:x}", u32::from(char));
            }
        }
        assert!(certain > 30_000, "{certain}");
    }

    #[test]
    fn no_code_point_that_is_never_in_a_name_is_in_one() {
        // Only every 101st character of the private planes.
        let sampled = all_chars().filter(|char| *char < '\u{e000}' || u32::from(*char) % 101 == 0);
        for char in sampled.filter(|char| is_never_in_a_name(*char)) {
            let label = format!("{PREFIX}{}", punycode::encode(&format!("a{char}")).expect("it is short"));
            assert!(is_never_sent(&label), "{label}");
            assert_eq!(theirs(&label), None, "{label} {:x}", u32::from(char));
        }
    }

    #[test]
    fn labels_that_do_not_decode_are_never_sent() {
        for label in ["xn--", "xn--a", "xn---", "xn--abc-", "xn--example-", "xn--bcher-kv", "xn--99999999"] {
            assert!(is_never_sent(label), "{label}");
            assert_eq!(theirs(label), None, "{label}");
        }
        for label in ["xn--bcher-kva", "xn--4dbcagdahymbxekheh6e0a7fei0b", "a", "xn-", "a-xn--a", "ab--c"] {
            assert!(!is_never_sent(label), "{label}");
            assert!(theirs(label).is_some(), "{label}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_certain_is_so_in_any_company(label in "[a-zA-ZäöüÄÖÜßéñàΣσςάΆ日本語ーかカ한글кириЖłŁőŐạươǎ々-]{1,20}") {
            if let Some(ascii) = to_ascii(&label) {
                prop_assert_eq!(Some(ascii), theirs(&label));
            }
        }

        #[test]
        fn what_is_never_sent_is_nothing_to_the_crate_url(encoded in "xn--[a-z0-9-]{0,20}") {
            if is_never_sent(&encoded) {
                prop_assert_eq!(theirs(&encoded), None);
            }
        }
    }
}
