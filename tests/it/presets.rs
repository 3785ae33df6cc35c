//! What presets add to a policy, and what they do not change. `tests/presets.rs` checks that their names are the right ones.

use std::collections::HashSet;

use http::Method;
use serde_json::json;
use tower_cors::preset::{self, Preset};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Issue};

use crate::support::{allow_app, built};

/// The names of a preset in one of the lists.
fn names(preset: Preset, field: &str) -> Vec<&'static str> {
    preset.entries().filter(|entry| entry.field() == field).map(|entry| entry.name()).collect()
}

/// The same policy as a preset's, written by hand.
fn by_hand(policy: CorsPolicyBuilder, preset: Preset) -> CorsPolicyBuilder {
    policy
        .allow_methods(names(preset, "allow_methods"))
        .allow_headers(names(preset, "allow_headers"))
        .expose_headers(names(preset, "expose_headers"))
}

fn warnings(policy: &CorsPolicy) -> Vec<String> {
    policy.warnings().map(|warning| warning.to_string()).collect()
}

#[test]
fn a_preset_adds_its_names_to_three_lists_and_nothing_else() {
    for preset in preset::ALL.iter().copied() {
        let policy = built(allow_app().allow_methods([Method::PUT]).allow_headers(["x-mine"]).with(preset));
        let expected = by_hand(allow_app().allow_methods([Method::PUT]).allow_headers(["x-mine"]), preset);
        assert_eq!(policy, built(expected.clone()), "{preset:?}");
        // In the order of the lists; explicit names come first.
        assert_eq!(policy.to_builder(), built(expected).to_builder(), "{preset:?}");
    }
}

#[test]
fn a_preset_allows_no_origin() {
    for preset in preset::ALL.iter().copied() {
        let error = CorsPolicy::builder().with(preset).build().expect_err("no origin");
        assert!(error.issues().map(Issue::kind).eq(["no-origin"]), "{error}");
    }
}

#[test]
fn presets_can_be_combined() {
    let all = preset::ALL.iter().copied().fold(allow_app(), CorsPolicyBuilder::with);
    assert_eq!(built(all), built(preset::ALL.iter().copied().fold(allow_app(), by_hand)));
}

#[test]
fn beside_any_header_the_authorization_of_a_preset_still_counts() {
    let policy = built(allow_app().allow_any_header().with(preset::OPENAI_JS));
    assert_eq!(
        policy,
        built(
            allow_app()
                .allow_any_header()
                .allow_headers(["authorization"])
                .allow_methods(["DELETE"])
                .expose_headers(names(preset::OPENAI_JS, "expose_headers"))
        )
    );
}

#[test]
fn what_a_preset_adds_too_is_no_warning() {
    for preset in preset::ALL.iter().copied() {
        let policy = built(by_hand(allow_app(), preset).with(preset).with(preset));
        assert_eq!(warnings(&policy), [""; 0], "{preset:?}");
        assert_eq!(warnings(&built(policy.to_builder())), [""; 0], "{preset:?}");
    }
    // It was needed before the preset was added.
    let policy = built(allow_app().allow_headers(["x-stainless-lang"]).with(preset::OPENAI_JS));
    assert_eq!(warnings(&policy), [""; 0]);
}

#[test]
fn what_is_written_twice_beside_a_preset_is_a_warning_still() {
    let policy = allow_app().allow_headers(["x-a", "X-A", "x-stainless-lang", "x-Stainless-*"]);
    let policy = built(policy.with(preset::OPENAI_JS));
    let kinds: Vec<_> = policy.warnings().map(|warning| warning.kind()).collect();
    assert_eq!(kinds, ["duplicate", "covered"]);
}

#[test]
fn presets_are_read_from_a_file_by_name() {
    let expected = allow_app().with(preset::MCP).with(preset::GRPC_WEB);
    let origin = "https://app.example.com";
    for presets in [json!(["mcp", "grpc-web"]), json!("mcp, grpc-web")] {
        let file = json!({ "allow_origins": origin, "presets": presets });
        let builder: CorsPolicyBuilder = serde_json::from_value(file.clone()).expect("a builder");
        assert_eq!(
            builder,
            CorsPolicy::builder().allow_origin(origin).with(preset::MCP).with(preset::GRPC_WEB)
        );
        let policy: CorsPolicy = serde_json::from_value(file).expect("a policy");
        assert_eq!(policy, built(expected.clone()));
    }
}

