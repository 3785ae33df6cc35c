//! Every sentence on one page, `page.txt`, to read as a whole. `UPDATE=1` in the environment writes the page again.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use crate::check::Problem;
use crate::explain::Remedy;
use crate::header::HeaderProblem;
use crate::layer::Disagreement;
use crate::method::MethodProblem;
use crate::origin::{Difference, Nearest, OriginProblem, RegexProblem};
use crate::policy::{CorsPolicy, PolicyChange, Reason};
use crate::protocol::{AllowedBy, Denial, Fact, Judgement, Selection};

/// All values of a type, each after its pattern: a missing variant does not compile.
macro_rules! all {
    ($type:ty: $($pattern:pat => [$($value:expr),*]),* $(,)?) => {{
        fn _is_listed(value: &$type) {
            match value {
                $($pattern => (),)*
            }
        }
        let values: Vec<$type> = vec![$($($value,)*)*];
        values
    }};
}

#[test]
fn the_page_has_every_sentence() {
    let mut page = String::new();
    section(&mut page, "Why an origin is refused", &origin_problems());
    section(&mut page, "Why a regular expression is refused", &regex_problems());
    section(&mut page, "Why a method is refused", &method_problems());
    section(&mut page, "Why a header is refused", &header_problems());
    section(&mut page, "What else is wrong with a policy", &problems());
    section(&mut page, "What looks like a mistake in a policy", &warnings());
    section(&mut page, "A policy in a line", &policies());
    section(&mut page, "What changes from one policy to another", &changes());
    section(&mut page, "Why a browser is refused", &denials());
    section(&mut page, "What a shadow policy would change", &disagreements());
    section(&mut page, "What is found at each step", &facts());
    section(&mut page, "What to do", &remedies());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/words/page.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).expect("the page can be written");
    }
    let expected = std::fs::read_to_string(path).expect("the page");
    for (line, (written, expected)) in page.lines().zip(expected.lines()).enumerate() {
        assert_eq!(written, expected, "line {}", line + 1);
    }
    assert_eq!(page.lines().count(), expected.lines().count());
}

fn section(page: &mut String, title: &str, sentences: &[impl Display]) {
    writeln!(page, "{title}\n").expect("a string");
    for sentence in sentences {
        writeln!(page, "- {sentence}").expect("a string");
    }
    page.push('\n');
}

fn origin_problems() -> Vec<OriginProblem> {
    use OriginProblem as P;
    all!(OriginProblem:
        P::Empty => [P::Empty],
        P::Null => [P::Null],
        P::Whitespace => [P::Whitespace],
        P::List => [P::List],
        P::TrailingSeparator => [P::TrailingSeparator],
        P::Quotes => [P::Quotes],
        P::JsonList => [P::JsonList],
        P::RegularExpression => [P::RegularExpression],
        P::Backslash => [P::Backslash],
        P::NoScheme => [P::NoScheme],
        P::NoSlashes => [P::NoSlashes],
        P::InvalidScheme => [P::InvalidScheme],
        P::OpaqueScheme => [P::OpaqueScheme],
        P::WebSocketScheme => [P::WebSocketScheme],
        P::FtpScheme => [P::FtpScheme],
        P::UpperCase => [P::UpperCase],
        P::Unicode => [P::Unicode],
        P::UserInfo => [P::UserInfo],
        P::TrailingSlash => [P::TrailingSlash],
        P::Path => [P::Path],
        P::Query => [P::Query],
        P::Fragment => [P::Fragment],
        P::PartialWildcard => [P::PartialWildcard],
        P::Wildcard => [P::Wildcard],
        P::NoHost => [P::NoHost],
        P::EmptyLabel => [P::EmptyLabel],
        P::LeadingDot => [P::LeadingDot],
        P::InvalidPunycode => [P::InvalidPunycode],
        P::LabelTooLong => [P::LabelTooLong],
        P::HostTooLong => [P::HostTooLong],
        P::SchemeTooLong => [P::SchemeTooLong],
        P::NumericLastLabel => [P::NumericLastLabel],
        P::Ipv4NotDottedQuad => [P::Ipv4NotDottedQuad],
        P::InvalidIpv6 => [P::InvalidIpv6],
        P::Ipv6NotCompressed => [P::Ipv6NotCompressed],
        P::Ipv6Zone => [P::Ipv6Zone],
        P::Ipv4Mapped => [P::Ipv4Mapped],
        P::InvalidPort => [P::InvalidPort],
        P::PortOutOfRange => [P::PortOutOfRange],
        P::DefaultPort => [P::DefaultPort],
        P::InvalidCharacter(_) => [P::InvalidCharacter('%')],
        P::Insecure => [P::Insecure],
        P::InsecurePrivateAddress => [P::InsecurePrivateAddress],
        P::InsecureSingleLabel => [P::InsecureSingleLabel],
        P::InsecureDockerHost => [P::InsecureDockerHost],
        P::InsecureUnspecified => [P::InsecureUnspecified],
        P::PublicSuffix => [P::PublicSuffix],
        P::PublicSuffixBelow(_) => [P::PublicSuffixBelow("s3.amazonaws.com".into())],
        P::AnyExtension => [P::AnyExtension],
        P::NotHttp => [P::NotHttp],
    )
}

