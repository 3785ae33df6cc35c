//! Validates the output for gateways and clouds with the vendors' schemas.
//!
//! If `npm` or a Python package is not installed, a test says so and passes. With `TOWER_CORS_NPM=required` and
//! `TOWER_CORS_SCHEMAS=botocore,cfnlint` it fails instead. `TOWER_CORS_PYTHON` is the Python with these packages.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use toml::Table;

use super::arbitrary;
use super::stand::DATA;
use crate::program::run;

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/export/schemas");

/// The output, and its policy.
pub(super) struct Exported {
    pub(super) policy: Value,
    pub(super) text: String,
}

/// Every policy of the cases, and arbitrary ones, if the target can express them.
pub(super) fn exported(target: &str) -> Vec<Exported> {
    let mut policies: Vec<Table> = DATA.cases.iter().filter_map(|case| case.rules.clone()).collect();
    policies.extend(DATA.raw.iter().map(|case| case.rules.clone()));
    let mut once: Vec<Table> = Vec::new();
    for rules in policies {
        if !once.contains(&rules) {
            once.push(rules);
        }
    }
    // Without the settings that no target may drop, and with an origin that every target can express.
    let sayable = arbitrary::policies().into_iter().map(|mut rules| {
        rules.remove("vary_by");
        rules.retain(|field, value| field != "max_age" || value.as_integer() != Some(0));
        if let Some(origins) = rules.get_mut("allow_origins").and_then(toml::Value::as_array_mut) {
            origins.push("https://app.example.com".into());
        }
        rules
    });
    once.extend(sayable);
    let count = once.len();
    let exported: Vec<_> = once.iter().filter_map(|rules| export(rules, target)).collect();
    assert!(exported.len() > 40, "{target}: {} of {count}", exported.len());
    exported
}

pub(super) fn export(rules: &Table, target: &str) -> Option<Exported> {
    let rules = toml::to_string(rules).expect("a table");
    let ran = run(["export", "-", "--to", target, "--accept-losses", "--json"], &rules);
    let document: Value = serde_json::from_str(&ran.output).unwrap_or_else(|_| panic!("{}", ran.errors));
    let text = document["configuration"].as_str()?.to_owned();
    Some(Exported { policy: document["policy"].clone(), text })
}

/// The CORS configuration for a policy, with the target's names for the fields.
fn fields(policy: &Value, [origins, credentials, methods, headers, exposed, max_age]: [&str; 6]) -> Value {
    let is_any = |field: &str| policy[field].as_array().is_some_and(|entries| entries.contains(&json!("*")));
    let mut fields = serde_json::Map::new();
    let any = json!(["*"]);
    let list = |field: &str| if is_any(field) { any.clone() } else { policy[field].clone() };
    let is_empty = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
    fields.insert(origins.to_owned(), list("allow_origins"));
    let allowed = list("allow_methods");
    let safelisted = json!(["GET", "HEAD", "POST"]);
    fields.insert(methods.to_owned(), if is_empty(&allowed) { safelisted } else { allowed });
    for (name, field) in [(headers, "allow_headers"), (exposed, "expose_headers")] {
        if !is_empty(&policy[field]) {
            fields.insert(name.to_owned(), policy[field].clone());
        }
    }
    fields.insert(credentials.to_owned(), policy["allow_credentials"].clone());
    if policy["max_age"].is_u64() {
        fields.insert(max_age.to_owned(), policy["max_age"].clone());
    }
    Value::Object(fields)
}

/// As its own command.
const CFN_LINT: &str = "from cfnlint.runner import main; main()";