#[test]
fn a_policy_is_written_with_the_names_and_a_builder_with_the_presets() -> Result<(), serde_json::Error> {
    let builder = allow_app().with(preset::SSE);
    let written = serde_json::to_value(&builder)?;
    assert_eq!((&written["presets"], &written["allow_headers"]), (&json!(["sse"]), &json!([])));
    assert_eq!(serde_json::from_value::<CorsPolicyBuilder>(written)?, builder);

    let policy = built(builder);
    let written = serde_json::to_value(&policy)?;
    assert_eq!((&written["presets"], &written["allow_headers"]), (&json!([]), &json!(["last-event-id"])));
    assert_eq!(serde_json::from_value::<CorsPolicy>(written)?, policy);
    Ok(())
}

#[test]
fn binary_formats_keep_presets() -> Result<(), Box<dyn std::error::Error>> {
    let builder = allow_app().with(preset::TUS).with(preset::MCP);
    assert_eq!(postcard::from_bytes::<CorsPolicyBuilder>(&postcard::to_stdvec(&builder)?)?, builder);
    let policy = built(builder);
    assert_eq!(postcard::from_bytes::<CorsPolicy>(&postcard::to_stdvec(&policy)?)?, policy);
    Ok(())
}

#[test]
fn an_unknown_preset_is_told_with_every_other_mistake() {
    let file = json!({
        "allow_origins": "https://app.example.com/",
        "presets": ["mcp", "openai", "GRPC_WEB", "soap", ""],
        "max_age": "ten",
    });
    let error = serde_json::from_value::<CorsPolicy>(file).expect_err("six mistakes").to_string();
    let names: Vec<_> = preset::ALL.iter().map(|preset| format!("`{}`", preset.name())).collect();
    let unknown = format!("is not the name of a preset. The presets are {}", names.join(", "));
    assert_eq!(
        error,
        format!(
            "the CORS policy has 6 issues:
 1. allow_origins: `https://app.example.com/` ends with a slash, but an origin ends with its host or port; did you mean `https://app.example.com`?
 2. max_age: `ten` is not valid. Use a number of seconds, or a duration such as \"10m\"
 3. presets: `openai` {unknown}; did you mean `openai-js`?
 4. presets: `GRPC_WEB` {unknown}; did you mean `grpc-web`?
 5. presets: `soap` {unknown}
 6. presets: `` {unknown}"
        )
    );
    let issue =
        serde_json::from_value::<CorsPolicyBuilder>(json!({ "allow_origins": "*", "presets": "soap" }));
    let error = issue.expect("a builder").build().expect_err("no such preset");
    assert!(error.issues().map(Issue::kind).eq(["unknown-preset"]));
}

#[test]
fn each_preset_says_what_it_adds_and_where_it_has_it_from() {
    let mut presets = HashSet::new();
    for preset in preset::ALL.iter().copied() {
        assert!(presets.insert(preset.name()), "{preset:?} is there twice");
        assert_eq!(Preset::named(preset.name()), Some(preset));
        assert!(preset.clients().all(|client| client.split(' ').count() == 2), "{preset:?}");
        assert!(preset.clients().next().is_some(), "{preset:?} was tested with no client");
        let mut entries: Vec<_> = preset.entries().map(|entry| (entry.field(), entry.name())).collect();
        let written = entries.clone();
        entries.sort_by_key(|(field, name)| (FIELDS.iter().position(|known| known == field), *name));
        entries.dedup();
        assert_eq!(written, entries, "{preset:?}: each name once, in order");
        for entry in preset.entries() {
            assert!(FIELDS.contains(&entry.field()), "{entry:?}");
            assert!(entry.source().starts_with("https://"), "{entry:?}");
            assert!(!entry.without().is_empty() && !entry.without().ends_with('.'), "{entry:?}");
            // Whole families of headers only with their own prefix.
            assert!(entry.name().trim_end_matches('*').len() >= 2, "{entry:?}");
        }
    }
    let names: Vec<_> = preset::ALL.iter().copied().map(Preset::name).collect();
    assert!(names.is_sorted(), "a message lists them in this order");
}

const FIELDS: [&str; 3] = ["allow_methods", "allow_headers", "expose_headers"];
