//! A policy in a line of a log.

use std::fmt;

use crate::header::HeaderRules;
use crate::method;
use crate::policy::CorsPolicy;
use crate::policy::rules::{MethodRules, Origins};
use crate::quoted::Quoted;
use crate::spec::ANY;

/// How many methods are named: more are counted.
const MAX_NAMED: usize = 4;

impl fmt::Display for CorsPolicy {
    /// What the policy allows, in one line of at most 320 characters, whatever is in the policy: an origin by name if it is the only
    /// one, a few well-known methods by name, otherwise how many. What is not allowed is left out.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder()
    ///     .allow_origins(["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"])
    ///     .allow_credentials(true)
    ///     .allow_methods(["PUT", "DELETE"])
    ///     .allow_headers(["authorization", "content-type"])
    ///     .max_age(Duration::from_secs(600))
    ///     .build()?;
    /// assert_eq!(policy.to_string(), "1 origin, 2 wildcards; credentials; PUT, DELETE; 2 headers; max-age 600 s");
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (spec, rules) = (self.spec(), self.rules());
        let rejects = rules.origins.reject_disallowed().then(|| "rejects other origins".to_owned());
        let own = rules.origins.served_at().map_or(0, |served_at| served_at.origins().len());
        let served_at = count(own, "origin").map(|origins| format!("served at {origins}"));
        let credentials = rules.origins.with_credentials().then(|| "credentials".to_owned());
        let max_age = spec.max_age.map(|max_age| format!("max-age {} s", max_age.as_secs()));
        let parts = [
            Some(origins(&rules.origins)),
            rejects,
            served_at,
            credentials,
            methods(&rules.methods),
            headers(&rules.headers),
            exposed(&spec.expose_headers),
            max_age,
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }
}

fn origins(origins: &Origins) -> String {
    let rules = match origins {
        Origins::Any => return "any origin".to_owned(),
        Origins::Listed(rules) => rules,
    };
    let (exact, wildcards) = (rules.set.exact_count(), rules.set.wildcard_count());
    let listed = match rules.set.patterns().next() {
        Some(only) if exact + wildcards == 1 => [Some(Quoted(only).to_string()), None],
        _ => [count(exact, "origin"), count(wildcards, "wildcard")],
    };
    let others = [
        count(rules.regexes().count(), "expression"),
        count(rules.predicates.len(), "predicate"),
        rules.null.then(|| "`null`".to_owned()),
    ];
    listed.into_iter().chain(others).flatten().collect::<Vec<_>>().join(", ")
}

fn methods(rules: &MethodRules) -> Option<String> {
    let methods = match rules {
        MethodRules::Any => return Some("any method".to_owned()),
        MethodRules::Listed(methods) => methods,
    };
    // An unregistered method may have any length.
    let are_known = methods.iter().all(|method| method::is_registered(method.as_str()));
    if methods.len() > MAX_NAMED || !are_known || methods.is_empty() {
        return count(methods.len(), "method");
    }
    Some(methods.join(", "))
}

fn headers(rules: &HeaderRules) -> Option<String> {
    match rules.entries().len() {
        1 if rules.are_any() => Some("any header but `authorization`".to_owned()),
        _ if rules.are_any() => Some("any header".to_owned()),
        listed => count(listed, "header"),
    }
}

fn exposed(entries: &[String]) -> Option<String> {
    match entries {
        [any] if any == ANY => Some("exposes all headers".to_owned()),
        entries => Some(format!("exposes {}", count(entries.len(), "header")?)),
    }
}

/// "1 origin", "2 origins".
fn count(count: usize, noun: &str) -> Option<String> {
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| format!("{count} {noun}{plural}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// As the documentation of `Display` says.
    const MAX_LEN: usize = 320;

    #[test]
    fn a_policy_is_one_short_line_whatever_is_in_it() {
        let labels = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(50)].join(".");
        let numbered = |count: usize, name: &'static str| (0..count).map(move |i| format!("{name}{i}"));
        let policy = |origins: Vec<String>, methods: Vec<String>| {
            CorsPolicy::builder()
                .allow_origins(origins)
                .allow_origin_if(|_, _| false)
                .allow_credentials(true)
                .allow_methods(methods)
                .allow_headers(numbered(10_000, "x-a-"))
                .expose_headers(numbered(10_000, "x-b-"))
                .max_age(Duration::from_secs(86_400))
                .reject_disallowed_origins(true)
                .served_at(numbered(10_000, "http://h"))
                .dangerously_allow_null_origin(true)
                .build()
                .expect("a policy")
                .to_string()
        };
        let longest_named = ["UPDATEREDIRECTREF", "BASELINE-CONTROL", "VERSION-CONTROL", "MKREDIRECTREF"];
        let only = vec![format!("https://*.{labels}:65535")];
        let many: Vec<_> = numbered(10_000, "https://h").map(|origin| origin + ".example.com").collect();
        for origins in [only, many] {
            for methods in [
                longest_named.map(str::to_owned).to_vec(),
                vec!["M".repeat(10_000)],
                numbered(10_000, "M").collect(),
                vec!["`".to_owned()],
            ] {
                let line = policy(origins.clone(), methods);
                assert!(line.len() <= MAX_LEN && line.lines().count() == 1, "{} bytes: {line}", line.len());
            }
        }
    }

    #[test]
    fn methods_are_named_up_to_the_limit_and_counted_one_past_it() {
        let methods = ["PUT", "PATCH", "DELETE", "PROPFIND", "QUERY"];
        let line = |count: usize| {
            let policy =
                CorsPolicy::builder().allow_origin("https://a.example").allow_methods(&methods[..count]);
            policy.build().expect("a policy").to_string()
        };
        assert_eq!(line(MAX_NAMED), "`https://a.example`; PUT, PATCH, DELETE, PROPFIND");
        assert_eq!(line(MAX_NAMED + 1), "`https://a.example`; 5 methods");
    }
}