const OF_THE_FILTER: [&str; 6] =
    ["allowOrigins", "allowCredentials", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge"];

const OF_AWS: [&str; 6] =
    ["AllowOrigins", "AllowCredentials", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge"];

fn yaml(text: &str) -> Value {
    serde_yaml_ng::from_str(text).expect("YAML")
}

#[test]
fn a_route_of_the_gateway_api_has_the_policys_values_and_nothing_else() {
    for Exported { policy, text } in exported("gateway-api") {
        let mut route = yaml(&text);
        let rule = route["spec"]["rules"][0].take();
        assert_eq!(
            route,
            json!({
                "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": { "name": "cors" },
                "spec": { "parentRefs": [{ "name": "cors-gateway" }], "rules": [null] },
            })
        );
        assert_eq!(rule["backendRefs"], json!([{ "name": "cors-service", "port": 3000 }]));
        let mut expected = fields(&policy, OF_THE_FILTER);
        if expected["allowCredentials"] == false {
            expected.as_object_mut().expect("an object").remove("allowCredentials");
        }
        let filters = rule["filters"].as_array().expect("filters");
        assert_eq!(filters[0], json!({ "type": "CORS", "cors": expected }), "{text}");
        let is_for_any = expected["allowOrigins"] == json!(["*"]);
        assert_eq!(filters.len(), if is_for_any { 1 } else { 2 }, "{text}");
        let vary = filters.get(1).map(|filter| &filter["responseHeaderModifier"]["add"]);
        assert!(
            vary.is_none_or(|vary| vary[0]["value"]
                .as_str()
                .is_some_and(|names| names.starts_with("Origin")))
        );
    }
}

#[test]
fn an_http_api_has_the_policys_values_and_nothing_else_in_json_and_in_a_template() {
    for Exported { policy, text } in exported("aws-http-api") {
        let said: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(said, fields(&policy, OF_AWS));
    }
    for Exported { policy, text } in exported("cloudformation") {
        let cors = fields(&policy, OF_AWS);
        let api = json!({
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": { "Name": "cors", "ProtocolType": "HTTP", "CorsConfiguration": cors },
        });
        let template = json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": { "HttpApi": api } });
        assert_eq!(yaml(&text), template, "{text}");
    }
}

#[test]
fn the_types_of_the_gateway_api_take_every_route() {
    let Some(folder) = packages() else { return };
    let routes: Vec<Value> = exported("gateway-api").iter().map(|exported| yaml(&exported.text)).collect();
    let mut wrong = routes[0].clone();
    wrong["spec"]["rules"][0]["filters"][0]["cors"]["allowOrigins"] = json!(["http://[::1]:3000"]);
    let mut script = Command::new("node");
    script.arg("gateway.mjs").current_dir(&folder);
    all_are_right_but_the_last(&mut script, &routes, &wrong);
}

#[test]
fn the_service_model_of_aws_takes_every_configuration() {
    let Some(python) = python_with("botocore") else { return };
    let configurations = exported("aws-http-api");
    let configurations: Vec<Value> =
        configurations.iter().map(|exported| serde_json::from_str(&exported.text).expect("JSON")).collect();
    let mut wrong = configurations[0].clone();
    wrong["AllowOrigins"] = json!("https://app.example.com");
    let script = Path::new(SCHEMAS).join("aws.py");
    all_are_right_but_the_last(Command::new(python).arg(script), &configurations, &wrong);
}

#[test]
fn cfn_lint_takes_every_template() {
    let Some(python) = python_with("cfnlint") else { return };
    let folder = folder("export-templates");
    let templates = exported("cloudformation");
    // A file takes a tenth of a second, so only the last ones are validated: the arbitrary policies.
    let files: Vec<PathBuf> = templates
        .iter()
        .rev()
        .take(16)
        .enumerate()
        .map(|(number, exported)| {
            let file = folder.join(format!("{number}.yaml"));
            fs::write(&file, &exported.text).expect("the target can be written");
            file
        })
        .collect();
    let lint = |files: &[PathBuf]| {
        let ran = Command::new(&python).args(["-c", CFN_LINT]).args(files).output().expect("it is installed");
        (ran.status.success(), String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned())
    };
    let (is_right, said) = lint(&files);
    assert!(is_right, "{said}");
    let wrong = folder.join("wrong.yaml");
    fs::write(&wrong, templates[0].text.replace("AllowOrigins", "AllowOrigin"))
        .expect("the target can be written");
    let (is_right, said) = lint(&[wrong]);
    assert!(!is_right && said.contains("AllowOrigin"), "{said}");
}

/// A script gets one document on each line, and says for each whether it is valid.
fn all_are_right_but_the_last(script: &mut Command, documents: &[Value], wrong: &Value) {
    let lines: Vec<_> = documents.iter().chain([wrong]).map(Value::to_string).collect();
    let lines = lines.join("\n") + "\n";
    let piped = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = piped.expect("it is installed");
    let mut input = child.stdin.take().expect("it was piped");
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads all");
    let said = String::from_utf8(output.stdout).expect("text");
    let said: Vec<_> = said.lines().collect();
    assert_eq!(said.len(), documents.len() + 1);
    for (document, said) in documents.iter().zip(&said) {
        assert_eq!(*said, "right", "{document}");
    }
    assert_ne!(said[documents.len()], "right", "{wrong}");
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the target can be written");
    folder
}

/// The folder with the packages of npm. They are installed once for a lockfile.
fn packages() -> Option<PathBuf> {
    let is_required = std::env::var_os("TOWER_CORS_NPM").is_some_and(|value| value == "required");
    let has_npm = Command::new("npm").arg("--version").output().is_ok_and(|ran| ran.status.success());
    if !has_npm && !is_required {
        eprintln!("npm is not installed");
        return None;
    }
    let folder = folder("export-schemas");
    let read = |folder: &Path, file: &str| fs::read(folder.join(file)).ok();
    let lock = read(Path::new(SCHEMAS), "package-lock.json");
    for file in ["package.json", "package-lock.json", ".npmrc", "gateway.mjs"] {
        fs::copy(Path::new(SCHEMAS).join(file), folder.join(file)).expect("the target can be written");
    }
    if read(&folder, "installed") != lock {
        let ran = Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(&folder).status();
        assert!(ran.is_ok_and(|status| status.success()), "npm ci");
        // Written last, so it means that the installation is complete.
        fs::write(folder.join("installed"), lock.expect("a lockfile")).expect("the target can be written");
    }
    Some(folder)
}

/// A Python that has a package.
fn python_with(package: &str) -> Option<String> {
    let python = std::env::var("TOWER_CORS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let ran = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    let has_it = ran.is_ok_and(|ran| ran.status.success());
    let is_required =
        std::env::var("TOWER_CORS_SCHEMAS").is_ok_and(|names| names.split(',').any(|name| name == package));
    assert!(has_it || !is_required, "{python} has no {package}");
    if !has_it {
        eprintln!("{python} has no {package}");
    }
    has_it.then_some(python)
}
