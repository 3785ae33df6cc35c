//! What a file may contain, and every mistake in one.

use super::*;

fn parse(text: &str) -> Result<Config, Vec<String>> {
    Config::parse(text, Path::new(crate::SAMPLE_FOLDER))
}

fn mistakes(text: &str) -> Vec<String> {
    parse(text).err().expect("mistakes")
}

#[test]
fn the_sample_is_read_without_a_warning() {
    let config = parse(crate::SAMPLE).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let shown: Vec<_> = config
        .routes
        .iter()
        .map(|route| {
            let target = match &route.target {
                Target::Upstream(upstream) => upstream.as_str(),
                Target::Files(_) => "files",
            };
            (route.path.as_str(), target, route.cors.is_some())
        })
        .collect();
    let upstream = crate::SAMPLE_UPSTREAM;
    assert_eq!(shown, [("/v1", upstream, true), ("/v1/models", upstream, true), ("/", "files", false)]);
    assert_eq!(config.warnings().collect::<Vec<_>>(), Vec::<String>::new());
    // The file shows the defaults.
    let Timeouts { connect, head, idle } = config.timeouts;
    let Ok(unset) = parse("[[route]]\npath = '/'\nfiles = 'site'") else { panic!("it has no mistake") };
    let unset = unset.timeouts;
    assert_eq!((connect, head, idle), (unset.connect, unset.head, unset.idle));
}

#[test]
fn all_mistakes_are_listed_at_once() {
    let text = r#"
        [[route]]
        path     = "/v1/"
        upstream = "https://127.0.0.1:9000"
        [route.cors]
        allow_origins = ["https://app.example.com/", "*.example.com"]

        [[route]]
        path = "/a"
        [[route]]
        path     = "/b"
        upstream = "http://127.0.0.1:9000"
        files    = "site"
        [[route]]
        path  = "/c"
        files = "nowhere"

        [timeouts]
        idle = 0
    "#;
    let told = mistakes(text);
    let expected = [
        "route \"/v1/\": path: has an empty segment",
        "route \"/v1/\": upstream: \"https://127.0.0.1:9000\" must start with `http://`",
        "route \"/v1/\": cors: allow_origins: `https://app.example.com/`",
        "route \"/v1/\": cors: allow_origins: `*.example.com`",
        "route \"/a\": has neither an upstream nor files",
        "route \"/b\": has an upstream and files",
        "route \"/c\": files: ",
        "timeouts: idle: 0 must be",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}\n{expected}");
    }
}

#[test]
fn a_name_that_is_not_known_is_shown_with_its_line() {
    let told = mistakes("[[route]]\npath = '/'\nupstreem = 'http://127.0.0.1:9000'").join("\n");
    assert!(told.contains("line 3") && told.contains("unknown field `upstreem`"), "{told}");
    let told = mistakes("[[route]]\npath = '/'\nfiles = 'site'\ncors.allow_origin = '*'").join("\n");
    assert!(told.contains("did you mean `allow_origins`?"), "{told}");
}

#[test]
fn a_file_without_a_route_is_refused_and_so_is_a_path_that_is_there_twice() {
    assert_eq!(mistakes(""), ["no route. Add a [[route]] with a path and an upstream"]);
    let twice = "[[route]]\npath = '/'\nfiles = 'site'\n".repeat(2);
    assert_eq!(mistakes(&twice), ["route \"/\": is given more than once. Keep one"]);
}

#[test]
fn a_path_is_plain() {
    for path in ["/", "/v1", "/v1/models", "/a-b_c.d~1", "/.well-known"] {
        assert_eq!(check_path(path), Ok(()), "{path}");
    }
    for path in
        ["", "v1", "/v1/", "//", "/a//b", "/a/../b", "/.", "/{a}", "/a*", "/%76", "/ä", "/a b", "/a?b"]
    {
        assert!(check_path(path).is_err(), "{path}");
    }
}

#[test]
fn an_upstream_is_a_host_with_or_without_a_port() {
    for upstream in ["http://localhost", "http://127.0.0.1:9000/", "http://[::1]:9000", "http://model:8000"] {
        assert!(check_upstream(upstream).is_ok(), "{upstream}");
    }
    for upstream in [
        "",
        "model:8000",
        "//model",
        "https://model",
        "http://",
        "http://user@model",
        "http://model/v1",
        "http://model/?a",
        "http://mo del",
    ] {
        assert!(check_upstream(upstream).is_err(), "{upstream}");
    }
}

#[test]
fn a_time_out_has_limits() {
    let file = |seconds: &str| format!("timeouts.head = {seconds}\n[[route]]\npath = '/'\nfiles = 'site'");
    for seconds in ["0.001", "1", "0.5", "86400"] {
        assert!(parse(&file(seconds)).is_ok(), "{seconds}");
    }
    for seconds in ["0", "0.0009", "-1", "86400.1", "nan", "inf", "1e300"] {
        assert!(parse(&file(seconds)).is_err(), "{seconds}");
    }
}

#[test]
fn what_looks_like_a_mistake_is_told_with_its_route() {
    let text = "[[route]]\npath = '/a'\nfiles = 'site'\ncors.allow_origins = ['htps://app.example.com']";
    let Ok(config) = parse(text) else { panic!("it may be meant") };
    let told: Vec<_> = config.warnings().collect();
    assert!(told.len() == 1 && told[0].starts_with("route \"/a\": cors: allow_origins: `htps"), "{told:?}");
}
