//! The browser's console: the lines in which Chromium, Firefox and `WebKit` say why they refuse.
//!
//! Each engine has its own words, the same for years. In front of them can be a time, a level or the script, behind them a link. A
//! second line often has what the first leaves out: Chromium's has the method, that of `WebKit` the URL.

use http::StatusCode;
use tower_cors::browser::Credentials;

use super::lines::Lines;
use super::written::{Written, origin_of};
use super::{Blocked, NOT_SHOWN, PageRequest, Reason, Stage};

/// What a line says of a request, or several that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Complaint {
    pub(super) number: usize,
    /// As far as the line has it: the credentials are those that it names.
    pub(super) request: PageRequest,
    /// `None` where the line has no more than a status.
    pub(super) blocked: Option<Blocked>,
    caveat: Option<String>,
}

/// Reads a line, or Firefox's lines of a request, if they tell of one that failed.
pub(super) fn read(lines: &mut Lines<'_>) -> Option<Complaint> {
    let number = lines.number();
    let line = lines.peek()?;
    let found = chromium(line)
        .or_else(|| firefox(line))
        .or_else(|| network_error(line))
        .or_else(|| webkit(line))
        .inspect(|_| {
            lines.next();
        })
        .or_else(|| firefox_request(lines))?;
    Some(Complaint { number, ..found })
}

/// Whether a line is a refusal without any doubt.
pub(super) fn is_refusal(line: &str) -> bool {
    line.contains("has been blocked by CORS policy: ") || line.contains("Cross-Origin Request Blocked: ")
}

impl Complaint {
    fn new(words: &str, reason: Reason) -> Self {
        let mut request = PageRequest::default();
        match &reason {
            Reason::MethodNotAllowed(method) => request.method.clone_from(method),
            Reason::HeaderNotAllowed(Some(name)) => {
                request.headers.push((name.clone(), NOT_SHOWN.to_owned()));
            }
            Reason::AllowOriginWildcard | Reason::AllowCredentials => {
                request.credentials = Some(Credentials::Include);
            }
            _ => {}
        }
        let stage = stage(words, &reason);
        request.preflighted = stage == Some(Stage::Preflight);
        let blocked = Blocked { words: words.trim().to_owned(), stage, status: status(words), reason };
        Self { number: 0, request, blocked: Some(blocked), caveat: None }
    }

    /// Takes in what another line says of the same request. `false`: it tells of another one.
    pub(super) fn absorb(&mut self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        let (one, two) = (&self.request, &other.request);
        let is_one_url = one.url.is_some() || two.url.is_some();
        let is_one_request = is_one_url
            && agree(one.url.as_ref(), two.url.as_ref())
            && agree(one.page.as_ref(), two.page.as_ref())
            && agree(one.method.as_ref(), two.method.as_ref())
            // A reason and another reason are two refusals.
            && agree(self.reason(), other.reason());
        if !is_one_request {
            return false;
        }
        let (mut first, second) = if self.reason().is_none() && other.reason().is_some() {
            (Self { number: self.number, ..other.clone() }, self.clone())
        } else {
            (self.clone(), other.clone())
        };
        first.request.url = first.request.url.or(second.request.url);
        first.request.page = first.request.page.or(second.request.page);
        first.request.method = first.request.method.or(second.request.method);
        first.request.preflighted |= second.request.preflighted;
        first.blocked = match (first.blocked, second.blocked) {
            (Some(first), Some(second)) => Some(first.and(&second)),
            (first, second) => first.or(second),
        };
        first.request.preflighted |=
            first.blocked.as_ref().is_some_and(|blocked| blocked.stage == Some(Stage::Preflight));
        *self = first;
        true
    }

    /// Fetch, "HTTP-redirect fetch": from one foreign origin to another, the request's origin is opaque from there on. Chromium names
    /// the page's all the same.
    fn redirected_from(&mut self, asked: &str, url: &str) {
        let (page, asked_of, origin) = (self.request.page.clone(), origin_of(asked), origin_of(url));
        if page != asked_of && asked_of != origin {
            self.request.page = Some("null".to_owned());
        }
        self.caveat = Some(format!(
            "the page asked for {asked:.200?}, which was redirected: this is the request that followed, for which a browser sends \
             `Origin: {}`",
            self.request.page.as_deref().unwrap_or("null")
        ));
    }

    /// Why, if the lines say it.
    fn reason(&self) -> Option<&Reason> {
        self.blocked.as_ref().map(|blocked| &blocked.reason).filter(|reason| **reason != Reason::NoResponse)
    }

