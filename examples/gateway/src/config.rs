//! The file: which path goes where, and with which policy.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use serde::Deserialize;
use tower_cors::{CorsPolicy, CorsPolicyBuilder};

pub(crate) struct Config {
    pub(crate) routes: Vec<Route>,
    pub(crate) timeouts: Timeouts,
}

pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) target: Target,
    /// Without a policy, no page of another origin can read anything.
    pub(crate) cors: Option<CorsPolicy>,
}

pub(crate) enum Target {
    Upstream(Authority),
    Files(PathBuf),
}

#[derive(Clone, Copy)]
pub(crate) struct Timeouts {
    /// Until a connection to an upstream is open.
    pub(crate) connect: Duration,
    /// Until an upstream begins its answer, after it has the whole request.
    pub(crate) head: Duration,
    /// Without a byte, of a body or a WebSocket, from either side.
    pub(crate) idle: Duration,
}

/// The file, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    route: Vec<RouteText>,
    #[serde(default)]
    timeouts: TimeoutsText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteText {
    path: String,
    upstream: Option<String>,
    files: Option<PathBuf>,
    cors: Option<CorsPolicyBuilder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TimeoutsText {
    connect: f64,
    head: f64,
    idle: f64,
}

impl Default for TimeoutsText {
    fn default() -> Self {
        Self { connect: 2.0, head: 30.0, idle: 60.0 }
    }
}

impl Config {
    /// The policy in a file, or everything that is wrong with it. Its folders are looked for beside it.
    pub(crate) fn read(file: &Path) -> Result<Self, Vec<String>> {
        let config = match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text, file.parent().unwrap_or(Path::new(""))),
            Err(error) => Err(vec![format!("cannot be read: {error}")]),
        };
        config.map_err(|mistakes| {
            mistakes.iter().map(|mistake| format!("{}: {mistake}", file.display())).collect()
        })
    }

    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, Vec<String>> {
        let text: Text =
            toml::from_str(text).map_err(|error| vec![error.to_string().trim_end().to_owned()])?;
        let mut mistakes = Vec::new();
        if text.route.is_empty() {
            mistakes.push("no route. Add a [[route]] with a path and an upstream".to_owned());
        }
        let mut routes: Vec<Route> = Vec::new();
        for route in text.route {
            let path = route.path.clone();
            let mut report = |mistake: String| mistakes.push(format!("route {path:?}: {mistake}"));
            if routes.iter().any(|other| other.path == path) {
                report("is given more than once. Keep one".to_owned());
            }
            match check(route, folder) {
                Ok(route) => routes.push(route),
                Err(found) => found.into_iter().for_each(report),
            }
        }
        let mut seconds = |name: &str, value: f64| {
            let duration = Duration::try_from_secs_f64(value).ok().filter(|value| LIMITS.contains(value));
            duration.unwrap_or_else(|| {
                mistakes.push(format!("timeouts: {name}: {value} must be 0.001 to 86400 seconds"));
                Duration::ZERO
            })
        };
        let timeouts = Timeouts {
            connect: seconds("connect", text.timeouts.connect),
            head: seconds("head", text.timeouts.head),
            idle: seconds("idle", text.timeouts.idle),
        };
        if mistakes.is_empty() { Ok(Self { routes, timeouts }) } else { Err(mistakes) }
    }

    /// Warnings: what is allowed but looks like a mistake.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = String> {
        let policies = self.routes.iter().filter_map(|route| Some((&route.path, route.cors.as_ref()?)));
        policies.flat_map(|(path, policy)| {
            policy.warnings().map(move |warning| format!("route {path:?}: cors: {warning}"))
        })
    }
}

/// The range of a time-out.
const LIMITS: std::ops::RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(86_400);

fn check(route: RouteText, folder: &Path) -> Result<Route, Vec<String>> {
    let mut mistakes = Vec::new();
    if let Err(mistake) = check_path(&route.path) {
        mistakes.push(format!("path: {mistake}"));
    }
    let target = match (route.upstream, route.files) {
        (Some(upstream), None) => check_upstream(&upstream).map(Target::Upstream),
        (None, Some(files)) => check_folder(&folder.join(files)).map(Target::Files),
        (Some(_), Some(_)) => Err("has an upstream and files. Keep one of them".to_owned()),
        (None, None) => Err("has neither an upstream nor files. Add one of them".to_owned()),
    };
    let target = target.map_err(|mistake| mistakes.push(mistake));
    let cors = route.cors.map(CorsPolicyBuilder::build).transpose().map_err(|error| {
        mistakes.extend(error.issues().map(|issue| format!("cors: {issue}")));
    });
    match (target, cors) {
        (Ok(target), Ok(cors)) if mistakes.is_empty() => Ok(Route { path: route.path, target, cors }),
        _ => Err(mistakes),
    }
}

/// Requests are compared with it byte for byte, so only characters that have one spelling are allowed.
fn check_path(path: &str) -> Result<(), &'static str> {
    let Some(rest) = path.strip_prefix('/') else { return Err("must start with `/`") };
    if rest.is_empty() {
        return Ok(());
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    for segment in rest.split('/') {
        if segment.is_empty() {
            return Err("has an empty segment. Remove the `/` at its end, or one of two");
        }
        if segment == "." || segment == ".." {
            return Err("`.` and `..` are not allowed as segments. Write the resulting path");
        }
        if !segment.bytes().all(is_plain) {
            return Err("only letters, digits, `-`, `.`, `_` and `~` are allowed between the slashes");
        }
    }
    Ok(())
}

fn check_upstream(upstream: &str) -> Result<Authority, String> {
    let mistake = |advice: &str| format!("upstream: {upstream:?} {advice}");
    let parts = upstream.parse::<Uri>().map_err(|error| mistake(&error.to_string()))?.into_parts();
    if parts.scheme != Some(Scheme::HTTP) {
        // No TLS in this example, to need fewer crates.
        return Err(mistake("must start with `http://`"));
    }
    if parts.path_and_query.is_some_and(|path| path != PathAndQuery::from_static("/")) {
        return Err(mistake("must end after host and port. The upstream gets the path of the request"));
    }
    let authority = parts.authority.filter(|authority| !authority.as_str().contains('@'));
    authority.ok_or_else(|| mistake("must be `http://`, a host, and a port if it is not 80"))
}

fn check_folder(folder: &Path) -> Result<PathBuf, String> {
    let found = fs::metadata(folder);
    match found {
        Ok(found) if found.is_dir() => Ok(folder.to_owned()),
        Ok(_) => Err(format!("files: {} is not a folder", folder.display())),
        Err(error) => Err(format!("files: {}: {error}", folder.display())),
    }
}

#[cfg(test)]
mod tests;
