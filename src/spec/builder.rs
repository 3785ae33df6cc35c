//! The builder: takes raw values in any order, unchecked.

use std::time::Duration;

use http::StatusCode;

use super::{MaxAge, NamedPreset, PolicyEntry, Predicate, Spec};
use crate::origin::Origin;
use crate::preset::Preset;
use crate::request::RequestHead;

/// Collects what a policy allows; [`build`](Self::build) checks all of it at once.
///
/// Every list starts empty, and every call adds to it. Only what you name is allowed, plus what CORS allows for
/// every allowed origin: the methods `GET`, `HEAD` and `POST`, and the CORS-safelisted headers.
///
/// ```
/// use std::time::Duration;
/// use http::{Method, header};
/// use tower_cors::CorsPolicy;
///
/// let policy = CorsPolicy::builder()
///     .allow_origins(["https://app.example.com", "https://*.preview.example.com", "http://localhost:*"])
///     .allow_credentials(true)
///     .allow_methods([Method::PUT, Method::DELETE])
///     .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
///     .allow_headers(["x-stainless-*"])
///     .expose_headers(["x-request-id"])
///     .max_age(Duration::from_secs(600))
///     .build()?;
/// # Ok::<(), tower_cors::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct CorsPolicyBuilder {
    pub(crate) spec: Spec,
    /// Functions cannot be written down.
    pub(crate) predicates: Vec<Predicate>,
}

