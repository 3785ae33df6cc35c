//! `HAProxy`: a frontend that decides, and a backend.

use std::fmt::Write as _;

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::{self, Fate};
use super::origin::{Rule, TOO_LONG};
use super::policy::Policy;
use super::requested;

pub(super) const TITLE: &str = "HAProxy";

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::OriginRegex => Some(Fate::Less(losses::REGEX)),
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "HAProxy cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read only \
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
    let host = listen.host.as_deref().unwrap_or_default();
    let mut frontend = Frontend { text: head.to_string(), name: name.to_string() };
    let _ = write!(frontend.text, "\nfrontend {name}\n    mode http\n    bind {host}:{}\n", listen.port);
    frontend.origin(policy);
    frontend.preflight(policy);
    if policy.reject_disallowed_origins {
        frontend.door();
    }
    frontend.responses(policy);
    let _ = write!(
        frontend.text,
        "\n    default_backend {name}_service\n\nbackend {name}_service\n    mode http\n    server service {upstream}\n"
    );
    frontend.text
}

/// A word in quotes: nothing in it ends it or is replaced.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A quoted word that is a format: `%` begins an expression.
fn format_of(text: &str) -> String {
    quoted(&text.replace('%', "%%"))
}

struct Frontend {
    text: String,
    name: String,
}

