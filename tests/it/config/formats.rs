//! A policy can be read back from every format: text or binary, with or without field names.

use std::fmt::Debug;
use std::time::Duration;

use http::StatusCode;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, preset};

use super::as_in_toml;
use crate::support::{assert_rows, built};

type Error = Box<dyn std::error::Error>;

/// Writes a value in each format, and reads it back.
fn read_back<T: Serialize + DeserializeOwned>(value: &T) -> Vec<(&'static str, Result<T, Error>)> {
    let cbor = || {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes)?;
        Ok::<T, Error>(ciborium::from_reader(bytes.as_slice())?)
    };
    let bincode = || {
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(value, config)?;
        Ok::<T, Error>(bincode::serde::decode_from_slice(&bytes, config)?.0)
    };
    vec![
        ("TOML", (|| Ok(toml::from_str(&toml::to_string(value)?)?))()),
        ("JSON", (|| Ok(serde_json::from_str(&serde_json::to_string(value)?)?))()),
        ("YAML", (|| Ok(serde_yaml_ng::from_str(&serde_yaml_ng::to_string(value)?)?))()),
        ("RON", (|| Ok(ron::from_str(&ron::to_string(value)?)?))()),
        ("CBOR", cbor()),
        ("MessagePack", (|| Ok(rmp_serde::from_slice(&rmp_serde::to_vec(value)?)?))()),
        ("MessagePack with names", (|| Ok(rmp_serde::from_slice(&rmp_serde::to_vec_named(value)?)?))()),
        ("postcard", (|| Ok(postcard::from_bytes(&postcard::to_stdvec(value)?)?))()),
        ("bincode", bincode()),
    ]
}

fn assert_read_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    values: impl IntoIterator<Item = T>,
) {
    assert_rows(values.into_iter().flat_map(|value| {
        read_back(&value)
            .into_iter()
            .map(move |(format, read)| {
                let shown = read.map_err(|error| error.to_string()).map(|read| format!("{read:?}"));
                (format, shown, Ok::<_, String>(format!("{value:?}")))
            })
            .collect::<Vec<_>>()
    }));
}

fn builders() -> [CorsPolicyBuilder; 4] {
    [
        as_in_toml(),
        CorsPolicy::builder().allow_origin("https://app.example.com"),
        CorsPolicy::builder().allow_any_origin().allow_any_method().allow_any_header().expose_all_headers(),
        CorsPolicy::builder()
            .allow_any_origin()
            .allow_headers(["*", "authorization"])
            .max_age(Duration::ZERO)
            .preflight_status(StatusCode::OK),
    ]
}

#[test]
fn a_policy_is_read_back_from_every_format() {
    assert_read_back(builders().map(built));
}

#[test]
fn a_builder_is_read_back_from_every_format() {
    assert_read_back(builders());
    // A builder, unchecked.
    assert_read_back([
        CorsPolicy::builder(),
        CorsPolicy::builder().allow_origins(["https://A.example/", ""]),
    ]);
}

/// If serde buffers a value until it knows the type, it forgets that the format is binary.
#[test]
fn a_policy_is_read_back_from_within_other_types() {
    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Policy(CorsPolicy),
    }

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Flat {
        port: u16,
        #[serde(flatten)]
        cors: CorsPolicy,
    }

    // A format that is not self-describing cannot be read into either of them, whatever its content.
    let cannot = ["postcard", "bincode"];
    let mut rows = Vec::new();
    for policy in builders().map(built) {
        for (format, read) in read_back(&Either::Policy(policy.clone())) {
            rows.push((
                format!("{format}, untagged"),
                format,
                read.ok() == Some(Either::Policy(policy.clone())),
            ));
        }
        let flat = Flat { port: 80, cors: policy.clone() };
        for (format, read) in read_back(&flat) {
            rows.push((
                format!("{format}, flattened"),
                format,
                read.ok() == Some(Flat { port: 80, cors: policy.clone() }),
            ));
        }
    }
    assert_rows(
        rows.into_iter()
            .filter(|(_, format, _)| !cannot.contains(format))
            .map(|(row, _, same)| (row, same, true)),
    );
}