fn regex_problems() -> Vec<RegexProblem> {
    use RegexProblem as P;
    let instead = || Some(("https://example.com/".into(), OriginProblem::TrailingSlash));
    all!(RegexProblem:
        P::FeatureOff => [P::FeatureOff],
        P::Empty => [P::Empty],
        P::Syntax { .. } => [P::Syntax { reason: "unclosed group".into(), at: 9 }],
        P::TooLong => [P::TooLong],
        P::TooComplex => [P::TooComplex],
        P::TooMany => [P::TooMany],
        P::TooComplexTogether => [P::TooComplexTogether],
        P::NeverMatches { .. } => [P::NeverMatches { instead: instead() }, P::NeverMatches { instead: None }],
        P::Insecure { .. } => [P::Insecure { also: "http://app.example.com".into() }],
        P::Strangers { .. } => [
            P::Strangers { also: "https://evilexample.com".into(), pattern: Some("https://*.example.com".into()) },
            P::Strangers { also: "https://appxexample.com".into(), pattern: None }
        ],
        P::PublicSuffix { .. } => [
            P::PublicSuffix { also: "https://app-evil.vercel.app".into(), suffix: "vercel.app".into() }
        ],
        P::AnyOrigin { .. } => [P::AnyOrigin { also: "https://evil.example".into() }],
        P::Unproven => [P::Unproven],
    )
}

fn method_problems() -> Vec<MethodProblem> {
    use MethodProblem as P;
    all!(MethodProblem:
        P::NotAToken => [P::NotAToken],
        P::Forbidden => [P::Forbidden],
        P::WrongCase => [P::WrongCase],
        P::Wildcard => [P::Wildcard],
    )
}

fn header_problems() -> Vec<HeaderProblem> {
    use HeaderProblem as P;
    all!(HeaderProblem:
        P::NotAFieldName => [P::NotAFieldName],
        P::Wildcard => [P::Wildcard],
        P::ForbiddenToRequest => [P::ForbiddenToRequest],
        P::ForbiddenToExpose => [P::ForbiddenToExpose],
        P::CorsResponse => [P::CorsResponse],
        P::CorsRequest => [P::CorsRequest],
    )
}

fn problems() -> Vec<Problem> {
    use Problem as P;
    all!(Problem:
        P::NoOrigin => [P::NoOrigin],
        P::TooManyOrigins => [P::TooManyOrigins],
        P::AnyOriginWithCredentials => [P::AnyOriginWithCredentials],
        P::MaxAge(_) => [P::MaxAge(Duration::from_secs(604_800))],
        P::PreflightStatus(_) => [P::PreflightStatus(302)],
        P::RejectsNoOrigin => [P::RejectsNoOrigin],
        P::ServedAt(_) => [
            P::ServedAt(OriginProblem::NotHttp),
            P::ServedAt(OriginProblem::Wildcard),
            P::ServedAt(OriginProblem::RegularExpression),
            P::ServedAt(OriginProblem::PublicSuffix),
            P::ServedAt(OriginProblem::PublicSuffixBelow("s3.amazonaws.com".into()))
        ],
        P::ServedAtBesideAny => [P::ServedAtBesideAny],
        P::UnknownPreset => [P::UnknownPreset],
        // They have sections of their own.
        P::Origin(_) => [],
        P::Regex(_) => [],
        P::Method(_) => [],
        P::Header(_) => [],
    )
}