    /// The line says no more than that a request was answered, with an error.
    pub(super) fn is_status_alone(&self) -> bool {
        self.blocked.is_none() && self.request.headers.is_empty()
    }

    /// Whether it can be about a request.
    pub(super) fn is_of(&self, written: &Written) -> bool {
        let method = self.request.method.as_ref().map(http::Method::as_str);
        method.is_none_or(|method| written.has_method(method))
    }

    /// What the page asked for, if there is nothing but the console.
    pub(super) fn page_request(&self) -> (PageRequest, Vec<String>) {
        let mut request = self.request.clone();
        let mut caveats: Vec<_> = self.caveat.iter().cloned().collect();
        if request.credentials.is_none() {
            request.credentials = Some(Credentials::SameOrigin);
            caveats.push(
                "the console does not say whether the page asked with credentials: `same-origin` is assumed. If the page uses \
                 `include`, say so with `--credentials include`"
                    .to_owned(),
            );
        }
        if request.method.is_none() {
            caveats.push("the console does not name the method: give it with `--method`".to_owned());
        }
        if request.preflighted && request.headers.is_empty() {
            caveats.push(
                "the console does not name the headers that the page set: give each with `--header`"
                    .to_owned(),
            );
        }
        (request, caveats)
    }
}

impl Blocked {
    /// Together with what a second line says.
    fn and(self, second: &Self) -> Self {
        let status = self.status.or(second.status);
        // Firefox has a second line where a preflight or a redirect was refused, and none for the response to the request.
        let is_twice =
            second.words.contains("CORS request did not succeed") && self.reason != Reason::NoResponse;
        let is_redirect = status.is_some_and(|status| status.is_redirection());
        let implied = (is_twice && !is_redirect).then_some(Stage::Preflight);
        Self { stage: self.stage.or(second.stage).or(implied), status, ..self }
    }
}

/// `Access to fetch at 'URL' from origin 'ORIGIN' has been blocked by CORS policy: ...`.
fn chromium(line: &str) -> Option<Complaint> {
    if let Some((about, reason)) = line.split_once("has been blocked by CORS policy: ") {
        let start = about.find("Access to ")?;
        let (_, at) = about[start..].split_once(" at '")?;
        let (urls, origin) = at.rsplit_once(" from origin '")?;
        let urls = urls.strip_suffix('\'').unwrap_or(urls);
        let (origin, _) = origin.split_once('\'')?;
        let mut complaint = Complaint::new(&line[start..], chromium_reason(reason));
        complaint.request.page = Some(origin.to_owned());
        // The URL that refused it, behind which is the one that the page asked.
        let url = match urls.rsplit_once(" (redirected from '") {
            Some((url, asked)) => {
                complaint.redirected_from(asked.trim_end_matches(')').trim_end_matches('\''), url);
                url.strip_suffix('\'').unwrap_or(url)
            }
            None => urls,
        };
        complaint.request.url = Some(url.to_owned());
        return Some(complaint);
    }
    let not_cors = [
        ("violates the following Content Security Policy directive", "Refused to connect to '", '\''),
        ("violates the following Content Security Policy directive", "Connecting to '", '\''),
        ("Mixed Content: ", "but requested an insecure ", '\''),
    ];
    let (_, start, quote) =
        not_cors.into_iter().find(|(words, start, _)| line.contains(words) && line.contains(start))?;
    let (_, rest) = line.split_once(start)?;
    let rest = rest.split_once('\'').filter(|_| start.starts_with("but")).map_or(rest, |(_, url)| url);
    let mut complaint = Complaint::new(line, Reason::NotCors);
    complaint.request.url = rest.split_once(quote).map(|(url, _)| url.to_owned());
    Some(complaint)
}

fn chromium_reason(words: &str) -> Reason {
    let has = |part: &str| words.contains(part);
    let quoted = |before: &str| between(words, before, "'").map(str::to_owned);
    match () {
        () if has("No 'Access-Control-Allow-Origin' header") => Reason::AllowOriginMissing,
        () if has("contains multiple values") => Reason::AllowOriginTwice,
        () if has("contains the invalid value '") => {
            Reason::AllowOriginMismatch(quoted("contains the invalid value '"))
        }
        () if has("that is not equal to the supplied origin") => {
            Reason::AllowOriginMismatch(quoted("header has a value '"))
        }
        () if has("must not be the wildcard '*'") => Reason::AllowOriginWildcard,
        () if has("'Access-Control-Allow-Credentials' header") => Reason::AllowCredentials,
        () if has("It does not have HTTP ok status") => Reason::PreflightStatus,
        () if has("Redirect is not allowed for a preflight") => Reason::PreflightRedirected,
        () if has("is not allowed by Access-Control-Allow-Methods") => Reason::MethodNotAllowed(
            between(words, "Method ", " is not allowed").and_then(|method| method.parse().ok()),
        ),
        () if has("is not allowed by Access-Control-Allow-Headers") => {
            Reason::HeaderNotAllowed(name(between(words, "Request header field ", " is not allowed")))
        }
        () if has("Cannot parse Access-Control-Allow-") => Reason::MalformedList,
        () if has("Redirect location '") || has("redirect") || has("Redirect") => Reason::Redirected,
        () if has("Cross origin requests are only supported for") => Reason::NotHttp,
        () if has("address space") || has("Permission was denied") || has("local network") => Reason::NotCors,
        () => Reason::Unknown,
    }
}

