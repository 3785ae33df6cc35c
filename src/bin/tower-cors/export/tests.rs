//! What holds for every target, and what the page about exports says of each.

use tower_cors::{CorsPolicy, CorsPolicyBuilder};

use super::feature::Feature;
use super::losses::losses;
use super::policy::Policy;
use super::target::Target;

const PAGE: &str = include_str!("../../../docs/export.md");

fn policy(fields: &serde_json::Value) -> Policy {
    let builder: CorsPolicyBuilder = serde_json::from_value(fields.clone()).expect("a policy's fields");
    Policy::of(&builder.build().expect("a policy")).expect("fields that are known")
}

/// A policy that has the feature, beside what every target can say.
fn with(feature: Feature) -> Policy {
    let page = "https://app.example.com";
    policy(&match feature {
        Feature::Subdomains => serde_json::json!({ "allow_origins": [page, "https://*.example.org"] }),
        Feature::AnyPort => serde_json::json!({ "allow_origins": [page, "http://localhost:*"] }),
        Feature::AnyExtension => serde_json::json!({ "allow_origins": [page, "moz-extension://*"] }),
        Feature::AppScheme => serde_json::json!({ "allow_origins": [page, "capacitor://MyApp"] }),
        Feature::OtherHost => serde_json::json!({ "allow_origins": [page, "http://[::1]:3000"] }),
        Feature::LongOrigin => {
            let label = "a".repeat(60);
            let long = format!("https://{label}.{label}.{label}.{label}.example");
            serde_json::json!({ "allow_origins": [page, long] })
        }
        Feature::AnyOrigin => serde_json::json!({ "allow_origins": ["*"] }),
        Feature::OriginRegex => {
            serde_json::json!({ "allow_origins": [page], "allow_origin_regexes": ["https://[a-z]+\\.example\\.org"] })
        }
        Feature::NullOrigin => {
            serde_json::json!({ "allow_origins": [page], "dangerously_allow_null_origin": true })
        }
        Feature::Credentials => serde_json::json!({ "allow_origins": [page], "allow_credentials": true }),
        Feature::OtherMethod => serde_json::json!({ "allow_origins": [page], "allow_methods": ["PURGE"] }),
        Feature::MethodOfOtherBytes => {
            serde_json::json!({ "allow_origins": [page], "allow_methods": ["my-method"] })
        }
        Feature::AnyMethodWithCredentials => {
            serde_json::json!({ "allow_origins": [page], "allow_credentials": true, "allow_methods": ["*"] })
        }
        Feature::AnyHeader => serde_json::json!({ "allow_origins": [page], "allow_headers": ["*"] }),
        Feature::AnyHeaderWithCredentials => {
            serde_json::json!({ "allow_origins": [page], "allow_credentials": true, "allow_headers": ["*"] })
        }
        Feature::HeaderPrefix => {
            serde_json::json!({ "allow_origins": [page], "allow_headers": ["x-a", "x-stainless-*"] })
        }
        Feature::ExposeAllWithCredentials => {
            serde_json::json!({ "allow_origins": [page], "allow_credentials": true, "expose_headers": ["*"] })
        }
        Feature::MaxAgeOfZero => serde_json::json!({ "allow_origins": [page], "max_age": 0 }),
        Feature::PreflightStatus => serde_json::json!({ "allow_origins": [page], "preflight_status": 200 }),
        Feature::VaryBy => serde_json::json!({ "allow_origins": [page], "vary_by": ["x-tenant"] }),
        Feature::RejectDisallowedOrigins => {
            serde_json::json!({ "allow_origins": [page], "reject_disallowed_origins": true })
        }
        Feature::ServedAt => {
            serde_json::json!({ "allow_origins": [page], "reject_disallowed_origins": true, "served_at": ["https://api.example.com"] })
        }
        Feature::ManyEntries => {
            let headers: Vec<_> = (10..75).map(|number| format!("x-{number}")).collect();
            serde_json::json!({ "allow_origins": [page], "allow_headers": headers })
        }
    })
}

#[test]
fn the_table_of_the_page_is_what_the_targets_say() {
    let row = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let titles = Target::ALL.map(Target::title);
    let mut table = format!("| {}", row(titles.to_vec()));
    table.push_str(&"|---".repeat(titles.len() + 1));
    table.push_str("|\n");
    for feature in Feature::ALL {
        let fates = Target::ALL.map(|target| target.fate(feature).map_or("same", |fate| fate.name()));
        table.push_str(&row([feature.example()].into_iter().chain(fates).collect()));
    }
    assert!(PAGE.contains(&table), "src/docs/export.md should have this table:\n{table}");
}

#[test]
fn a_feature_is_seen_where_it_is_and_nowhere_else() {
    let plain = policy(&serde_json::json!({
        "allow_origins": ["https://app.example.com", "http://localhost:3000"], "allow_methods": ["PUT", "*"], "allow_headers": ["x-a"],
        "expose_headers": ["*"], "max_age": 600,
    }));
    for feature in Feature::ALL {
        assert_eq!(feature.used_by(&plain), [""; 0], "{feature:?}");
        let with = with(feature);
        assert_eq!(feature.used_by(&with).len(), 1, "{feature:?}");
        let mut without = with.clone();
        feature.remove_from(&mut without);
        assert_eq!(feature.used_by(&without), [""; 0], "{feature:?}");
    }
}

/// Asked of the library: what is left is a policy, and each of its grants is one of the whole policy.
#[test]
fn what_is_left_of_a_policy_allows_no_more_than_the_policy() {
    for target in Target::ALL {
        for feature in Feature::ALL {
            let whole = with(feature);
            let losses = losses(&whole, |feature| target.fate(feature));
            let Some(left) = losses.left_of(&whole) else { continue };
            let [whole, left] = [&whole, &left].map(|policy| {
                let builder: CorsPolicyBuilder =
                    serde_json::to_value(policy).and_then(serde_json::from_value).expect("a policy's fields");
                builder.build().expect("a policy")
            });
            for origin in [
                "https://app.example.com",
                "https://a.example.org",
                "http://localhost:3",
                "moz-extension://a",
                "capacitor://MyApp",
                "null",
            ] {
                for (method, headers) in [
                    ("PUT", "x-b"),
                    ("my-method", "x-a"),
                    ("PURGE", "x-74"),
                    ("GET", "x-stainless-a"),
                    ("GET", "authorization"),
                ] {
                    let is_allowed = |policy: &CorsPolicy| {
                        let request = http::Request::options("/")
                            .header("origin", origin)
                            .header("access-control-request-method", method)
                            .header("access-control-request-headers", headers)
                            .body(())
                            .expect("a request");
                        policy.decide(&request).denial().is_none()
                    };
                    assert!(
                        is_allowed(&whole) || !is_allowed(&left),
                        "{target:?} {feature:?} {origin} {method}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_digest_is_that_of_what_the_policy_allows() {
    let one = policy(
        &serde_json::json!({ "allow_origins": ["https://a.example", "https://b.example"], "allow_methods": ["PUT"] }),
    );
    let same = policy(
        &serde_json::json!({ "allow_methods": ["PUT", "PUT"], "allow_origins": ["https://b.example", "https://a.example"] }),
    );
    let other = policy(
        &serde_json::json!({ "allow_origins": ["https://a.example", "https://b.example"], "allow_methods": ["PATCH"] }),
    );
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
    // Written down, as whoever has exported it compares it with that of another version.
    let digest = "sha256:07362ea00825ccbcc2ca8c66ddd4e46e3c98ee2496d7de5013c58d2b466f71b2";
    assert_eq!(one.digest(), digest);
}
