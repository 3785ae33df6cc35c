//! Documentation and examples have no warnings.

use std::fs;
use std::path::{Path, PathBuf};

use tower_cors::{CorsPolicy, CorsPolicyBuilder, OriginPattern};

use super::warnings;
use crate::support::allow_app;

/// The places where the documentation is about warnings.
const ON_PURPOSE: [&str; 3] = ["htps://app.example.com", "http://frontend:3000", "http://0.0.0.0:3000"];

/// The README, the documentation in the source, and the examples, if they exist: a package does not contain
/// them.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("README.md"), root.join("src/lib.rs"), root.join("src/spec/builder.rs")];
    let mut folders = vec![root.join("src/docs"), root.join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir()
                    && !["tests", "target", "node_modules"].iter().any(|name| path.ends_with(name)) =>
                {
                    folders.push(path);
                }
                Some("md" | "rs" | "toml" | "html" | "js") if !path.ends_with("tests.rs") => paths.push(path),
                _ => {}
            }
        }
    }
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("a page"))).collect()
}

/// The quoted texts of a page.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    page.lines().flat_map(|line| line.split(['"', '\'', '`']))
}

/// The lists that a builder's method gets, or that are the value of a field with this name.
fn lists<'a>(page: &'a str, field: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(field).skip(1).filter_map(|rest| {
        let list = rest.trim_start_matches(['(', ' ', '=', '"', ':']).strip_prefix('[')?;
        list.split(']').next()
    })
}

#[test]
fn every_origin_in_the_documentation_is_free_of_warnings() {
    let mut count = 0;
    for (path, page) in pages() {
        let is_pattern = |text: &&str| text.parse::<OriginPattern>().is_ok() && !ON_PURPOSE.contains(text);
        for text in quoted(&page).filter(is_pattern) {
            count += 1;
            let policy = CorsPolicy::builder().allow_origin(text);
            assert_eq!(warnings(policy), Vec::<String>::new(), "{text} in {}", path.display());
        }
    }
    assert!(count > 50, "only {count} origins were found");
}

#[test]
fn every_list_in_the_documentation_is_free_of_warnings() {
    type Add = fn(CorsPolicyBuilder, Vec<String>) -> CorsPolicyBuilder;
    let fields: [(&str, Add); 4] = [
        ("allow_origins", |_, list| CorsPolicy::builder().allow_origins(list)),
        ("allow_methods", |policy, list| policy.allow_methods(list)),
        ("allow_headers", |policy, list| policy.allow_headers(list)),
        ("expose_headers", |policy, list| policy.expose_headers(list)),
    ];
    for (field, add) in fields {
        let mut count = 0;
        for (path, page) in pages() {
            for list in lists(&page, field) {
                let entries: Vec<_> = list.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned).collect();
                let policy = add(allow_app(), entries);
                // Some show what is refused.
                let Ok(policy) = policy.build() else { continue };
                count += 1;
                let told: Vec<_> = policy.warnings().map(|warning| warning.to_string()).collect();
                assert_eq!(told, Vec::<String>::new(), "[{list}] in {}", path.display());
            }
        }
        assert!(count > 1, "only {count} lists of {field} were found");
    }
}
