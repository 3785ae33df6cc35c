//! Envoy: a bootstrap file with one listener. Routes answer preflights, and the filter for CORS decorates every other response.
//!
//! The filter could answer preflights too, but with its own status, without `Vary`, and for `*` with an echo of any requested name.

use std::fmt::{self, Write as _};

use super::Place;
use super::feature::Feature;
use super::head::Head;
use super::losses::{self, Fate};
use super::origin::{Rule, TOO_LONG, literal};
use super::policy::Policy;
use super::requested;
use super::yaml::text;

pub(super) const TITLE: &str = "Envoy";

/// Larger programs of RE2 than Envoy takes by default: a label has up to 63 bytes.
const MAX_PROGRAM_SIZE: u32 = 100_000;

pub(super) fn fate(feature: Feature) -> Option<Fate> {
    match feature {
        Feature::OriginRegex => Some(Fate::Less(losses::REGEX)),
        Feature::MethodOfOtherBytes => {
            Some(Fate::Less("Over HTTP/1.1, Envoy itself answers 400 to a method that it does not know"))
        }
        Feature::ExposeAllWithCredentials => Some(Fate::Less(
            "Envoy cannot list the headers of a response. List those that pages need in expose_headers; without it, pages can read only \
             the safelisted ones",
        )),
        Feature::RejectDisallowedOrigins => Some(Fate::Cannot(
            "A route of Envoy cannot compare the origin with the `Host`. Let the layer in the service reject requests",
        )),
        Feature::ServedAt => {
            Some(Fate::Cannot("Let the layer in the service check the `Host` and reject requests"))
        }
        _ => None,
    }
}

pub(super) fn configuration(policy: &Policy, place: &Place, head: &Head<'_>) -> String {
    let mut text = head.to_string();
    // A `String` takes all that is written.
    let _ = write!(text, "\n{}", Bootstrap { policy, place });
    text
}

struct Bootstrap<'p> {
    policy: &'p Policy,
    place: &'p Place,
}

impl fmt::Display for Bootstrap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place: Place { upstream, listen, name }, .. } = self;
        let (listens, port) = (address(listen.host.as_deref().unwrap_or("0.0.0.0")), listen.port);
        let (service, service_port) = upstream.parts();
        if self.has_expression() {
            writeln!(
                f,
                "# By default, Envoy accepts only small expressions. No expression here backtracks, so"
            )?;
            writeln!(f, "# a larger size costs only memory.")?;
            writeln!(f, "layered_runtime:\n  layers:\n  - name: {name}_expressions\n    static_layer:")?;
            writeln!(f, "      re2.max_program_size.error_level: {MAX_PROGRAM_SIZE}")?;
            writeln!(f, "      re2.max_program_size.warn_level: {MAX_PROGRAM_SIZE}\n")?;
        }
        write!(
            f,
            r#"static_resources:
  listeners:
  - name: {name}
    address:
      socket_address: {{ address: {listens}, port_value: {port} }}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: {name}
          # This order: the filter before the router.
          http_filters:
          - name: envoy.filters.http.cors
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          route_config:
            # A route may add what its virtual host removes.
            most_specific_header_mutations_wins: true
            virtual_hosts:
            - name: {name}
              domains: ["*"]
"#
        )?;
        self.every_response(f)?;
        writeln!(f, "              routes:")?;
        self.preflights(f)?;
        self.service(f)?;
        write!(
            f,
            r"  clusters:
  - name: {name}_service
    type: STRICT_DNS
    load_assignment:
      cluster_name: {name}_service
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: {{ address: {service}, port_value: {service_port} }}
",
            service = address(service),
        )
    }
}

/// The address of a listener or endpoint. Brackets belong to a URL.
fn address(host: &str) -> String {
    text(host.trim_matches(['[', ']']))
}

/// What every preflight has, beside an origin.
const PREFLIGHT: &str = r#"              - match:
                  prefix: /
                  headers:
                  - { name: ":method", string_match: { exact: OPTIONS } }
                  - { name: access-control-request-method, present_match: true }
"#;

/// Adds nothing to the answers of a route itself, or for an origin that is too long.
const WITHOUT_FILTER: &str = r#"                typed_per_filter_config:
                  envoy.filters.http.cors:
                    "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig
                    disabled: true
"#;

const ORIGIN: &str = "origin";

const METHOD: &str = "access-control-request-method";

const HEADERS: &str = "access-control-request-headers";