/// `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at URL. (Reason: ...). Status code: 200.`
///
/// A `Cross-Origin Request Warning` is about a request that Firefox lets pass: an `Authorization` that is not listed beside `*`.
fn firefox(line: &str) -> Option<Complaint> {
    let start = line.find("Cross-Origin Request ")?;
    let line = line[start..].trim_end().trim_end_matches("[Learn More]").trim_end();
    // Some write straight quotes where Firefox has others.
    let straight = line.replace(['‘', '’', '“', '”'], "'");
    let (_, rest) = straight.split_once(" the remote resource at ")?;
    let (url, reason) = rest.split_once(" (Reason: ")?;
    let url = url.strip_suffix('.').unwrap_or(url);
    let url = url.strip_suffix(" soon").unwrap_or(url);
    let is_quoted = url.len() > 1 && url.starts_with('\'') && url.ends_with('\'');
    let url = if is_quoted { &url[1..url.len() - 1] } else { url };
    let mut complaint = Complaint::new(line, firefox_reason(reason));
    if line.starts_with("Cross-Origin Request Warning") {
        complaint.request.headers.push(("authorization".to_owned(), NOT_SHOWN.to_owned()));
        complaint.request.preflighted = true;
        complaint.blocked = None;
    }
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}

fn firefox_reason(words: &str) -> Reason {
    let has = |part: &str| words.contains(part);
    match () {
        () if has("'Access-Control-Allow-Origin' missing") => Reason::AllowOriginMissing,
        () if has("'Access-Control-Allow-Origin' does not match") => {
            Reason::AllowOriginMismatch(between(words, "does not match '", "'").map(str::to_owned))
        }
        () if has("Multiple CORS header") => Reason::AllowOriginTwice,
        () if has("Credential is not supported") => Reason::AllowOriginWildcard,
        () if has("expected 'true' in CORS header") => Reason::AllowCredentials,
        () if has("CORS preflight response did not succeed")
            || has("CORS preflight channel did not succeed") =>
        {
            Reason::PreflightStatus
        }
        () if has("Did not find method in CORS header") => Reason::MethodNotAllowed(None),
        () if has("is not allowed according to header") => {
            Reason::HeaderNotAllowed(name(between(words, "header '", "' is not allowed")))
        }
        () if has("missing token '") => {
            Reason::HeaderNotAllowed(name(between(words, "missing token '", "'")))
        }
        () if has("invalid token '") => Reason::MalformedList,
        () if has("external redirect not allowed") => Reason::Redirected,
        () if has("CORS request not http") => Reason::NotHttp,
        () if has("CORS request did not succeed")
            || has("CORS disabled")
            || has("CORS header 'Origin' cannot be added") =>
        {
            Reason::NoResponse
        }
        () => Reason::Unknown,
    }
}

/// `XHR PUT`, then the URL, then what came of it: Firefox's log of the network among the messages of its console.
fn firefox_request(lines: &mut Lines<'_>) -> Option<Complaint> {
    let mut next = lines.clone();
    let method = next.next()?.trim();
    let method = method.strip_prefix("XHR ").unwrap_or(method);
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let url = next.next()?.trim();
    if !is_method || !(url.starts_with("http://") || url.starts_with("https://")) || url.contains(' ') {
        return None;
    }
    let mut complaint = match next.peek()?.trim() {
        refused if refused.starts_with("CORS ") => {
            let mut complaint = Complaint::new(refused, Reason::NoResponse);
            if method == "OPTIONS" {
                complaint.request.preflighted = true;
                complaint.blocked =
                    complaint.blocked.map(|blocked| Blocked { stage: Some(Stage::Preflight), ..blocked });
            }
            complaint
        }
        answered if answered.starts_with("[HTTP/") => {
            Complaint { blocked: None, ..Complaint::new("", Reason::NoResponse) }
        }
        _ => return None,
    };
    next.next();
    *lines = next;
    // What a page asked that had a preflight is not shown.
    complaint.request.method = if complaint.request.preflighted { None } else { method.parse().ok() };
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}