fn denials() -> Vec<Denial> {
    use Denial as D;
    all!(Denial:
        D::OriginNotAllowed => [D::OriginNotAllowed],
        D::NullOrigin => [D::NullOrigin],
        D::MalformedOrigin => [D::MalformedOrigin],
        D::SeveralOrigins => [D::SeveralOrigins],
        D::ForeignHost => [D::ForeignHost],
        D::MethodNotAllowed => [D::MethodNotAllowed],
        D::ForbiddenMethod => [D::ForbiddenMethod],
        D::MalformedMethod => [D::MalformedMethod],
        D::MethodTooLong => [D::MethodTooLong],
        D::HeaderNotAllowed { .. } => [D::HeaderNotAllowed { nth: 0 }],
        D::AuthorizationNotListed => [D::AuthorizationNotListed],
        D::MalformedHeaders => [D::MalformedHeaders],
        D::TooManyHeaders => [D::TooManyHeaders],
        D::NoPolicy => [D::NoPolicy],
        D::LookupPanicked => [D::LookupPanicked],
    )
}

fn disagreements() -> Vec<Disagreement> {
    let judged = |denial, reaches_service| Judgement { denial, reaches_service };
    let (origin, method) = (Some(Denial::OriginNotAllowed), Some(Denial::MethodNotAllowed));
    let all = [
        (judged(None, true), judged(method, true)),
        (judged(origin, true), judged(None, true)),
        (judged(origin, true), judged(origin, false)),
        (judged(origin, false), judged(origin, true)),
    ];
    all.into_iter().filter_map(|(live, shadow)| Disagreement::between(live, shadow)).collect()
}

