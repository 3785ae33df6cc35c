//! The output, and refusals.

use serde_json::Value;

use crate::program::run;

/// All outputs except JSON, which has no comments.
const TARGETS: [&str; 6] = ["nginx", "caddy", "haproxy", "envoy", "gateway-api", "cloudformation"];

const PLAIN: &str = r#"allow_origins = ["https://app.example.com"]"#;

fn export(policy: &str, flags: &[&str]) -> crate::program::Ran {
    run(["export", "-"].into_iter().chain(flags.iter().copied()), policy)
}

#[test]
fn a_configuration_names_the_line_that_wrote_it_and_the_policys_digest() {
    let mut digests = Vec::new();
    for target in TARGETS {
        let ran = export(PLAIN, &["--to", target, "--upstream", "10.0.0.7:80", "--name", "api"]);
        assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{target}");
        let head: Vec<_> = ran.output.lines().take(3).collect();
        assert!(
            head[0].starts_with("# CORS for ") && head[0].contains(env!("CARGO_PKG_VERSION")),
            "{}",
            head[0]
        );
        assert_eq!(
            head[1],
            format!("#   tower-cors export - --to {target} --upstream 10.0.0.7:80 --name api")
        );
        digests.push(head[2].to_owned());
        let parts: &[&str] = match target {
            "envoy" => &["'10.0.0.7', port_value: 80", "api_service"],
            "gateway-api" => &["port: 80", "name: api"],
            "cloudformation" => &["Name: api"],
            _ => &["10.0.0.7:80", "api_origin"],
        };
        assert!(parts.iter().all(|part| ran.output.contains(part)), "{}", ran.output);
    }
    digests.dedup();
    assert!(digests.len() == 1 && digests[0].starts_with("# The policy's digest: sha256:"), "{digests:?}");
}

#[test]
fn what_can_be_left_out_is_named_and_left_out_only_where_that_is_accepted() {
    let policy = format!("{PLAIN}\nallow_credentials = true\nexpose_headers = [\"*\"]");
    for target in TARGETS {
        let refused = export(&policy, &["--to", target]);
        assert_eq!((refused.status, refused.output.as_str()), (1, ""), "{target}");
        for part in ["  less expose_headers: `*`", "--accept-losses"] {
            assert!(refused.errors.contains(part), "{}", refused.errors);
        }
        let written = export(&policy, &["--to", target, "--accept-losses"]);
        assert_eq!((written.status, written.errors.as_str()), (0, ""), "{target}");
        assert!(written.output.contains("\n# - expose_headers: `*`."), "{}", written.output);
        assert!(!written.output.contains("Expose-Headers *"), "{}", written.output);
        let document: Value =
            serde_json::from_str(&export(&policy, &["--to", target, "--accept-losses", "--json"]).output)
                .expect("JSON");
        assert_eq!(
            document["configuration"].as_str().map(|text| text.lines().count()),
            Some(written.output.lines().count())
        );
        assert_eq!(document["losses"][0]["feature"], "expose-all-with-credentials");
        assert_eq!(document["losses"][0]["fate"], "less");
        assert_eq!(document["policy"]["expose_headers"], serde_json::json!([]));
    }
}

#[test]
fn nothing_is_written_where_more_would_be_allowed_whatever_is_accepted() {
    let policy =
        format!("{PLAIN}\nreject_disallowed_origins = true\nserved_at = [\"https://api.example.com\"]");
    for target in TARGETS {
        let refused = export(&policy, &["--to", target, "--accept-losses"]);
        assert_eq!((refused.status, refused.output.as_str()), (1, ""), "{target}");
        assert!(
            refused.errors.contains("  cannot served_at: `https://api.example.com`."),
            "{}",
            refused.errors
        );
        let document: Value =
            serde_json::from_str(&export(&policy, &["--to", target, "--json"]).output).expect("JSON");
        assert!(document["configuration"].is_null() && document["policy"].is_null(), "{document}");
    }
}

#[test]
fn a_method_that_nginx_never_passes_on_is_left_out() {
    let policy = "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"custom\"]";
    let refused = export(policy, &["--to", "nginx"]);
    assert!(refused.status == 1 && refused.errors.contains("--accept-losses"), "{}", refused.errors);
    let written = export(policy, &["--to", "nginx", "--accept-losses"]);
    assert!(written.status == 0 && !written.output.contains("\"custom\""), "{}", written.output);
}

#[test]
fn a_question_that_cannot_be_understood_is_answered_with_what_to_do() {
    let list = format!("[[cors]]\n{PLAIN}\n[[cors]]\n{PLAIN}");
    let cases: [(&str, &[&str], &str); 5] = [
        (&list, &["--to", "nginx"], "Put each into a file of its own"),
        ("allow_origins = [\"app\"]", &["--to", "nginx"], "not a valid policy: 1 error"),
        (
            PLAIN,
            &["--to", "apache"],
            "[possible values: nginx, caddy, haproxy, envoy, gateway-api, aws-http-api, cloudformation",
        ),
        (PLAIN, &["--to", "nginx", "--upstream", "a;b:1"], "write a host and a port"),
        (PLAIN, &["--to", "nginx", "--name", "a b"], "write a letter"),
    ];
    for (policy, flags, part) in cases {
        let ran = export(policy, flags);
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{part}");
        assert!(ran.errors.contains(part), "{}", ran.errors);
    }
}

/// The name of the file is the only unchecked text in a configuration.
#[test]
fn a_name_of_a_file_cannot_leave_the_comment() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("export\n} evil { $x '");
    std::fs::create_dir_all(&folder).expect("the target can be written");
    std::fs::write(folder.join("cors.toml"), PLAIN).expect("the target can be written");
    let file = folder.join("cors.toml");
    for target in TARGETS {
        let ran = run(["export", file.to_str().expect("text"), "--to", target], "");
        assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{target}");
        let lines: Vec<_> = ran.output.lines().filter(|line| line.contains("evil")).collect();
        assert!(lines.len() == 1 && lines[0].starts_with("#   tower-cors export "), "{lines:?}");
    }
}