/// Chromium's second line, `PUT https://... net::ERR_FAILED 403 (Forbidden)`, or the only one of a request that is not refused,
/// `PUT https://... 403 (Forbidden)`.
fn network_error(line: &str) -> Option<Complaint> {
    let mut words = line.split_ascii_whitespace();
    let url = words.position(|word| word.starts_with("http://") || word.starts_with("https://"))?;
    let mut words = line.split_ascii_whitespace().skip(url.checked_sub(1)?);
    let (method, url, what) = (words.next()?, words.next()?, words.next()?);
    let is_method = method.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let status = if what.starts_with("net::ERR_") { words.next() } else { Some(what) };
    let status = status.and_then(|status| status.parse::<StatusCode>().ok());
    let is_answered = status.is_some() && words.next().is_some_and(|word| word.starts_with('('));
    if !is_method || !(what.starts_with("net::ERR_") || is_answered) {
        return None;
    }
    let mut complaint = Complaint::new(what, Reason::NoResponse);
    complaint.blocked = complaint
        .blocked
        .filter(|_| what.starts_with("net::ERR_"))
        .map(|blocked| Blocked { status, ..blocked });
    complaint.request.method = method.parse().ok();
    complaint.request.url = Some(url.to_owned());
    Some(complaint)
}

/// A reason without the URL, and then `Fetch API cannot load URL due to access control checks.`
fn webkit(line: &str) -> Option<Complaint> {
    let has = |part: &str| line.contains(part);
    if has(" due to access control checks") {
        let (before, _) = line.split_once(" due to access control checks")?;
        let url = before.rsplit_once(' ')?.1;
        let mut complaint = Complaint::new(line, Reason::NoResponse);
        complaint.request.url = Some(url.to_owned()).filter(|url| url.contains("://"));
        return Some(complaint);
    }
    let reason = match () {
        () if has("is not allowed by Access-Control-Allow-Origin.") => Reason::AllowOriginMissingOrMismatch,
        () if has("Access-Control-Allow-Origin cannot contain more than one origin") => {
            Reason::AllowOriginTwice
        }
        () if has("Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true") => {
            Reason::AllowOriginWildcard
        }
        () if has("Credentials flag is true, but Access-Control-Allow-Credentials is not") => {
            Reason::AllowCredentials
        }
        () if has("Preflight response is not successful") => Reason::PreflightStatus,
        () if has("is not allowed by Access-Control-Allow-Methods") => Reason::MethodNotAllowed(
            between(line, "Method ", " is not allowed").and_then(|method| method.parse().ok()),
        ),
        () if has("is not allowed by Access-Control-Allow-Headers") => {
            Reason::HeaderNotAllowed(name(between(line, "Request header field ", " is not allowed")))
        }
        () if has("Header Access-Control-Allow-") && has("has an invalid value") => Reason::MalformedList,
        () if has("denied by Cross-Origin Resource Sharing policy") => Reason::Redirected,
        () if has("Cross origin requests are only supported for HTTP") => Reason::NotHttp,
        () => return None,
    };
    let mut complaint = Complaint::new(line, reason);
    complaint.request.page = between(line, "Origin ", " is not allowed by").map(str::to_owned);
    Some(complaint)
}

fn stage(words: &str, reason: &Reason) -> Option<Stage> {
    let is_preflight = ["preflight request", "preflight response", "preflight channel", "Preflight response"]
        .iter()
        .any(|part| words.contains(part))
        || matches!(
            reason,
            Reason::MethodNotAllowed(_)
                | Reason::HeaderNotAllowed(_)
                | Reason::MalformedList
                | Reason::PreflightStatus
        );
    match reason {
        _ if is_preflight => Some(Stage::Preflight),
        // Only Chromium tells the preflight from the request where the origin is refused.
        _ if words.contains("has been blocked by CORS policy") => Some(Stage::Request),
        _ => None,
    }
}

/// `Status code: 403`.
fn status(words: &str) -> Option<StatusCode> {
    words.split_once("Status code: ")?.1.get(..3)?.parse().ok()
}

/// A header's name.
fn name(found: Option<&str>) -> Option<String> {
    found.filter(|name| name.parse::<http::HeaderName>().is_ok()).map(str::to_ascii_lowercase)
}

fn between<'a>(words: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = words.split_once(before)?;
    rest.split_once(behind).map(|(found, _)| found)
}
