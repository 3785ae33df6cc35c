//! Caddy: a Caddyfile.

use std::fmt::Write as _;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::{self, Fate};
use super::origin::{Rule, TOO_LONG};
use super::policy::Policy;
use super::requested;

pub(super) const TITLE: &str = "Caddy";

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::OriginRegex => Some(Fate::Less(losses::REGEX)),
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "Caddy cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read only \
             the safelisted ones",
        )),
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service check the `Host` and reject requests"))
        }
        _ => None,
    }
}

pub(super) fn configuration(policy: &Policy, place: &Place, head: &Head<'_>) -> String {
    let Place { upstream, listen, name } = place;
    let mut text = head.to_string();
    let bind = listen
        .host
        .as_ref()
        .map(|host| format!("\tbind {}\n", host.trim_matches(['[', ']'])))
        .unwrap_or_default();
    let _ = write!(
        text,
        "\nhttp://:{port} {{\n{bind}\troute {{\n{rules}\n\t\treverse_proxy {upstream} {{\n\
         \t\t\theader_down -Access-Control-Allow-Origin\n\
         \t\t\theader_down -Access-Control-Allow-Credentials\n\
         \t\t\theader_down -Access-Control-Expose-Headers\n\
         \t\t}}\n\t}}\n}}\n",
        port = listen.port,
        rules = rules(policy, &name.to_string()),
    );
    text
}

/// In a route, which keeps this order.
fn rules(policy: &Policy, name: &str) -> String {
    let mut rules = Rules { text: String::new(), name };
    rules.origin(policy);
    rules.requested(policy);
    rules.every_response(policy);
    rules.preflight(policy);
    rules.text
}

struct Rules<'n> {
    text: String,
    name: &'n str,
}

