//! What pages have really used, as a policy file that allows exactly that.

use std::fmt;

use axum::http::Request;
use axum::http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue};
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Decision, Origin, Remedy, RequestHead, Step};

use crate::tally::Tally;

const MOST_ORIGINS: usize = 1000;
const MOST_METHODS: usize = 50;
const MOST_HEADERS: usize = 200;

/// How many of the most used origins are compared with others, to find look-alikes.
const MOST_COPIED: usize = 50;

/// Names and how often each was counted.
type Counted<'t> = Vec<(&'t str, u64)>;

/// CORS allows them anyway.
const SAFELISTED: [&str; 3] = ["GET", "HEAD", "POST"];

pub(crate) struct Used {
    origins: Tally,
    methods: Tally,
    headers: Tally,
    null: u64,
}

impl Default for Used {
    fn default() -> Self {
        let [origins, methods, headers] = [MOST_ORIGINS, MOST_METHODS, MOST_HEADERS].map(Tally::new);
        Self { origins, methods, headers, null: 0 }
    }
}

impl Used {
    pub(crate) fn note(&mut self, decision: &Decision, request: RequestHead<'_>) {
        let headers = request.headers();
        let Some(Ok(origin)) = headers.get("origin").map(HeaderValue::to_str) else { return };
        // A page of our own origin needs no permission.
        let is_own = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        if decision.denial().is_some() || is_own {
            return;
        }
        if let Ok(origin) = Origin::parse(origin) {
            self.origins.add(origin.as_str());
        } else {
            self.null += u64::from(origin == "null");
            return;
        }
        if !matches!(decision, Decision::Preflight(_)) {
            return;
        }
        // Browsers ask in a preflight for what needs permission.
        let lines = |name| headers.get_all(name).iter().filter_map(|line: &HeaderValue| line.to_str().ok());
        for method in lines(ACCESS_CONTROL_REQUEST_METHOD).filter(|method| !SAFELISTED.contains(method)) {
            self.methods.add(method);
        }
        for line in lines(ACCESS_CONTROL_REQUEST_HEADERS) {
            for name in line.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                self.headers.add(&name.to_ascii_lowercase());
            }
        }
    }
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins = self.origins.sorted();
        writeln!(
            f,
            "# What pages of other origins used. Each line is here because somebody asked for it: check that it is yours."
        )?;
        if origins.is_empty() {
            return writeln!(f, "# Nothing so far.");
        }
        list(f, "allow_origins", &origins, "requests", |origin, place| looks_like(origin, place, &origins))?;
        let anywhere = || CorsPolicy::builder().allow_origin("https://any.example");
        let (methods, no_methods) = split(&self.methods, |name| anywhere().allow_methods([name]));
        let (headers, no_headers) = split(&self.headers, |name| anywhere().allow_headers([name]));
        list(f, "allow_methods", &methods, "preflights", |_, _| None)?;
        list(f, "allow_headers", &headers, "preflights", |_, _| None)?;
        for (name, count) in no_methods.into_iter().chain(no_headers) {
            writeln!(
                f,
                "# Left out: {count} preflights for `{name}`, which no browser sends and no policy allows."
            )?;
        }
        if self.null > 0 {
            writeln!(
                f,
                "# Left out: {} requests with the origin `null`, which any site can send.",
                self.null
            )?;
        }
        for (what, tally) in
            [("origins", &self.origins), ("methods", &self.methods), ("headers", &self.headers)]
        {
            if tally.left_out() > 0 {
                writeln!(
                    f,
                    "# Left out: {} more with other {what}, too many to remember.",
                    tally.left_out()
                )?;
            }
        }
        Ok(())
    }
}

/// What a policy can list, and what none can: other programs than browsers can ask for `Cookie`.
fn split(tally: &Tally, listing: impl Fn(&str) -> CorsPolicyBuilder) -> (Counted<'_>, Counted<'_>) {
    tally.sorted().into_iter().partition(|(name, _)| listing(name).build().is_ok())
}

/// Quoted text was checked and needs no escape: an origin, or a token that the policy allowed.
fn list(
    f: &mut fmt::Formatter<'_>,
    field: &str,
    entries: &[(&str, u64)],
    counted: &str,
    copied: impl Fn(&str, usize) -> Option<String>,
) -> fmt::Result {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(f, "{field} = [")?;
    let width = entries.iter().map(|(name, _)| name.len()).max().unwrap_or_default() + 3;
    for (place, (name, count)) in entries.iter().enumerate() {
        let name = format!("\"{name}\",");
        write!(f, "    {name:width$}  # {count} {counted}")?;
        if let Some(original) = copied(entries[place].0, place) {
            write!(
                f,
                ". WARNING: looks like {original}, and may be a stranger's. Remove it unless it is yours"
            )?;
        }
        writeln!(f)?;
    }
    writeln!(f, "]")
}

/// The more frequent origin that this one looks like, if any. The policy finds it: for a look-alike, it advises the original.
fn looks_like(origin: &str, place: usize, sorted: &[(&str, u64)]) -> Option<String> {
    let known = sorted.iter().take(place.min(MOST_COPIED)).map(|(known, _)| *known);
    let policy = CorsPolicy::builder().allow_origins(known).build().ok()?;
    let request = Request::get("/").header("origin", origin).body(()).ok()?;
    let explanation = policy.explain(&request);
    let remedies = explanation.steps().iter().flat_map(Step::remedies);
    remedies.into_iter().find_map(|remedy| match remedy {
        Remedy::ServePageAt(original) => Some(original.clone()),
        _ => None,
    })
}