impl CorsPolicyBuilder {
    /// Allows the origins that match one of these patterns.
    ///
    /// Accepted: the patterns of [`OriginPattern`](crate::OriginPattern), and `*`, which means [any origin](Self::allow_any_origin); as
    /// `&str`, `String`, [`HeaderValue`](http::HeaderValue), [`Uri`](http::Uri) or [`OriginPattern`](crate::OriginPattern).
    ///
    /// Refused by `build`: entries that can never match, such as `https://Example.com`, `https://example.com/`,
    /// `https://example.com:443`, `example.com`, `https://bücher.example`, `https://xn--a.example`, `https://app*.example.com`,
    /// `wss://example.com` (the `Origin` of a WebSocket is its page's), `null`; and, with credentials, patterns that strangers can
    /// match, such as `http://example.com`, `https://*.co.uk`. The host of an app keeps its case: `capacitor://MyApp`.
    ///
    /// An issue suggests the origin that a browser derives from the text as a URL. If that is uncertain, or the text could mean
    /// something else, it suggests nothing.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder().allow_origins(["https://app.example.com", "http://localhost:*"]).build()?;
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    pub fn allow_origins<I>(mut self, origins: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.allow_origins, origins);
        self
    }

    /// Allows the origins that match this pattern: [`allow_origins`](Self::allow_origins) for a single one.
    pub fn allow_origin(self, origin: impl Into<PolicyEntry>) -> Self {
        self.allow_origins([origin])
    }

    /// Allows any origin: pages of every site may read the responses, without credentials.
    ///
    /// Right for public resources without sessions: fonts, open data, an API with bearer tokens only. Wrong for a service
    /// that only a firewall or a local network protects: any site could read it through the browser of a visitor inside.
    /// Responses then say `Access-Control-Allow-Origin: *`, and caches need not tell origins apart. `*` covers the origin
    /// `null` too.
    ///
    /// Refused by `build` together with [`allow_credentials`](Self::allow_credentials), always.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let open = CorsPolicy::builder().allow_any_origin();
    /// assert!(open.clone().build().is_ok());
    /// assert!(open.allow_credentials(true).build().is_err());
    /// ```
    pub fn allow_any_origin(self) -> Self {
        self.allow_origin("*")
    }

    /// Allows the origins that a regular expression matches as a whole, from their scheme to their port.
    ///
    /// For origins that no pattern describes: `https://pr-\d+\.preview\.example\.com`. Prefer a pattern or an exact origin where one
    /// suffices: it is cheaper to match, and easier to read. For the previews of pull requests, see
    /// [preview deployments](crate::docs::preview_deployments). The syntax is that of the crate
    /// [`regex`](https://docs.rs/regex/latest/regex/#syntax), for ASCII: an origin has no other characters. The expression is always
    /// anchored at both ends, and matches only well-formed origins, never `null`. All expressions of a policy compile to one
    /// automaton: a match takes a step for each byte of the origin, however many expressions there are, and allocates nothing.
    ///
    /// Refused by `build`: an invalid expression; one that is too long or too complex; more than 64; one that no origin
    /// can match, such as `https://Example\.com`, `https://example\.com/`, `example\.com`; and, with credentials, one that strangers
    /// can match.
    ///
    /// **With credentials**, all matching hosts, except those on this machine, must be within one registrable domain, such as
    /// `example.com`, that has no public suffix below it. Plain `http` beyond this machine needs
    /// [`dangerously_allow_insecure_origins`](Self::dangerously_allow_insecure_origins), and several domains need
    /// [`dangerously_allow_public_suffixes`](Self::dangerously_allow_public_suffixes) or, better, an expression for each. An expression
    /// that leaves the end of the host open matches any origin, and no switch allows that. `build` checks all of this on the automaton
    /// that also decides about requests, and refuses what it cannot prove within a fixed amount of work.
    ///
    /// | expression | with credentials | lets in |
    /// |---|---|---|
    /// | `https://pr-\d+\.preview\.example\.com` | accepted | |
    /// | `https://([a-z0-9-]+\.)*example\.com(:\d+)?` | accepted | |
    /// | `https://.*example\.com` | refused | `https://evilexample.com` |
    /// | `https://app.example\.com` | refused | `https://appxexample.com` |
    /// | `https://shop-[a-z0-9]+\.vercel\.app` | refused | `https://shop-evil.vercel.app` |
    /// | `https?://app\.example\.com` | refused | `http://app.example.com` |
    ///
    /// In a file: `allow_origin_regexes = ['https://pr-\d+\.preview\.example\.com']`. One string there is one expression, because many
    /// expressions contain commas (`{2,5}`); in an environment variable, write alternatives with `|`.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin_regex(r"https://pr-\d+\.preview\.example\.com")
    ///     .allow_credentials(true)
    ///     .build()?;
    ///
    /// let error = CorsPolicy::builder()
    ///     .allow_origin_regex(r"https://.*example\.com")
    ///     .allow_credentials(true)
    ///     .build()
    ///     .expect_err("no dot is needed in front of the domain");
    /// assert!(error.to_string().contains("it also matches `https://evilexample.com`"));
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    #[cfg(feature = "regex")]
    #[cfg_attr(docsrs, doc(cfg(feature = "regex")))]
    pub fn allow_origin_regex(mut self, expression: impl Into<String>) -> Self {
        self.spec.allow_origin_regexes.0.push(expression.into());
        self
    }

    /// Allows the origins that a function accepts. It is called when no pattern or regular expression matches.
    ///
    /// The function sees well-formed origins only, and never `null`. It runs for every such request, so it should be
    /// fast. If it reads headers other than `Origin`, name them in [`vary_by`](Self::vary_by), or a shared cache will
    /// give one visitor the answer for another. `build` cannot check a function: compare whole hosts, not their ends.
    ///
    /// ```
    /// # use tower_cors::CorsPolicy;
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin_if(|origin, request| {
    ///         origin.scheme() == "https" && request.headers().get("x-tenant").is_some_and(|tenant| tenant == "acme")
    ///     })
    ///     .vary_by(["x-tenant"])
    ///     .build()?;
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    pub fn allow_origin_if<F>(mut self, predicate: F) -> Self
    where
        F: Fn(&Origin<'_>, RequestHead<'_>) -> bool + Send + Sync + 'static,
    {
        self.predicates.push(Predicate::new(predicate));
        self
    }

    /// Lets pages send requests with credentials (cookies, client certificates, HTTP authentication) and read the answers.
    /// Off by default.
    ///
    /// An `Authorization` header that a script sets itself does not count as a credential here: name it in
    /// [`allow_headers`](Self::allow_headers).
    ///
    /// Refused by `build` with any origin (`*`). Implements Fetch, [CORS protocol and credentials].
    ///
    /// [CORS protocol and credentials]: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    pub fn allow_credentials(mut self, allow: bool) -> Self {
        self.spec.allow_credentials = allow;
        self
    }

    /// Allows methods beyond `GET`, `HEAD` and `POST`, which CORS always allows.
    ///
    /// Accepted: `PUT`, `PATCH`, `PROPFIND`, a method of your own (case-sensitive), and a lone `*`, which means
    /// [any method](Self::allow_any_method); as `&str`, `String` or [`Method`](http::Method).
    ///
    /// Refused by `build`: `patch` (browsers do not change its case; write `PATCH`), `PUT,DELETE` in one string,
    /// `CONNECT`, `TRACE` and `TRACK` (forbidden to every page). Implements Fetch, [methods].
    ///
    /// [methods]: https://fetch.spec.whatwg.org/#methods
    pub fn allow_methods<I>(mut self, methods: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.allow_methods, methods);
        self
    }

    /// Allows any method that a page can use.
    ///
    /// Without credentials, preflights are answered with `*`; with credentials, where browsers take `*` for the name of a
    /// method, with the requested method.
    pub fn allow_any_method(self) -> Self {
        self.allow_methods(["*"])
    }

    /// Allows pages to send these headers.
    ///
    /// Accepted: names, in any case; prefixes such as `x-stainless-*`, which never cover `Authorization`; a lone `*`, which means
    /// [any but `Authorization`](Self::allow_any_header); as `&str`, `String` or [`HeaderName`](http::HeaderName). Name `content-type` if
    /// pages send JSON.
    ///
    /// Refused by `build`: `x header`, `*-id`, `Cookie` and the like, which browsers set themselves, and
    /// `Access-Control-Allow-Origin` and the like, which are response headers. Implements Fetch,
    /// [CORS-unsafe request-header names].
    ///
    /// [CORS-unsafe request-header names]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    pub fn allow_headers<I>(mut self, headers: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.allow_headers, headers);
        self
    }

    /// Allows pages to send any header but `Authorization`, which must be listed by name
    /// ([CORS non-wildcard request-header name]): add `.allow_headers(["authorization"])` if pages send it. Browsers of 2026
    /// still let `*` cover it; a [`Denial`](crate::Denial) follows the standard.
    ///
    /// [CORS non-wildcard request-header name]: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    pub fn allow_any_header(self) -> Self {
        self.allow_headers(["*"])
    }

    /// Lets scripts read these response headers, beyond the CORS-safelisted ones (`Cache-Control`, `Content-Language`,
    /// `Content-Length`, `Content-Type`, `Expires`, `Last-Modified`, `Pragma`).
    ///
    /// Accepted: names, in any case, and a lone `*`, which means [all](Self::expose_all_headers).
    ///
    /// Refused by `build`: `Set-Cookie`, which no script can read; `Origin` and `Access-Control-Request-*`, which are
    /// request headers; prefixes such as `x-*`. Implements Fetch, [`Access-Control-Expose-Headers`].
    ///
    /// [`Access-Control-Expose-Headers`]: https://fetch.spec.whatwg.org/#http-access-control-expose-headers
    pub fn expose_headers<I>(mut self, headers: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.expose_headers, headers);
        self
    }

    /// Lets scripts read all response headers.
    ///
    /// Without credentials, responses say `*`; with credentials, where browsers take `*` for a header's name, they list
    /// the headers that they carry when they leave the layer. A `Date` that the server adds later is not among them.
    pub fn expose_all_headers(self) -> Self {
        self.expose_headers(["*"])
    }

    /// How long browsers may cache a preflight's answer, in whole seconds; a fraction is cut off.
    ///
    /// [`Duration::ZERO`] sends `0`: no caching. Unset: the header is not sent, and browsers use 5 s. Chromium honours at
    /// most two hours, Firefox a day. Refused by `build`: more than a day. Implements Fetch, [`Access-Control-Max-Age`].
    ///
    /// [`Access-Control-Max-Age`]: https://fetch.spec.whatwg.org/#http-access-control-max-age
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.spec.max_age = Some(MaxAge(max_age));
        self
    }

    /// The status of the answer to an allowed preflight. `204 No Content` by default; some proxies and old clients need `200`.
    ///
    /// Refused by `build`: any status but an [ok status] (200 to 299), as every preflight would fail.
    ///
    /// [ok status]: https://fetch.spec.whatwg.org/#ok-status
    pub fn preflight_status(mut self, status: StatusCode) -> Self {
        self.spec.preflight_status = Some(status.as_u16());
        self
    }

    /// Names the request headers, beyond `Origin`, that a [predicate](Self::allow_origin_if) reads. `Vary` then lists them, so
    /// caches keep the answers apart.
    pub fn vary_by<I>(mut self, headers: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.vary_by, headers);
        self
    }

    /// Answers requests from disallowed origins with 403, before the service runs. Off by default.
    ///
    /// CORS is not access control: a browser sends simple requests from any page to any server, and only keeps the page from
    /// reading the answer. It does not restrict a WebSocket at all. With this on, neither reaches the service from a disallowed
    /// origin. In a list of policies ([`first_match`](crate::CorsLayer::first_match)) it is enough if one of them has it on.
    ///
    /// Requests without `Origin` pass, and so do same-origin requests. The browser marks those with a single
    /// `Sec-Fetch-Site: same-origin`; no other value counts. If that header is missing (old browsers, plain `http:` to another
    /// machine), an `http:` or `https:` origin passes if its host and port are those of the request, and its scheme is that of
    /// the URI, if the URI has one. This is only a guess: a proxy may have changed the scheme and the host.
    /// `Vary` names `Sec-Fetch-Site` wherever the answer depends on it.
    ///
    /// Alone, it does not stop DNS rebinding, where the attacker's page is same-origin with a name that resolves to your
    /// server. With [`served_at`](Self::served_at) it does, and same-origin is then no longer a guess.
    ///
    /// Refused by `build` with any origin (`*`), as nothing would be rejected.
    pub fn reject_disallowed_origins(mut self, reject: bool) -> Self {
        self.spec.reject_disallowed_origins = reject;
        self
    }

    /// Names the service's own origins: those that users see in the address bar when they open the service itself, and those that
    /// their programs call. None by default.
    ///
    /// With [`reject_disallowed_origins`](Self::reject_disallowed_origins) this stops **DNS rebinding**: an attacker makes
    /// `evil.example`, the name of their page at `http://evil.example:3000`, point to `127.0.0.1`, and the browser then takes your server
    /// on port 3000 for the attacker's. Such requests are same-origin: a `GET` has no `Origin`, no preflight is sent, and the page reads
    /// the answers. But their `Host` is the attacker's name. If a request's `Host` (over HTTP/2, its `:authority`) is not the authority
    /// of one of these origins, the layer answers with `421 Misdirected Request`, before any other check and before the service runs:
    /// with or without an `Origin`, for preflights and WebSocket handshakes too. Every server on a developer's machine or in a private
    /// network needs this; the transport rules of the Model Context Protocol ask for it.
    ///
    /// A request is then same-origin if its `Origin` is one of these origins, scheme included, and has the request's authority: another
    /// local port is another application. No other header counts, and `Vary` does not name `Sec-Fetch-Site`.
    ///
    /// Accepted: the patterns of [`OriginPattern`](crate::OriginPattern) with the scheme `http` or `https`: `https://api.example.com`,
    /// `http://localhost:*`, `https://*.example.com`. A `Host` may be in upper case and name the scheme's default port. The
    /// request's own scheme does not matter here, as a proxy may have terminated TLS. A request is foreign if it has no `Host`, or two,
    /// or one with a dot at the end that the list does not have.
    ///
    /// Refused by `build`: entries that can never be a service's own origin (`*`, `null`, `capacitor://localhost`); entries that cannot
    /// match (`localhost:3000`, `https://example.com/`), as in [`allow_origins`](Self::allow_origins); and a wildcard over a public
    /// suffix (`https://*.co.uk`) or over a domain with one below it (`https://*.amazonaws.com`), where strangers have names, unless
    /// [`dangerously_allow_public_suffixes`](Self::dangerously_allow_public_suffixes) is on. With any origin (`*`) it would have no
    /// effect, and is refused too.
    ///
    /// - **A proxy** that replaces the `Host` must pass on the one that it got (nginx: `proxy_set_header Host $http_host;`);
    ///   otherwise list the name that it sends. `X-Forwarded-Host` is not read, as anybody can send it.
    /// - **A health check by address** sends the address as `Host`: let it send a listed name, answer it outside the layer, or
    ///   list the address. Listing one is safe: rebinding needs a name, and no name appears as `http://10.0.0.7:8080`.
    /// - List every name: `localhost`, `127.0.0.1` and `[::1]` are three. Never list a name if somebody else controls its DNS entry.
    /// - **Without `reject_disallowed_origins`** nothing is rejected. These origins then only decide which requests count as same-origin
    ///   and are not reported as denied; [`warnings`](crate::CorsPolicy::warnings) says so.
    /// - **In a list of policies** ([`first_match`](crate::CorsLayer::first_match)) a request must pass each policy that
    ///   rejects: give all of them the same origins here.
    /// - **With [`per_request_async`](crate::CorsLayer::per_request_async)** the service may run before the policy is found.
    ///
    /// ```
    /// use http::{Request, StatusCode};
    /// use tower_cors::{CorsPolicy, Denial};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .reject_disallowed_origins(true)
    ///     .served_at(["http://localhost:3000", "http://127.0.0.1:3000"])
    ///     .build()?;
    ///
    /// let own = Request::get("/tools").header("host", "localhost:3000").body(())?;
    /// assert!(policy.decide(&own).answer().is_ok());
    ///
    /// let rebound = Request::get("/tools").header("host", "evil.example:3000").body(())?;
    /// let decision = policy.decide(&rebound);
    /// assert_eq!(decision.denial(), Some(&Denial::ForeignHost));
    /// assert_eq!(decision.answer().unwrap_err().status(), StatusCode::MISDIRECTED_REQUEST);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn served_at<I>(mut self, origins: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PolicyEntry>,
    {
        extend(&mut self.spec.served_at, origins);
        self
    }

    /// Allows what a well-known protocol or client needs: adds the names of a [preset](crate::preset) to
    /// [`allow_methods`](Self::allow_methods), [`allow_headers`](Self::allow_headers) and
    /// [`expose_headers`](Self::expose_headers), and changes nothing else.
    ///
    /// In a file: `presets = ["openai-js"]`. Refused by `build`: an unknown preset there. The built policy has the names in its
    /// lists, and [`to_builder`](crate::CorsPolicy::to_builder) returns them there. So a serialized policy stays the same, even if a
    /// newer version of this crate changes the preset.
    ///
    /// ```
    /// use tower_cors::{CorsPolicy, preset};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_headers(["x-tenant"])
    ///     .with(preset::OPENAI_JS)
    ///     .build()?;
    /// let preflight = http::Request::options("/v1/chat/completions")
    ///     .header("origin", "https://app.example.com")
    ///     .header("access-control-request-method", "POST")
    ///     .header("access-control-request-headers", "authorization,content-type,x-stainless-lang,x-tenant")
    ///     .body(())
    ///     .expect("a request");
    /// assert!(policy.decide(&preflight).denial().is_none());
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    pub fn with(mut self, preset: Preset) -> Self {
        self.spec.presets.push(NamedPreset::Known(preset));
        self
    }

    /// Accepts origins of plain `http:` with credentials. Origins on this machine (`localhost`, `127.0.0.1`) do not need
    /// this.
    ///
    /// **The attack:** anybody on the network between a visitor and such a page (a café's Wi-Fi) can put a script into
    /// it, and the script acts here with the visitor's credentials.
    ///
    /// Some hosts cannot get a certificate: `http://192.168.1.5:3000`, a device in the local network; `http://frontend:3000`, a
    /// container's name, which other containers resolve, while the developer's browser opens `http://localhost:3000`;
    /// `http://host.docker.internal:3000`, the machine as its containers see it; `http://0.0.0.0:3000`, an address to listen on.
    /// Before you use this for one of them, check what the browser sends as `Origin`: it is often `http://localhost`.
    pub fn dangerously_allow_insecure_origins(mut self, allow: bool) -> Self {
        self.spec.dangerously_allow_insecure_origins = allow;
        self
    }

    /// Accepts wildcards that match origins of many owners, with credentials and in [`served_at`](Self::served_at): over a public
    /// suffix (`https://*.co.uk`, `https://*.github.io`) or over a domain with one below it (`https://*.amazonaws.com`, where strangers
    /// have names below `s3.amazonaws.com`), and, with credentials, any extension (`moz-extension://*`) and regular expressions that
    /// match several domains.
    ///
    /// **The attack:** anybody can register a name below that suffix, or publish an extension. Their page or extension then acts here
    /// with the credentials of its visitors. In `served_at`, anybody who controls the DNS entry of such a name can rebind it.
    ///
    /// Before you use this, look for a domain below which only you have names, such as `https://*.app.example.com`, or list the origins
    /// one by one. If a domain of yours has a public suffix below it, for names that you give to customers, the wildcard lets in
    /// their pages.
    ///
    /// The suffixes are those of the whole [Public Suffix List](https://publicsuffix.org), of ICANN and of private owners. The feature
    /// `public-suffix` builds in the list of
    #[doc = concat!(include_str!("../origin/suffix/date.md"), ".")]
    /// Newer suffixes are not known. Without the feature, only single labels count as suffixes: `https://*.com`.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// use tower_cors::CorsPolicy;
    ///
    /// let error = CorsPolicy::builder()
    ///     .allow_origin("https://*.amazonaws.com")
    ///     .allow_credentials(true)
    ///     .build()
    ///     .expect_err("it covers the buckets of strangers");
    /// assert!(error.to_string().contains("strangers, who can have names below `s3.amazonaws.com`"));
    /// # }
    /// ```
    pub fn dangerously_allow_public_suffixes(mut self, allow: bool) -> Self {
        self.spec.dangerously_allow_public_suffixes = allow;
        self
    }

    /// Allows the origin `null`, whether or not it is listed too.
    ///
    /// **The attack:** `null` identifies nobody. Any site can have it, with `<iframe sandbox>` for instance, so this
    /// allows all of them; with credentials, each of them can act as the visitor.
    pub fn dangerously_allow_null_origin(mut self, allow: bool) -> Self {
        self.spec.dangerously_allow_null_origin = allow;
        self
    }
}

fn extend<I>(list: &mut Vec<String>, values: I)
where
    I: IntoIterator,
    I::Item: Into<PolicyEntry>,
{
    list.extend(values.into_iter().map(|value| value.into().0));
}
