//! Every format says the same, and nothing in it ends the program.

use super::*;

fn read(format: Format, text: &str) -> Reading {
    Reading::of_text(Source::File("cors".to_owned()), text.to_owned(), format, Options::PREFIX)
}

#[test]
fn every_format_says_the_same() {
    let toml = "allow_origins = ['https://a.example', \"https://b.example\"]\nallow_credentials = true\nmax_age = '10m'";
    let texts = [
        (Format::Toml, toml.to_owned()),
        (Format::Toml, format!("port = 80\n[cors]\n{toml}\n[log]\nlevel = 3\n")),
        (Format::Toml, format!("[[cors]]\n{toml}\n")),
        (Format::Toml, "cors = { allow_origins = 'https://a.example,https://b.example', allow_credentials = true, max_age = 600 }".into()),
        (Format::Toml, "cors.allow_origins = 'https://a.example,https://b.example'\ncors.allow_credentials = true\ncors.max_age = 600".into()),
        (Format::Json, r#"{ "allow_origins": ["https:\/\/a.example", "https://b.example"], "allow_credentials": true, "max_age": 600 }"#.into()),
        (Format::Json, r#"{ "port": 80, "cors": { "allow_origins": "https://a.example, https://b.example", "allow_credentials": true, "max_age": 6e2 } }"#.replace("6e2", "600")),
        (Format::Json, r#"[{ "allow_origins": "https://a.example, https://b.example", "allow_credentials": "true", "max_age": "600" }]"#.into()),
        (Format::Yaml, "allow_origins:\n  - https://a.example\n  - \"https://b.example\"\nallow_credentials: true\nmax_age: 600\n".into()),
        (Format::Yaml, "port: 80\ncors: &c\n  allow_origins: [https://a.example, 'https://b.example']\n  allow_credentials: True\n  max_age: 10m\n".into()),
        (Format::Yaml, "base: &c\n  allow_origins: [https://a.example, 'https://b.example']\n  allow_credentials: True\n  max_age: 10m\ncors: [*c]".into()),
        (Format::Env, "# policy\n\nexport CORS_ALLOW_ORIGINS=https://a.example,https://b.example # two\nPORT=80\nCORS_ALLOW_CREDENTIALS='true'\r\ncors_max_age = \"600\"".into()),
    ];
    let expected = read(Format::Toml, toml);
    let expected = expected.policies;
    assert_eq!(expected.len(), 1);
    for (format, text) in texts {
        assert_eq!(read(format, &text).policies, expected, "{text}");
    }
}
