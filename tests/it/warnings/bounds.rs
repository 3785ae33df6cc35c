//! A tenant's settings have a bounded cost, and can neither forge a log line nor fill the log.

use tower_cors::CorsPolicy;

use super::{METHOD, origins, warnings};
use crate::support::{APP, allow_app, built};

/// A tenant may write a name a million times: not every copy may be kept.
#[test]
fn of_one_list_warnings_are_kept_up_to_the_limit_and_not_one_past_it() {
    const MAX_KEPT: usize = 100;
    let kept = |count: usize| {
        let of_origins = built(CorsPolicy::builder().allow_origins(vec![APP; count + 1]));
        let of_headers = built(allow_app().allow_headers(vec!["x-a"; count + 1]));
        let beside_any = built(
            CorsPolicy::builder()
                .allow_origins((0..count).map(|host| format!("https://h{host}.example")))
                .allow_any_origin(),
        );
        [of_origins, of_headers, beside_any].map(|policy| policy.warnings().count())
    };
    assert_eq!(kept(MAX_KEPT - 1), [MAX_KEPT - 1; 3]);
    assert_eq!(kept(MAX_KEPT), [MAX_KEPT; 3]);
    assert_eq!(kept(MAX_KEPT + 1), [MAX_KEPT; 3]);
}

/// A comparison of each origin with every other one would not end here.
#[test]
fn many_origins_are_told_one_by_one() {
    let count = 100_000;
    let listed = (0..count).map(|host| format!("https://h{host}.example.com"));
    let wider = (0..count).map(|domain| format!("https://*.d{domain}.example.org"));
    let policy =
        built(CorsPolicy::builder().allow_origins(listed.chain(wider)).allow_origin("https://*.example.com"));
    assert_eq!(policy.warnings().count(), count);
    assert_eq!(policy.warnings().take(1).count(), 1);
}

#[test]
fn a_tenants_text_neither_forges_a_line_nor_fills_it() {
    let long = format!("htps://{}.example", ["a".repeat(60), "b".repeat(60)].join("."));
    let line = warnings(origins([long.as_str()])).concat();
    assert!(line.len() < 300 && line.contains("`..."), "{line}");
    let method = "PATC`";
    assert_eq!(
        warnings(allow_app().allow_methods([method])),
        [format!("allow_methods: `PATC\\`` {METHOD}; did you mean `PATCH`?")]
    );
}
