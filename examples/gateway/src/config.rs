//! The routes, each with its policy, from one TOML file.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::Uri;
use axum::http::uri::{Authority, Scheme};
use serde::Deserialize;
use tower_cors::CorsPolicy;

pub(crate) struct Config {
    pub(crate) routes: Vec<Route>,
}

pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) target: Target,
    pub(crate) cors: Option<CorsPolicy>,
}

pub(crate) enum Target {
    Upstream(Upstream),
    Files(String),
}

#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) authority: Authority,
    pub(crate) timeout: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    routes: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    upstream: Option<String>,
    #[serde(default = "half_a_minute")]
    seconds: NonZeroU32,
    files: Option<String>,
    /// A mistake in it is an error with its line, and lists all of them.
    cors: Option<CorsPolicy>,
}

fn half_a_minute() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(29)
}

impl Config {
    pub(crate) fn read(text: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let file: File = toml::from_str(text)?;
        let routes = file.routes.into_iter().map(Entry::check).collect::<Result<Vec<_>, _>>()?;
        for (index, route) in routes.iter().enumerate() {
            if routes[..index].iter().any(|other| other.path == route.path) {
                return Err(format!("routes: `{}` is listed twice", route.path).into());
            }
        }
        Ok(Self { routes })
    }
}

impl Entry {
    fn check(self) -> Result<Route, String> {
        let path = self.path;
        let wrong = |what: &str| Err(format!("routes: `{path}` {what}"));
        if !path.starts_with('/')
            || (path.len() > 1 && path.ends_with('/'))
            || path.contains(['{', '}', '?', '#'])
        {
            return wrong("is not a path. Write `/`, or a path such as `/api` without a slash at its end");
        }
        let target = match (self.upstream, self.files) {
            (Some(_), Some(_)) | (None, None) => return wrong("must have one of `upstream` and `files`"),
            (None, Some(folder)) => Target::Files(folder),
            (Some(upstream), None) => match authority(&upstream) {
                Some(authority) => Target::Upstream(Upstream {
                    authority,
                    timeout: Duration::from_secs(self.seconds.get().into()),
                }),
                None => {
                    return wrong("has an upstream that is not `http://` with a host and nothing after it");
                }
            },
        };
        Ok(Route { path, target, cors: self.cors })
    }
}

fn authority(upstream: &str) -> Option<Authority> {
    let uri: Uri = upstream.parse().ok()?;
    let is_plain = uri.scheme() == Some(&Scheme::HTTP) && uri.path() == "/" && uri.query().is_none();
    uri.into_parts().authority.filter(|authority| is_plain && !authority.as_str().contains('@'))
}

impl Route {
    /// The pattern of all paths below this one.
    pub(crate) fn below(&self) -> String {
        format!("{}/{{*rest}}", self.path.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_named_with_its_route() {
        let cases = [
            ("path = 'api'\nfiles = '.'", "routes: `api` is not a path"),
            ("path = '/api/'\nfiles = '.'", "routes: `/api/` is not a path"),
            ("path = '/{a}'\nfiles = '.'", "routes: `/{a}` is not a path"),
            ("path = '/api'", "routes: `/api` must have one of `upstream` and `files`"),
            (
                "path = '/api'\nupstream = 'https://a.example'",
                "routes: `/api` has an upstream that is not `http://`",
            ),
            ("path = '/api'\nupstream = 'http://a.example/b'", "routes: `/api` has an upstream"),
            ("path = '/api'\nupstream = 'http://u@a.example'", "routes: `/api` has an upstream"),
            (
                "path = '/api'\nfiles = '.'\ncors.allow_origins = ['https://a.example/']",
                "did you mean `https://a.example`",
            ),
            ("path = '/api'\nfiles = '.'\nup = 1", "unknown field `up`"),
            (
                "path = '/a'\nfiles = '.'\n[[routes]]\npath = '/a'\nfiles = '.'",
                "routes: `/a` is listed twice",
            ),
        ];
        for (text, expected) in cases {
            let error =
                Config::read(&format!("[[routes]]\n{text}")).err().expect("it is refused").to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