/// The value of one header of a preflight's answer, and its place.
struct Said {
    matchers: Vec<Matcher>,
    value: String,
}

/// Whether a header of the request matches an expression.
struct Matcher {
    header: &'static str,
    expression: String,
    is_inverted: bool,
}

impl Matcher {
    fn of(header: &'static str, expression: impl Into<String>) -> Self {
        Self { header, expression: expression.into(), is_inverted: false }
    }

    fn not(header: &'static str, expression: impl Into<String>) -> Self {
        Self { is_inverted: true, ..Self::of(header, expression) }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { header, expression, is_inverted } = self;
        let expression = text(expression);
        let inverted =
            if *is_inverted { ", invert_match: true, treat_missing_header_as_empty: true" } else { "" };
        writeln!(
            f,
            "                  - {{ name: {header}, string_match: {{ safe_regex: {{ regex: {expression} }} }}{inverted} }}"
        )
    }
}

impl Bootstrap<'_> {
    fn rules(&self) -> Vec<Rule<'_>> {
        let listed = self.policy.allow_origins.iter().map(|text| Rule::of(text));
        listed.chain(self.policy.dangerously_allow_null_origin.then_some(Rule::Exact("null"))).collect()
    }

    fn has_pattern(&self) -> bool {
        !self.policy.allows_any_origin() && self.rules().iter().any(Rule::is_pattern)
    }

    fn has_expression(&self) -> bool {
        // The list of origins is one, too, where routes ask for it.
        !self.policy.allows_any_origin() || self.policy.echoes_method() || self.policy.echoes_headers()
    }

    /// What the virtual host does, and the filter after it.
    fn every_response(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = self.policy;
        f.write_str(
            "              # The service's own headers are replaced.\n              response_headers_to_remove:\n",
        )?;
        for header in ["allow-origin", "allow-credentials", "expose-headers"] {
            writeln!(f, "              - access-control-{header}")?;
        }
        if policy.allows_any_origin() {
            writeln!(f, "              response_headers_to_add:")?;
            return added(f, 14, "access-control-allow-origin", "*");
        }
        f.write_str(
            r#"              typed_per_filter_config:
                envoy.filters.http.cors:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
                  allow_origin_string_match:
"#,
        )?;
        for rule in self.rules() {
            match rule {
                Rule::Exact(origin) => writeln!(f, "                  - exact: {}", text(origin))?,
                Rule::Pattern(origin, expression) => {
                    writeln!(f, "                  # {origin}")?;
                    writeln!(f, "                  - safe_regex: {{ regex: {} }}", text(&expression))?;
                }
            }
        }
        if policy.allow_credentials {
            writeln!(f, "                  allow_credentials: true")?;
        }
        if !policy.expose_headers.is_empty() {
            writeln!(f, "                  expose_headers: {}", text(&policy.exposed()))?;
        }
        Ok(())
    }

    fn preflights(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = self.policy;
        writeln!(
            f,
            "              # Preflights are answered here: OPTIONS with Access-Control-Request-Method, from an origin that is"
        )?;
        writeln!(f, "              # allowed or not. Keep these routes before all others.")?;
        for methods in self.said_of_methods() {
            for headers in self.said_of_headers() {
                f.write_str(PREFLIGHT)?;
                self.allowed_origin()
                    .iter()
                    .chain(&methods.matchers)
                    .chain(&headers.matchers)
                    .try_for_each(|matcher| write!(f, "{matcher}"))?;
                write!(
                    f,
                    "                direct_response: {{ status: {} }}\n{WITHOUT_FILTER}",
                    policy.status()
                )?;
                writeln!(f, "                response_headers_to_add:")?;
                if !policy.allows_any_origin() {
                    added(f, 16, "access-control-allow-origin", "%REQ(origin)%")?;
                }
                if policy.allow_credentials {
                    added(f, 16, "access-control-allow-credentials", "true")?;
                }
                added(f, 16, "access-control-allow-methods", &methods.value)?;
                if !headers.value.is_empty() {
                    added(f, 16, "access-control-allow-headers", &headers.value)?;
                }
                if let Some(seconds) = policy.max_age {
                    added(f, 16, "access-control-max-age", &seconds.to_string())?;
                }
                added(f, 16, "vary", &escaped(&policy.vary_of_options()))?;
            }
        }
        if policy.allows_any_origin() {
            return Ok(());
        }
        f.write_str(PREFLIGHT)?;
        write!(f, "{}", Matcher::of(ORIGIN, ".+"))?;
        write!(f, "                direct_response: {{ status: 403 }}\n{WITHOUT_FILTER}")?;
        writeln!(f, "                response_headers_to_add:")?;
        added(f, 16, "vary", &escaped(&policy.vary_of_options()))
    }

    /// All rules in one expression, because a route requires all of its matchers.
    fn allowed_origin(&self) -> Vec<Matcher> {
        if self.policy.allows_any_origin() {
            return vec![Matcher::of(ORIGIN, ".+")];
        }
        let rules = self.rules();
        let expressions = rules.iter().map(|rule| match rule {
            Rule::Exact(origin) => literal(origin),
            Rule::Pattern(_, expression) => {
                expression.trim_start_matches('^').trim_end_matches('$').to_owned()
            }
        });
        let mut matchers = vec![Matcher::of(ORIGIN, expressions.collect::<Vec<_>>().join("|"))];
        if self.has_pattern() {
            matchers.push(Matcher::not(ORIGIN, format!("{TOO_LONG}.*")));
        }
        matchers
    }

    fn said_of_methods(&self) -> Vec<Said> {
        let list = Said { matchers: Vec::new(), value: escaped(&self.policy.methods()) };
        let echo = self.policy.echoes_method().then(|| Said {
            matchers: vec![
                Matcher::of(METHOD, requested::method()),
                Matcher::not(METHOD, requested::FORBIDDEN_METHOD),
                Matcher::not(METHOD, requested::SAFELISTED_METHOD),
            ],
            value: format!("%REQ({METHOD})%"),
        });
        echo.into_iter().chain([list]).collect()
    }

    fn said_of_headers(&self) -> Vec<Said> {
        let list = Said { matchers: Vec::new(), value: escaped(&self.policy.headers()) };
        let echo = self.policy.echoes_headers().then(|| {
            let not_covered = requested::not_covered(self.policy);
            let echoed = Matcher::of(HEADERS, format!("(?i){}", requested::headers(self.policy)));
            let before = escaped(&self.policy.headers_before());
            Said {
                matchers: [echoed]
                    .into_iter()
                    .chain(not_covered.map(|names| Matcher::not(HEADERS, format!("(?i).*{names}.*"))))
                    .collect(),
                value: format!("{before}%REQ({HEADERS})%"),
            }
        });
        echo.into_iter().chain([list]).collect()
    }

    fn service(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, place: Place { name, .. } } = self;
        writeln!(
            f,
            "              # Requests for the service. Vary is on every response; the service's own Vary is kept."
        )?;
        let options =
            "                  - { name: \":method\", string_match: { exact: OPTIONS } }\n".to_owned();
        let too_long = Matcher::of(ORIGIN, format!("{TOO_LONG}.*")).to_string();
        let mut routes =
            vec![(options.clone(), policy.vary_of_options(), ""), (String::new(), policy.vary(), "")];
        if self.has_pattern() {
            let long = [
                (options + &too_long, policy.vary_of_options(), WITHOUT_FILTER),
                (too_long, policy.vary(), WITHOUT_FILTER),
            ];
            routes.splice(..0, long);
        }
        for (matchers, vary, filter) in routes {
            if !filter.is_empty() {
                writeln!(f, "              # No label of a host that is too long matches.")?;
            }
            writeln!(f, "              - match:\n                  prefix: /")?;
            if !matchers.is_empty() {
                write!(f, "                  headers:\n{matchers}")?;
            }
            write!(f, "                route: {{ cluster: {name}_service }}\n{filter}")?;
            let exposed =
                (policy.allows_any_origin() && !policy.expose_headers.is_empty()).then(|| policy.exposed());
            if vary.is_empty() && exposed.is_none() {
                continue;
            }
            writeln!(f, "                response_headers_to_add:")?;
            if let Some(exposed) = exposed {
                added(f, 16, "access-control-expose-headers", &escaped(&exposed))?;
            }
            if !vary.is_empty() {
                added(f, 16, "vary", &escaped(&vary))?;
            }
        }
        Ok(())
    }
}

/// A text in a format of Envoy, in which `%` begins a command operator.
fn escaped(text: &str) -> String {
    text.replace('%', "%%")
}

fn added(f: &mut fmt::Formatter<'_>, indent: usize, header: &str, format: &str) -> fmt::Result {
    writeln!(f, "{:indent$}- header: {{ key: {header}, value: {} }}", "", text(format))
}
