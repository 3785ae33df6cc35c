//! `tower-cors schema`: the program reads everything that the schema accepts.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};
use tower_cors::CorsPolicy;

use crate::program::run;

/// Whether each of these documents is valid by a schema.
fn accepts(schema: &str, documents: &[Value]) -> Vec<bool> {
    const ADDRESS: &str = "https://schema.example/schema.json";
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource(ADDRESS, serde_json::from_str(schema).expect("JSON")).expect("a new address");
    let index = compiler.compile(ADDRESS, &mut schemas).expect("a schema");
    documents.iter().map(|document| schemas.validate(document, index).is_ok()).collect()
}

#[test]
fn the_schema_of_a_policy_is_printed() {
    let ran = run(["schema"], "");
    assert_eq!((ran.status, ran.output.as_str(), ran.errors.as_str()), (0, CorsPolicy::JSON_SCHEMA, ""));
}

#[test]
fn the_schema_of_a_larger_file_is_about_one_field() {
    let ran = run(["schema", "--field", "cors"], "");
    assert_eq!(ran.status, 0, "{}", ran.errors);
    let policy = || json!({ "allow_origins": ["https://a.example"] });
    let wrong = || json!({ "allow_origin": ["https://a.example"] });
    let cases = [
        (json!({ "cors": policy() }), true),
        (json!({ "cors": [policy(), policy()] }), true),
        (json!({ "cors": wrong() }), false),
        (json!({ "cors": [policy(), wrong()] }), false),
        (json!({ "cors": [] }), false),
        (json!({ "cors": "*" }), false),
    ];
    let (documents, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    assert_eq!(accepts(&ran.output, &documents), expected);
    // The program must agree about each document.
    let is_read =
        |document: &Value| run(["check", "--input", "json", "-"], &document.to_string()).status == 0;
    assert_eq!(documents.iter().map(is_read).collect::<Vec<_>>(), expected);
    // The schema ignores the rest of the file.
    let others = [json!({}), json!({ "port": 80 }), json!({ "port": 80, "cors": policy() })];
    assert_eq!(accepts(&ran.output, &others), [true; 3]);
}