impl Frontend {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "    {line}");
    }

    fn comment(&mut self, line: &str) {
        let _ = writeln!(self.text, "\n    # {line}");
    }

    fn origin(&mut self, policy: &Policy) {
        let name = self.name.clone();
        self.comment("The value of Access-Control-Allow-Origin: empty if the origin is not allowed.");
        if policy.allows_any_origin() {
            self.line(&format!("http-request set-var(txn.{name}_origin) str(*)"));
            return;
        }
        let rules: Vec<_> = policy.allow_origins.iter().map(|text| Rule::of(text)).collect();
        let acl = format!("acl {name}_listed req.fhdr(origin)");
        for rule in &rules {
            match rule {
                Rule::Exact(text) => self.line(&format!("{acl} -m str -- {text}")),
                Rule::Pattern(text, expression) => {
                    self.line(&format!("# {text}"));
                    self.line(&format!("{acl} -m reg -- {}", quoted(expression)));
                }
            }
        }
        if policy.dangerously_allow_null_origin {
            self.line(&format!("{acl} -m str -- null"));
        }
        let mut condition = format!("{name}_listed {{ req.fhdr_cnt(origin) eq 1 }}");
        if rules.iter().any(Rule::is_pattern) {
            self.line("# No label of a host that is too long matches.");
            self.line(&format!("acl {name}_too_long req.fhdr(origin) -m reg -- {}", quoted(TOO_LONG)));
            let _ = write!(condition, " !{name}_too_long");
        }
        self.line(&format!("http-request set-var(txn.{name}_origin) req.fhdr(origin) if {condition}"));
    }

    fn preflight(&mut self, policy: &Policy) {
        let name = self.name.clone();
        self.comment("Preflights are answered here.");
        self.line(&format!("acl {name}_options method OPTIONS"));
        self.line(&format!("acl {name}_has_origin req.fhdr_cnt(origin) gt 0"));
        self.line(&format!("acl {name}_has_method req.fhdr_cnt(access-control-request-method) gt 0"));
        self.line(&format!("acl {name}_allowed var(txn.{name}_origin) -m found"));
        self.line(&format!("http-request set-var(txn.{name}_options) bool(true) if {name}_options"));
        let preflight = format!("{name}_options {name}_has_origin {name}_has_method");
        if policy.echoes_method() {
            let header = "access-control-request-method";
            self.line(&format!(
                "acl {name}_lists_method req.fhdr({header}) -m reg -- {}",
                quoted(requested::FORBIDDEN_METHOD)
            ));
            self.line(&format!(
                "acl {name}_lists_method req.fhdr({header}) -m reg -- {}",
                quoted(requested::SAFELISTED_METHOD)
            ));
            self.line(&format!(
                "acl {name}_echoes_method req.fhdr({header}) -m reg -- {}",
                quoted(&requested::method())
            ));
            self.line(&format!(
                "http-request set-var(txn.{name}_methods) req.fhdr({header}) if {name}_echoes_method !{name}_lists_method {{ req.fhdr_cnt({header}) eq 1 }}"
            ));
        }
        if policy.echoes_headers() {
            let header = "access-control-request-headers";
            self.line(&format!(
                "acl {name}_echoes_headers req.fhdr({header}) -m reg -i -- {}",
                quoted(&requested::headers(policy))
            ));
            let mut condition = format!("{name}_echoes_headers {{ req.fhdr_cnt({header}) eq 1 }}");
            if let Some(names) = requested::not_covered(policy) {
                self.line(&format!(
                    "acl {name}_lists_headers req.fhdr({header}) -m reg -i -- {}",
                    quoted(names)
                ));
                let _ = write!(condition, " !{name}_lists_headers");
            }
            self.line(&format!("http-request set-var(txn.{name}_headers) req.fhdr({header}) if {condition}"));
        }
        self.line(&format!(
            "http-request set-var(txn.{name}_granted) bool(true) if {preflight} {name}_allowed"
        ));
        self.line(&format!("http-request return status {} if {preflight} {name}_allowed", policy.status()));
        self.line(&format!("http-request return status 403 if {preflight}"));
    }

    /// If the browser does not say whether the request is same-origin, the origin is compared with the `Host`.
    fn door(&mut self) {
        let name = self.name.clone();
        self.comment("Any other request from an origin that is not allowed is rejected, unless it is a same-origin request.");
        self.line(&format!("acl {name}_site req.fhdr_cnt(sec-fetch-site) gt 0"));
        self.line(&format!("acl {name}_several_sites req.fhdr_cnt(sec-fetch-site) gt 1"));
        self.line(&format!("acl {name}_own_site req.fhdr(sec-fetch-site) -m str -- same-origin"));
        self.line(&format!("http-request set-var(txn.{name}_host) req.hdr(host)"));
        for scheme in ["http", "https"] {
            self.line(&format!(
                "http-request set-var(txn.{name}_{scheme}) str({scheme}://),concat(,txn.{name}_host)"
            ));
            self.line(&format!("acl {name}_own_host req.fhdr(origin),strcmp(txn.{name}_{scheme}) eq 0"));
        }
        let stranger = format!("{name}_has_origin !{name}_allowed");
        self.line(&format!("http-request set-var(txn.{name}_stranger) bool(true) if {stranger}"));
        for condition in [
            format!("{name}_several_sites"),
            format!("{name}_site !{name}_own_site"),
            format!("!{name}_site !{name}_own_host"),
        ] {
            self.line(&format!("http-request return status 403 if {stranger} {condition}"));
        }
    }

    fn responses(&mut self, policy: &Policy) {
        let name = self.name.clone();
        self.comment("The headers of every response, the proxy's own errors too.");
        for header in ["Allow-Origin", "Allow-Credentials", "Expose-Headers"] {
            self.line(&format!("http-after-response del-header Access-Control-{header}"));
        }
        let allowed = format!("if {{ var(txn.{name}_origin) -m found }}");
        let granted = format!("if {{ var(txn.{name}_granted) -m bool }}");
        let mut set = |header: &str, value: &str, condition: &str| {
            self.line(&format!("http-after-response set-header {header} {value} {condition}"));
        };
        set("Access-Control-Allow-Origin", &format!("%[var(txn.{name}_origin)]"), &allowed);
        if policy.allow_credentials {
            set("Access-Control-Allow-Credentials", "true", &allowed);
        }
        let echoed = |is_echoed: bool, variable: &str, before: &str| {
            let value = format!("{}%[var(txn.{name}_{variable})]", format_of(before));
            is_echoed.then(|| (value, format!("{granted} {{ var(txn.{name}_{variable}) -m found }}")))
        };
        let methods = echoed(policy.echoes_method(), "methods", "");
        let headers = echoed(policy.echoes_headers(), "headers", &policy.headers_before());
        for (header, list, echoed) in [
            ("Access-Control-Allow-Methods", policy.methods(), methods),
            ("Access-Control-Allow-Headers", policy.headers(), headers),
        ] {
            if !list.is_empty() {
                set(header, &format_of(&list), &granted);
            }
            if let Some((value, condition)) = echoed {
                set(header, &value, &condition);
            }
        }
        if let Some(seconds) = policy.max_age {
            set("Access-Control-Max-Age", &seconds.to_string(), &granted);
        }
        if !policy.expose_headers.is_empty() {
            let readable = format!("{allowed} !{{ var(txn.{name}_granted) -m bool }}");
            set("Access-Control-Expose-Headers", &format_of(&policy.exposed()), &readable);
        }
        self.comment("Vary, for caches: on every response. The service's own Vary is kept.");
        let options = format!("{{ var(txn.{name}_options) -m bool }}");
        self.line(&format!(
            "http-after-response add-header Vary {} if {options}",
            format_of(&policy.vary_of_options())
        ));
        let vary = policy.vary();
        if !vary.is_empty() {
            self.line(&format!("http-after-response add-header Vary {} if !{options}", format_of(&vary)));
        }
        if policy.reject_disallowed_origins {
            let stranger = format!("{{ var(txn.{name}_stranger) -m bool }}");
            self.line(&format!("http-after-response add-header Vary Sec-Fetch-Site if {stranger}"));
        }
    }
}
