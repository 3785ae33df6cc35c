//! Compares the builder with the `url` crate, an independent implementation of the URL Standard.

mod oracle;

use proptest::prelude::*;

use self::oracle::{assert_builder_agrees, assert_suggestion_is_true};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_builder_agrees_about_any_text(text in any::<String>()) {
        assert_builder_agrees(&text);
    }

    #[test]
    fn the_builder_agrees_about_origins_with_something_put_in(
        origin in near_origin(),
        insertions in prop::collection::vec((any::<prop::sample::Index>(), inserted()), 0..4),
    ) {
        let mut chars: Vec<char> = origin.chars().collect();
        for (index, inserted) in insertions {
            let place = index.index(chars.len() + 1);
            chars.splice(place..place, inserted.chars());
        }
        assert_builder_agrees(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn the_builder_agrees_about_parts_in_any_order(parts in prop::collection::vec(part(), 0..8)) {
        assert_builder_agrees(&parts.concat());
    }
}

#[test]
fn over_tls_a_suggestion_has_no_default_port() {
    assert_builder_agrees("http://App.example.com:443/");
}

#[test]
fn no_code_point_leads_to_a_wrong_suggestion() {
    // These blocks have the code points that are mapped; of the rest, one in a hundred. With the slash at the end, there is a
    // suggestion even if the code point is valid.
    let mapped = ('\0'..'\u{3400}').chain('\u{f900}'..='\u{ffff}').chain('\u{1d400}'..'\u{1f300}');
    for char in mapped.chain(('\u{3400}'..=char::MAX).step_by(101)) {
        assert_suggestion_is_true(&format!("https://B{char}cher.example/"));
    }
}

fn near_origin() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https://",
        "http://",
        "HTTPS://",
        "https:/",
        "https:",
        "https//",
        "https:///",
        "wss://",
        "ftp://",
        "capacitor://",
        "Tauri://",
        "chrome-extension://",
        "",
        "//",
        "\"https://",
        "[\"https://",
        "^https://",
    ]);
    let user = prop::sample::select(vec!["", "", "", "me@", "me:pw@", "good.example\\@"]);
    let host = prop_oneof![
        prop::sample::select(vec![
            "example.com",
            "Example.COM",
            "*.example.com",
            "bücher.example",
            "BÜCHER.example",
            "bu\u{308}cher.example",
            "ｅｘａｍｐｌｅ.com",
            "example。com",
            "exam\u{ad}ple.com",
            "ΣΑΣ.example",
            "faß.example",
            "FAẞ.example",
            "дом.example",
            "日本語.example",
            "한글.example",
            "דוגמה.example",
            "xn--bcher-kva.example",
            "XN--BCHER-KVA.example",
            "xn--a.example",
            "*.xn--a.example",
            "localhost",
            "LocalHost",
            "app.localhost",
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0.0.0.0",
            "::1",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1%25eth0]",
            "example.1",
            "MyApp",
            "*",
            "app-*.example.com",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9_.%-]{1,12}",
        "\\PC{1,6}",
    ];
    let port = prop::sample::select(vec![
        "", "", "", ":80", ":443", ":080", ":3000", ":*", ":", ":+80", ":0", ":65536",
    ]);
    let tail = prop::sample::select(vec![
        "", "", "", "/", "/app", "?q", "#f", "\\", "\"", "\"]", ",", ";", " ", "/*", "$",
    ]);
    (scheme, user, host, port, tail)
        .prop_map(|(scheme, user, host, port, tail)| format!("{scheme}{user}{host}{port}{tail}"))
}

fn inserted() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<char>().prop_map(String::from),
        "\\PC{1,3}",
        // Characters that IDNA maps, ignores, joins or forbids, and those that the URL parser removes or splits at.
        prop::sample::select(vec![
            "\u{308}",
            "\u{301}",
            "\u{ad}",
            "\u{200d}",
            "\u{3002}",
            "\u{ff0e}",
            "\u{ff0f}",
            "\u{2024}",
            "\u{3000}",
            "\u{a0}",
            "\u{1e9e}",
            "\u{130}",
            "\u{212a}",
            "\u{3a3}",
            "\u{3c2}",
            "\u{1100}\u{1161}",
            "\u{11a8}",
            "\u{3099}",
            "\u{202e}",
            "\u{feff}",
            "ﬁ",
            "½",
            "①",
            "\t",
            "\n",
            "\r",
            "\0",
            " ",
            "\\",
            "/",
            "@",
            ":",
            "?",
            "#",
            "%",
            "%2f",
            "%41",
            "..",
            "-",
            "*",
            "*.",
            "[",
            "]",
            "xn--",
            ",",
            ";",
            "\"",
            "'",
            "^",
            "$",
            "|",
            "<",
        ])
        .prop_map(str::to_owned),
    ]
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "http",
            "https",
            "ws",
            "wss",
            "ftp",
            "file",
            "blob",
            "tauri",
            ":",
            "/",
            "//",
            "://",
            "\\",
            "@",
            "*.",
            "*",
            ":*",
            ".",
            "-",
            "xn--",
            "localhost",
            "example",
            ".com",
            "127.0.0.1",
            "[::1]",
            ":80",
            ":443",
            ":3000",
            "[",
            "]",
            "\"",
            ",",
            ";",
            " ",
            "?",
            "#",
            "%",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9]{1,5}",
        "\\PC{1,3}",
        inserted(),
    ]
}