fn facts() -> Vec<Fact> {
    use Fact as F;
    let selected = |reason| F::PolicySelected { place: 2, count: 3, reason };
    let foreign = |nearest| F::ForeignHost { origin: None, nearest };
    let origin = |nearest, has_predicate| F::OriginNotAllowed { nearest, has_predicate };
    let name = || "x-requestid".to_owned();
    let malformed = |problem| F::MalformedOrigin { text: "https://app.example.com/a".to_owned(), problem };
    let method = |near, has_list| F::MethodNotListed { method: "PROPFIN".to_owned(), near, has_list };
    let header = |near| F::HeaderNotListed { name: name(), near };
    let mut facts = all!(Fact:
        F::CorsRequest => [F::CorsRequest],
        F::NoOrigin { .. } => [F::NoOrigin { any: false }, F::NoOrigin { any: true }],
        F::Preflight => [F::Preflight],
        F::PlainOptions => [F::PlainOptions],
        F::NotPreflight => [F::NotPreflight],
        F::PolicySelected { .. } => [],
        F::NoPolicy => [F::NoPolicy],
        F::SerializedOrigin => [F::SerializedOrigin],
        F::MalformedOrigin { .. } => [malformed(None), malformed(Some(OriginProblem::Path))],
        F::SeveralOrigins { .. } => [F::SeveralOrigins { count: 2 }],
        F::OriginAllowed(_) => [],
        F::NullOrigin => [F::NullOrigin],
        F::OriginNotAllowed { .. } => [origin(None, false), origin(None, true)],
        F::ReadableByAll => [F::ReadableByAll],
        F::SameOrigin => [F::SameOrigin],
        F::Rejected => [F::Rejected],
        F::OwnHost => [F::OwnHost],
        F::ForeignHost { .. } => [foreign(Some(nearest(Difference::Port))), foreign(None)],
        F::NoHost => [F::NoHost],
        F::SeveralHosts { .. } => [F::SeveralHosts { count: 2 }],
        F::Misdirected => [F::Misdirected],
        F::MethodSafelisted => [F::MethodSafelisted],
        F::MethodListed => [F::MethodListed],
        F::AnyMethod => [F::AnyMethod],
        F::SeveralMethods => [F::SeveralMethods],
        F::MalformedMethod(_) => [F::MalformedMethod("P T".to_owned())],
        F::MethodTooLong { .. } => [F::MethodTooLong { bytes: 64 }],
        F::ForbiddenMethod(_) => [F::ForbiddenMethod("TRACE".to_owned())],
        F::MethodInOtherCase { .. } => [F::MethodInOtherCase { method: "patch".to_owned(), known: "PATCH".to_owned() }],
        F::MethodNotListed { .. } => [
            method(Some("PROPFIND".to_owned()), true),
            method(None, true),
            method(None, false)
        ],
        F::NoHeaders => [F::NoHeaders],
        F::HeadersAllowed => [F::HeadersAllowed],
        F::MalformedHeaders => [F::MalformedHeaders],
        F::TooManyHeaders { .. } => [F::TooManyHeaders { names: 64, bytes: 2048 }],
        F::HeaderRefused { .. } => [],
        F::AuthorizationNotListed => [F::AuthorizationNotListed],
        F::HeaderNotListed { .. } => [
            header(Some("x-request-id".to_owned())),
            header(None)
        ],
        F::CredentialsAllowed(_) => [F::CredentialsAllowed(true), F::CredentialsAllowed(false)],
        F::CredentialsRead { .. } => [
            F::CredentialsRead { allowed: true, has_cookies: true },
            F::CredentialsRead { allowed: false, has_cookies: true }
        ],
        F::MaxAge(_) => [F::MaxAge(None), F::MaxAge(Some(0)), F::MaxAge(Some(600))],
        F::Exposed(_) => [
            F::Exposed(None),
            F::Exposed(Some(Vec::new())),
            F::Exposed(Some(vec!["x-request-id".to_owned()])),
            F::Exposed(Some((1..=20).map(|n| format!("x-{n}")).collect())),
            F::Exposed(Some((1..=21).map(|n| format!("x-{n}")).collect()))
        ],
    );
    facts.extend(selections().into_iter().map(selected));
    facts.extend(allowing_rules().into_iter().map(F::OriginAllowed));
    facts.extend(header_problems().into_iter().map(|problem| F::HeaderRefused { name: name(), problem }));
    facts.extend(differences().into_iter().map(|difference| origin(Some(nearest(difference)), false)));
    facts
}

fn selections() -> Vec<Selection> {
    use Selection as S;
    all!(Selection:
        S::AllowsOrigin => [S::AllowsOrigin],
        S::NoneAllows => [S::NoneAllows],
        S::NoOrigin => [S::NoOrigin],
        S::ForeignHost => [S::ForeignHost],
    )
}

fn allowing_rules() -> Vec<AllowedBy> {
    use AllowedBy as A;
    all!(AllowedBy:
        A::Any => [A::Any],
        A::Name => [A::Name],
        A::Pattern(_) => [A::Pattern("https://*.example.com".to_owned())],
        A::Regex(_) => [A::Regex(r"https://pr-\d+\.preview\.example\.com".to_owned())],
        A::Predicate => [A::Predicate],
        A::NullSwitch => [A::NullSwitch],
    )
}

fn differences() -> Vec<Difference> {
    use Difference as D;
    all!(Difference:
        D::Port => [D::Port],
        D::Scheme => [D::Scheme],
        D::SchemeAndPort => [D::SchemeAndPort],
        D::Apex => [D::Apex],
        D::TrailingDot => [D::TrailingDot],
        D::MissingWww => [D::MissingWww],
        D::AddedWww => [D::AddedWww],
        D::Subdomain => [D::Subdomain],
        D::Sibling => [D::Sibling],
        D::LabelBoundary => [D::LabelBoundary],
        D::Typo => [D::Typo],
    )
}

/// The rule does not follow from the difference: the page only shows sentences.
fn nearest(difference: Difference) -> Nearest {
    let (pattern, scheme, host) = ("https://app.example.com", "http", "app.example.org");
    Nearest {
        pattern: pattern.to_owned(),
        difference,
        scheme: scheme.to_owned(),
        host: host.to_owned(),
        port: Some(8443),
    }
}