impl Rules<'_> {
    fn line(&mut self, line: &str) {
        let indent = if line.is_empty() { "" } else { "\t\t" };
        let _ = writeln!(self.text, "{indent}{line}");
    }

    fn origin(&mut self, policy: &Policy) {
        let name = self.name;
        self.line("# The value of Access-Control-Allow-Origin: empty if the origin is not allowed. Two lines of Origin");
        self.line("# are one text here, with a comma, which no origin has.");
        self.line(&format!("map {{http.request.header.Origin}} {{{name}_origin}} {{"));
        if policy.allows_any_origin() {
            self.line("\tdefault *");
            self.line("}\n");
            return;
        }
        let rules: Vec<_> = policy.allow_origins.iter().map(|text| Rule::of(text)).collect();
        if rules.iter().any(Rule::is_pattern) {
            self.line("\t# No label of a host that is too long matches.");
            self.line(&format!("\t\"~{TOO_LONG}\" \"\""));
        }
        for rule in &rules {
            match rule {
                Rule::Exact(text) => self.line(&format!("\t{text} {text}")),
                Rule::Pattern(text, expression) => {
                    self.line(&format!("\t# {text}"));
                    self.line(&format!("\t\"~{expression}\" \"${{0}}\""));
                }
            }
        }
        if policy.dangerously_allow_null_origin {
            self.line("\tnull null");
        }
        self.line("\tdefault \"\"");
        self.line("}\n");
    }

    /// Which requested names of a preflight are echoed.
    fn requested(&mut self, policy: &Policy) {
        let name = self.name;
        if policy.echoes_method() {
            let list = policy.methods();
            self.line(&format!(
                "map {{http.request.header.Access-Control-Request-Method}} {{{name}_methods}} {{"
            ));
            // Under "any", no other method is in the list.
            for list_only in [requested::FORBIDDEN_METHOD, requested::SAFELISTED_METHOD] {
                self.line(&format!("\t\"~{list_only}\" \"{list}\""));
            }
            self.line(&format!("\t\"~{}\" \"${{0}}\"", requested::method()));
            self.line(&format!("\tdefault \"{list}\""));
            self.line("}\n");
        }
        if policy.echoes_headers() {
            self.line(&format!(
                "map {{http.request.header.Access-Control-Request-Headers}} {{{name}_headers}} {{"
            ));
            if let Some(names) = requested::not_covered(policy) {
                let list = policy.headers().replace('$', "$$");
                self.line(&format!("\t\"~(?i){names}\" \"{list}\""));
            }
            // `$` begins a reference to a group here; `$$` is a `$`.
            let before = policy.headers_before().replace('$', "$$");
            self.line(&format!("\t\"~(?i){}\" \"{before}${{0}}\"", requested::headers(policy)));
            self.line(&format!("\tdefault \"{}\"", policy.headers()));
            self.line("}\n");
        }
    }

    fn every_response(&mut self, policy: &Policy) {
        let name = self.name;
        self.line(&format!("@{name}_options method OPTIONS"));
        self.line(&format!("@{name}_other not method OPTIONS"));
        self.line(&format!("@{name}_allowed not vars {{{name}_origin}} \"\"\n"));
        self.line("# Vary, for caches: on every response. The service's own Vary is kept.");
        self.line(&format!("header @{name}_options +Vary \"{}\"", policy.vary_of_options()));
        let vary = policy.vary();
        if !vary.is_empty() {
            self.line(&format!("header @{name}_other +Vary \"{vary}\""));
        }
        self.line(&format!("header @{name}_allowed Access-Control-Allow-Origin {{{name}_origin}}"));
        if policy.allow_credentials {
            self.line(&format!("header @{name}_allowed Access-Control-Allow-Credentials true"));
        }
    }

    fn preflight(&mut self, policy: &Policy) {
        let name = self.name;
        self.line("");
        self.line("# Preflights are answered here.");
        self.line(&format!("@{name}_preflight {{"));
        self.line("\tmethod OPTIONS");
        self.line("\theader Origin *");
        self.line("\theader Access-Control-Request-Method *");
        self.line("}");
        self.line(&format!("route @{name}_preflight {{"));
        if policy.echoes_headers() {
            self.line(&format!("\t@{name}_headers {{"));
            self.line(&format!("\t\tnot vars {{{name}_origin}} \"\""));
            self.line(&format!("\t\tnot vars {{{name}_headers}} \"\""));
            self.line("\t}");
            self.line(&format!("\theader @{name}_headers Access-Control-Allow-Headers {{{name}_headers}}"));
        } else if !policy.allow_headers.is_empty() {
            self.line(&format!(
                "\theader @{name}_allowed Access-Control-Allow-Headers \"{}\"",
                policy.headers()
            ));
        }
        let methods = if policy.echoes_method() {
            format!("{{{name}_methods}}")
        } else {
            format!("\"{}\"", policy.methods())
        };
        self.line(&format!("\theader @{name}_allowed Access-Control-Allow-Methods {methods}"));
        if let Some(seconds) = policy.max_age {
            self.line(&format!("\theader @{name}_allowed Access-Control-Max-Age {seconds}"));
        }
        self.line(&format!("\trespond @{name}_allowed {}", policy.status()));
        self.line("\trespond 403");
        self.line("}");
        if policy.reject_disallowed_origins {
            self.door();
        }
        if !policy.expose_headers.is_empty() {
            self.line("");
            let exposed = policy.exposed();
            self.line(&format!("header @{name}_allowed Access-Control-Expose-Headers \"{exposed}\""));
        }
    }

    /// If the browser does not say whether the request is same-origin, the origin is compared with the `Host`.
    fn door(&mut self) {
        let name = self.name;
        let (site, origin, host) = (
            "{http.request.header.Sec-Fetch-Site}",
            "{http.request.header.Origin}",
            "{http.request.hostport}",
        );
        self.line("");
        self.line("# Any other request from an origin that is not allowed is rejected, unless it is a same-origin request.");
        self.line(&format!("@{name}_stranger {{"));
        self.line("\theader Origin *");
        self.line(&format!("\tvars {{{name}_origin}} \"\""));
        self.line("}");
        self.line(&format!("route @{name}_stranger {{"));
        self.line("\theader +Vary Sec-Fetch-Site");
        self.line(&format!(
            "\t@{name}_rejected expression `!({site} == \"same-origin\" || ({site} == \"\" && ({origin} == \"http://\" + {host} || {origin} == \"https://\" + {host})))`"
        ));
        self.line(&format!("\trespond @{name}_rejected 403"));
        self.line("}");
    }
}
