//! `docs::comparison`: every fact about another layer is either tested on that layer, by `benches/rivals`, or has a source.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../src/docs/comparison.md");

/// The layers that are tested, except in the situations below.
const ASKED: [&str; 8] =
    ["tower-cors", "tower-http", "actix-cors", "rocket_cors", "warp", "poem", "salvo", "express"];

/// Facts that no request can show.
const READ: [&str; 6] = [
    "a policy for a route",
    "the origin picks the policy",
    "a change without a restart",
    "why a page was refused",
    "a policy in a file",
    "a browser for tests",
];

/// Only layers in the same process can be timed.
const NOT_TIMED: (&str, &str) = ("100 000 origins", "express");

/// A table's rows: its head, and the rows below it.
struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut is_within = false;
    for line in PAGE.lines().filter(|line| !line.starts_with("|-")) {
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else {
            is_within = false;
            continue;
        };
        let row = row.split(" | ").map(str::trim).collect();
        match tables.last_mut().filter(|_| is_within) {
            Some(table) => table.rows.push(row),
            None => tables.push(Table { columns: row, rows: Vec::new() }),
        }
        is_within = true;
    }
    tables
}

/// The names of the links in a text: `[words][name]`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("][").skip(1).filter_map(|rest| rest.split(']').next())
}

#[test]
fn each_layer_is_in_each_situation() {
    let tables = tables();
    assert_eq!(tables.len(), 10, "two for each chapter");
    for pair in tables.chunks(2) {
        let [rust, others] = pair else { panic!("a table without its other half") };
        assert_eq!(rust.columns[1..], ASKED[..7]);
        assert_eq!(rust.columns[0], others.columns[0]);
        let situations = |table: &Table| table.rows.iter().map(|row| row[0]).collect::<Vec<_>>();
        assert_eq!(situations(rust), situations(others));
        for row in rust.rows.iter().chain(&others.rows) {
            assert_eq!(row.len(), 8, "{row:?}");
        }
    }
    let situations: BTreeSet<_> = tables.iter().flat_map(|table| &table.rows).map(|row| row[0]).collect();
    assert!(situations.len() >= 30, "{} situations", situations.len());
}

#[test]
fn what_is_not_asked_of_a_layer_has_its_source_or_a_dash() {
    for table in tables() {
        for row in table.rows {
            let is_read = READ.contains(&row[0]);
            for (column, cell) in table.columns.iter().zip(&row).skip(1) {
                let has_link = links(cell).next().is_some() || cell.contains("](crate");
                let is_asked = ASKED.contains(column) && !is_read && (row[0], *column) != NOT_TIMED;
                // A missing feature has no page to link to.
                let is_absent = *cell == "–" || *cell == "no" && ASKED.contains(column);
                assert!(
                    if is_asked { !has_link } else { has_link || is_absent },
                    "{}, {column}: {cell}",
                    row[0]
                );
            }
        }
    }
}

#[test]
fn every_source_is_given_and_used() {
    let given: BTreeSet<_> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: https://"))
        .map(|(name, _)| name)
        .collect();
    let used: BTreeSet<_> = PAGE.lines().flat_map(links).collect();
    assert_eq!(given, used);
}
