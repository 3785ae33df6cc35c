//! `docs::promises` names functions, tests and cases: each must exist, and each promise and step must name some.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PROMISES: &str = include_str!("../../src/docs/promises.md");

const MANIFEST: &str = include_str!("../../Cargo.toml");

/// The names in a text: `` `path::name` ``.
fn names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let in_backticks = text.split('`').skip(1).step_by(2);
    in_backticks.filter_map(|name| name.split_once("::")).filter(|(path, _)| path.contains('/'))
}

/// Whether a file has a function of this name, or a case or a class of attacks.
fn has(file: &str, path: &str, name: &str) -> bool {
    if path.starts_with("tests/data/") {
        let lines = [format!("name = \"{name}\""), format!("class = \"{name}\"")];
        return file.lines().any(|line| lines.iter().any(|wanted| wanted == line));
    }
    let starts = [format!("fn {name}("), format!("fn {name}<")];
    starts.iter().any(|start| file.contains(start))
}

#[test]
fn every_name_among_the_promises_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing = names(PROMISES).filter(|(path, name)| {
        let file = fs::read_to_string(root.join(path));
        !file.is_ok_and(|file| has(&file, path, name))
    });
    assert_eq!(missing.collect::<Vec<_>>(), []);
    assert!(names(PROMISES).count() > 80, "few names are read: {}", names(PROMISES).count());
}

/// Only names between backticks are checked, so a line without any would not be noticed.
#[test]
fn every_promise_and_every_step_names_what_holds_it() {
    let promises = PROMISES.split("\n## ").skip(1).filter(|section| !section.contains("\n|"));
    for promise in promises {
        let title = promise.lines().next();
        let points: Vec<_> = promise.split("\n- ").skip(1).collect();
        assert!(points.len() >= 2, "{title:?}");
        for point in points {
            assert!(names(point).next().is_some(), "{title:?}: {point}");
        }
    }
    let (protocol, _) = PROMISES.split_once("\n# Dependencies").expect("a chapter");
    let steps = protocol.lines().filter(|line| line.starts_with("| ") && !line.contains("implemented by"));
    for step in steps {
        let cells: Vec<_> = step.split('|').collect();
        let [_, _, by, held, _] = cells[..] else { panic!("{step}") };
        assert_eq!(names(by).count(), 1, "{step}");
        assert!(by.contains("src/") && names(held).next().is_some(), "{step}");
        assert!(
            names(held).all(|(path, _)| path.starts_with("tests/") || path.starts_with("src/browser/")),
            "{step}"
        );
    }
}

/// The page names the feature that adds a crate, beside the crate's purpose. The order does not matter.
#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = MANIFEST.parse().expect("a manifest");
    let table = |name: &str| manifest[name].as_table().expect("a table").clone();
    let mut features: BTreeMap<String, BTreeSet<String>> =
        table("dependencies").into_iter().map(|(name, _)| (name, BTreeSet::new())).collect();
    for (feature, brings) in table("features") {
        let brings = brings.as_array().expect("a list").iter().filter_map(toml::Value::as_str);
        for name in brings.filter_map(|brought| brought.strip_prefix("dep:")) {
            features.get_mut(name).expect("a dependency").insert(format!("`{feature}`"));
        }
    }
    let (_, chapter) = PROMISES.split_once("\n# Dependencies").expect("a chapter");
    let rows = chapter.lines().filter(|line| line.starts_with("| `"));
    let listed: BTreeMap<String, BTreeSet<String>> = rows
        .map(|row| {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            let [_, name, brought_by, reason, _] = cells[..] else { panic!("{row}") };
            assert!(reason.len() > 10, "{row}");
            let brought_by = brought_by.split(", ").filter(|feature| *feature != "always");
            (name.trim_matches('`').to_owned(), brought_by.map(str::to_owned).collect())
        })
        .collect();
    assert_eq!(listed, features);
}

#[test]
fn a_name_that_does_not_exist_is_missed() {
    let file = "async fn is_there() {}\nfn generic<T>() {}\nname = \"a case\"\n";
    assert!(
        has(file, "a/b.rs", "is_there")
            && has(file, "a/b.rs", "generic")
            && has(file, "tests/data/b.toml", "a case")
    );
    assert!(
        !has(file, "a/b.rs", "is")
            && !has(file, "a/b.rs", "there")
            && !has(file, "tests/data/b.toml", "case")
    );
    assert_eq!(names("`a/b.rs::c`, `d::e` and `Vary`").collect::<Vec<_>>(), [("a/b.rs", "c")]);
}
