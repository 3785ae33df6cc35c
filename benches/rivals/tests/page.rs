//! The page says what the layers answer. `UPDATE=1 cargo test` writes it into the page.

use std::collections::BTreeSet;
use std::{env, fs, panic};

use tower_cors_rivals::{rivals, situations};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/docs/comparison.md");

/// The cells of a table's row.
fn cells(row: &str) -> Option<Vec<&str>> {
    let row = row.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(row.split(" | ").map(str::trim).collect())
}

#[test]
fn each_cell_is_what_the_layer_answers() {
    // Finds out which rivals panic, without printing the panics.
    panic::set_hook(Box::new(|_| ()));
    let rivals = rivals::all();
    let page = fs::read_to_string(PAGE).expect("the page");
    let mut seen = BTreeSet::new();
    let mut columns: Vec<&str> = Vec::new();
    let mut told = Vec::new();
    for line in page.lines() {
        let row = cells(line).unwrap_or_default();
        if columns.is_empty() || row.is_empty() {
            // Between a table's head and its rows there is a line of dashes.
            if !line.starts_with("|-") {
                columns = row;
            }
            told.push(line.to_owned());
            continue;
        }
        let situation = situations::all().find(|situation| situation.name == row[0]);
        let row = columns.iter().zip(row).map(|(column, cell)| {
            let rival = rivals.iter().find(|rival| rival.name == *column);
            let outcome = rival.zip(situation).and_then(|(rival, situation)| {
                seen.insert((situation.name, rival.name));
                situation.outcome(rival)
            });
            outcome.unwrap_or_else(|| cell.to_owned())
        });
        told.push(format!("| {} |", row.collect::<Vec<_>>().join(" | ")));
    }
    let _ = panic::take_hook();
    for situation in situations::all() {
        let missing = rivals.iter().find(|rival| !seen.contains(&(situation.name, rival.name)));
        assert!(
            missing.is_none(),
            "{}: the page says nothing of {}",
            situation.name,
            missing.map_or("", |rival| rival.name)
        );
    }
    let told = told.join("\n") + "\n";
    if env::var_os("UPDATE").is_some() {
        return fs::write(PAGE, told).expect("written");
    }
    let differs: Vec<_> = page.lines().zip(told.lines()).filter(|(said, told)| said != told).collect();
    assert!(differs.is_empty(), "the page, and the layers: {differs:#?}");
}

#[test]
fn the_readme_says_how_many_situations_there_are() {
    let page = fs::read_to_string(PAGE).expect("the page");
    let lines: Vec<&str> = page.lines().collect();
    // The line after a table's head is made of dashes. Some situations cannot be asked of a layer.
    let rows = lines.windows(2).filter(|pair| !pair[1].starts_with("|-")).filter_map(|pair| cells(pair[0]));
    let situations: BTreeSet<&str> = rows.map(|row| row[0]).collect();
    let readme = include_str!("../../../README.md");
    for noun in ["implementations", "CORS implementations"] {
        let counted = format!("fourteen {noun} in {} situations", situations.len());
        assert!(readme.contains(&counted), "README.md should say: {counted}");
    }
}

/// The versions of the rivals whose answers were read, not tested.
#[test]
fn the_page_names_the_versions_that_are_locked() {
    let lock: toml::Table = include_str!("../Cargo.lock").parse().expect("a lockfile");
    let packages = lock["package"].as_array().expect("packages");
    let page = fs::read_to_string(PAGE).expect("the page");
    for name in ["tower-http", "actix-cors", "rocket_cors", "warp", "poem", "salvo-cors"] {
        let package = packages.iter().find(|package| package["name"].as_str() == Some(name)).expect(name);
        let named = format!("{name} {}", package["version"].as_str().expect("a version"));
        assert!(page.contains(&named), "{named}");
    }
    let express = include_str!("../express/package.json");
    for name in ["cors", "express"] {
        let rest = express.split(&format!("\"{name}\": \"")).nth(1).expect(name);
        let named = format!("{name} {}", rest.split('"').next().expect("a version"));
        assert!(page.contains(&named), "{named}");
    }
}
