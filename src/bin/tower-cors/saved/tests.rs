//! What the recorded texts of `tests/cli/saved` are read as, against what the pages asked.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Asked, parse};

fn folder() -> PathBuf {
    std::env::var_os("SAVED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/saved"), PathBuf::from)
}

#[test]
fn corpus() {
    let mut wrong = 0;
    let mut total = 0;
    for engine in ["chromium", "firefox", "curl"] {
        let Ok(entries) = fs::read_dir(folder().join(engine)) else { continue };
        let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let Ok(text) = fs::read_to_string(path.join("scenario.toml")) else { continue };
            let scenario: toml::Table = toml::from_str(&text).unwrap();
            let request = &scenario["request"];
            for text in scenario.get("text").and_then(|t| t.as_array()).into_iter().flatten() {
                let file = text["file"].as_str().unwrap();
                let hides: Vec<&str> = text.get("hides").and_then(|h| h.as_array()).into_iter().flatten().filter_map(|h| h.as_str()).collect();
                let name = format!("{engine}/{}/{file}", path.file_name().unwrap().to_string_lossy());
                let content = fs::read_to_string(path.join(file)).unwrap();
                total += 1;
                let mut say = |what: String| {
                    wrong += 1;
                    println!("{name} {hides:?}: {what}");
                };
                let saved = match parse(&content) {
                    Ok(saved) => saved,
                    Err(error) => {
                        say(format!("ERROR {error}"));
                        continue;
                    }
                };
                if saved.len() != 1 {
                    say(format!("{} requests: {:?}", saved.len(), saved.iter().map(|s| match &s.asked { Asked::Page(p) => format!("{:?} {:?} from {:?}", p.method, p.url, p.page), Asked::Preflight(p) => format!("preflight {:?}", p.uri()) }).collect::<Vec<_>>()));
                }
                let Asked::Page(page) = &saved[0].asked else {
                    say("PREFLIGHT".to_owned());
                    continue;
                };
                let url = request["url"].as_str().unwrap();
                let norm = |u: &str| url::Url::parse(u).map(|mut u| { u.set_fragment(None); u.to_string().replace("%27", "'") }).unwrap_or(u.to_owned());
                if page.url.as_deref().map(norm) != Some(norm(url)) { say(format!("url {:?} not {url}", page.url)); }
                let method = request["method"].as_str().unwrap();
                if page.method.as_ref().map(|m| m.as_str()) != Some(method) && !(["put","get","post"].contains(&method)) { say(format!("method {:?} not {method}", page.method)); }
                let origin = text.get("origin").and_then(|o| o.as_str());
                let real = scenario["page"].as_str().unwrap();
                let shown = page.page.as_deref().map(|page| super::written::origin_of(page).unwrap_or(page.to_owned()));
                match (origin, shown.as_deref()) {
                    (Some(_), None) => {}
                    (Some(_), Some(shown)) => say(format!("page {shown} is said to be hidden, really {real}")),
                    (None, shown) if shown != Some(real) => say(format!("page {shown:?} not {real}")),
                    _ => {}
                }
                let credentials = request["credentials"].as_str().unwrap();
                if real != super::written::origin_of(url).unwrap() {
                    let found = match page.credentials { None => "?", Some(tower_cors::browser::Credentials::Include) => "include", Some(tower_cors::browser::Credentials::Omit) => "same-origin", _ => "same-origin" };
                    let expected = if credentials == "omit" { "same-origin" } else { credentials };
                    let hidden = hides.contains(&"credentials");
                    if found != expected && !(hidden) { say(format!("credentials {found} not {expected}; {:?}", saved[0].caveats)); }
                    if found == expected && hidden { println!("{name}: credentials found though hidden"); }
                }
                let mut headers: Vec<(String, String)> = request.get("headers").and_then(|h| h.as_array()).into_iter().flatten().map(|h| (h[0].as_str().unwrap().to_ascii_lowercase(), h[1].as_str().unwrap().trim().to_owned())).collect();
                let mut found: Vec<(String, String)> = page.headers.iter().map(|(n, v)| (n.to_ascii_lowercase(), v.clone())).collect();
                if !headers.iter().any(|(n, _)| n == "content-type") { found.retain(|(n, v)| n != "content-type" || v.starts_with("application/json")); }
                found.retain(|(n, v)| headers.iter().any(|(o, _)| o == n) || !(n == "accept" && (v.starts_with("image/") || v == "text/event-stream")));
 headers.retain(|(n, _)| n != "accept-language"); found.retain(|(n, _)| n != "accept-language");
                headers.sort();
                found.sort();
                let names = |h: &[(String, String)]| h.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
                if file != "console.txt" {
                    if names(&headers) != names(&found) { say(format!("headers {found:?} not {headers:?}")); }
                    else if headers != found && !found.iter().any(|(_, v)| v == super::NOT_SHOWN) { say(format!("values {found:?} not {headers:?}")); }
                }
                let read = scenario["read"].as_bool().unwrap();
                if (file == "console.txt" || file.ends_with(".har")) && saved.iter().all(|s| s.recorded.blocked.is_some()) == read { say(format!("read {read}, blocked {:?}", saved[0].recorded.blocked)); }
            }
        }
    }
    println!("{wrong} of {total}");
}

#[test]
fn show() {
    for name in std::env::var("SHOW").unwrap_or_default().split_whitespace() {
        println!("=== {name}");
        match parse(&fs::read_to_string(name).unwrap()) {
            Ok(all) => for one in all {
                println!("[{}] {:?}", one.place, one.asked);
                println!("    {:?}", one.recorded);
                for caveat in one.caveats { println!("    - {caveat}"); }
            },
            Err(error) => println!("ERROR {error}"),
        }
    }
}