#[test]
fn an_optional_policy_is_read_back_from_every_format() {
    assert_read_back([Outer { cors: Some(built(as_in_toml())) }, Outer { cors: None }]);
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Outer {
    cors: Option<CorsPolicy>,
}

#[test]
fn what_is_not_set_is_not_written_for_people() -> Result<(), Error> {
    let builder = CorsPolicy::builder().allow_origin("https://app.example.com");
    let names = [
        "allow_origins",
        "allow_credentials",
        "allow_methods",
        "allow_headers",
        "expose_headers",
        "vary_by",
        "reject_disallowed_origins",
        "served_at",
        "presets",
        "dangerously_allow_insecure_origins",
        "dangerously_allow_public_suffixes",
        "dangerously_allow_null_origin",
    ];
    let toml: toml::Table = toml::from_str(&toml::to_string(&builder)?)?;
    let mut names = names.map(str::to_owned);
    names.sort();
    assert_eq!(toml.keys().cloned().collect::<Vec<_>>(), names);
    Ok(())
}

#[test]
fn a_policy_that_ends_too_soon_is_an_error() -> Result<(), Error> {
    let bytes = rmp_serde::to_vec(&as_in_toml())?;
    // An array of fifteen values, said to be one of fourteen.
    assert_eq!(bytes[0], 0x9f);
    let shorter: Vec<_> = [0x9e].into_iter().chain(bytes[1..bytes.len() - 1].iter().copied()).collect();
    let error = rmp_serde::from_slice::<CorsPolicy>(&shorter).expect_err("a value is missing");
    assert_eq!(error.to_string(), "missing field `dangerously_allow_null_origin`");
    Ok(())
}

/// Anything that a builder accepts, checked or not.
fn builder() -> impl Strategy<Value = CorsPolicyBuilder> {
    let text = |texts: &'static [&'static str]| prop_oneof![8 => select(texts).prop_map(str::to_owned), 1 => "\\PC{0,12}"];
    let origins = text(&[
        "https://a.example",
        "https://*.a.example",
        "http://localhost:*",
        "http://b.example",
        "*",
        "null",
    ]);
    let regexes =
        text(&[r"https://pr-\d{1,3}\.example\.com", "https://a|b", "http://localhost(:[0-9]+)?", "("]);
    let lists = (
        (vec(origins, 0..5), vec(regexes, 0..3)),
        vec(text(&["PUT", "PATCH", "GET", "*"]), 0..4),
        vec(text(&["authorization", "X-A", "x-a", "x-p-*", "*"]), 0..4),
        vec(text(&["x-request-id", "ETag", "*"]), 0..4),
        vec(text(&["x-tenant", "Origin"]), 0..3),
        vec(text(&["https://api.example.com", "http://localhost:*", "*"]), 0..3),
    );
    let numbers = (option::of(prop_oneof![0..=86_401_u64, any::<u64>()]), option::of(100..=999_u16));
    (lists, numbers, vec(select(preset::ALL), 0..3), any::<[bool; 5]>()).prop_map(
        |(
            ((origins, regexes), methods, headers, exposed, vary_by, served_at),
            (max_age, status),
            presets,
            switches,
        )| {
            let [credentials, reject, insecure, suffixes, null] = switches;
            let mut builder = CorsPolicy::builder()
                .allow_origins(origins)
                .allow_credentials(credentials)
                .allow_methods(methods)
                .allow_headers(headers)
                .expose_headers(exposed)
                .vary_by(vary_by)
                .served_at(served_at)
                .reject_disallowed_origins(reject)
                .dangerously_allow_insecure_origins(insecure)
                .dangerously_allow_public_suffixes(suffixes)
                .dangerously_allow_null_origin(null);
            builder = regexes.into_iter().fold(builder, CorsPolicyBuilder::allow_origin_regex);
            builder = presets.into_iter().fold(builder, CorsPolicyBuilder::with);
            if let Some(seconds) = max_age {
                // A fraction is ignored.
                builder = builder.max_age(Duration::new(seconds, 500_000_000));
            }
            match status.and_then(|status| StatusCode::from_u16(status).ok()) {
                Some(status) => builder.preflight_status(status),
                None => builder,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_builder_and_every_policy_is_read_back_from_every_format(builder in builder()) {
        for (format, read) in read_back(&builder) {
            // Integers in TOML have at most 63 bits.
            if format == "TOML" && read.is_err() && toml::to_string(&builder).is_err() {
                continue;
            }
            let read = read.map_err(|error| error.to_string());
            prop_assert_eq!(read.as_ref(), Ok(&builder), "{}", format);
        }
        if let Ok(policy) = builder.build() {
            for (format, read) in read_back(&policy) {
                let read = read.map_err(|error| error.to_string());
                prop_assert_eq!(read.as_ref(), Ok(&policy), "{}", format);
                prop_assert_eq!(read.map(|read| read.to_builder()), Ok(policy.to_builder()), "{}", format);
            }
        }
    }
}