fn remedies() -> Vec<Remedy> {
    use Remedy as R;
    let (origin, name) = (|| "https://app.example.com".to_owned(), || "x-request-id".to_owned());
    all!(Remedy:
        R::ServePageAt(_) => [R::ServePageAt(origin())],
        R::UseAllowedOrigin => [R::UseAllowedOrigin],
        R::AllowOrigin(_) => [R::AllowOrigin(origin())],
        R::ServeAndAllow(_) => [R::ServeAndAllow(origin())],
        R::AllowNullOrigin => [R::AllowNullOrigin],
        R::GiveOrigin => [R::GiveOrigin],
        R::SendOneOrigin => [R::SendOneOrigin],
        R::RespellOrigin(_) => [R::RespellOrigin(Some(origin())), R::RespellOrigin(None)],
        R::SendOwnHost(_) => [R::SendOwnHost(Some("localhost:3000".to_owned())), R::SendOwnHost(None)],
        R::ServeAt(_) => [R::ServeAt(origin())],
        R::AllowMethod(_) => [R::AllowMethod("PUT".to_owned())],
        R::RespellMethod(_) => [R::RespellMethod("PATCH".to_owned())],
        R::UseAnotherMethod => [R::UseAnotherMethod],
        R::AllowHeader(_) => [R::AllowHeader(name())],
        R::RespellHeader { .. } => [R::RespellHeader { name: "x-requestid".to_owned(), listed: name() }],
        R::LeaveOutHeader(_) => [R::LeaveOutHeader("cookie".to_owned())],
        R::SendHeaderNames => [R::SendHeaderNames],
        R::SendFewerHeaders { .. } => [R::SendFewerHeaders { names: 64, bytes: 2048 }],
        R::FindPolicy => [R::FindPolicy],
    )
}

fn warnings() -> Vec<Reason> {
    use Reason as R;
    all!(Reason:
        R::Duplicate => [R::Duplicate],
        R::PredicateBesideAny => [R::PredicateBesideAny],
        R::Covered(_) => [R::Covered("https://*.example.com".to_owned())],
        R::RegexIsPattern(_) => [R::RegexIsPattern("https://*.example.com".to_owned())],
        R::SchemeTypo => [R::SchemeTypo],
        R::HostTypo => [R::HostTypo],
        R::SingleLabelHost => [R::SingleLabelHost],
        R::UnspecifiedAddress => [R::UnspecifiedAddress],
        R::ExtensionId => [R::ExtensionId],
        R::MethodTypo => [R::MethodTypo],
        R::UpdateMethod => [R::UpdateMethod],
        R::HeaderTypo => [R::HeaderTypo],
        R::MaxAgeBelowSecond(_) => [R::MaxAgeBelowSecond(Duration::from_millis(600))],
        R::SwitchWithoutEffect => [R::SwitchWithoutEffect],
        R::RejectsNoHost => [R::RejectsNoHost],
    )
}

/// Together, they use every phrase.
fn policies() -> Vec<CorsPolicy> {
    let public = CorsPolicy::builder()
        .allow_any_origin()
        .allow_any_method()
        .allow_any_header()
        .expose_all_headers()
        .max_age(Duration::from_secs(600));
    let app = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .allow_credentials(true)
        .allow_methods(["PUT", "DELETE"])
        .allow_headers(["content-type"])
        .expose_headers(["etag", "link"])
        .reject_disallowed_origins(true)
        .served_at(["https://api.example.com"]);
    let many = CorsPolicy::builder()
        .allow_origins(["https://a.example.com", "https://b.example.com", "https://*.b.example.com"])
        .allow_origin_if(|_, _| false)
        .allow_methods(["custom"])
        .allow_headers(["*", "authorization"])
        .dangerously_allow_null_origin(true);
    [public, app, many].map(|policy| policy.build().expect("a policy")).into()
}

/// From each of those to the next, and to itself.
fn changes() -> Vec<PolicyChange> {
    let policies = policies();
    let next = policies.iter().zip(policies.iter().cycle().skip(1)).map(|(old, new)| old.difference(new));
    next.chain(policies.iter().take(1).map(|policy| policy.difference(policy))).collect()
}
