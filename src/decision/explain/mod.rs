//! Why a request is decided as it is: every step of the protocol, what was compared, and what would mend a failure.

mod actual;
mod choice;
mod display;
mod origin;
mod preflight;
mod remedy;
#[cfg(feature = "serde")]
mod serde;

use http::Method;
use http::header::ORIGIN;

pub use self::remedy::Remedy;
use super::origin::Verdict;
use super::{Denial, is_preflight};
use crate::policy::CorsPolicy;
use crate::quoted::shown;
use crate::request::RequestHead;

/// What a policy makes of a request, step by step. Made by [`CorsPolicy::explain`], and by
/// [`by_first_match`](Self::by_first_match) where there are several policies, or none.
///
/// Its `Display` is for a terminal; as data it is a list of [`Step`]s, and with the feature `serde` it can be serialized, for a
/// page. All that it quotes is escaped and cut, so that it may be shown where the request came from a stranger.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    steps: Vec<Step>,
    denial: Option<Denial>,
    /// Whether a browser asks CORS at all.
    is_asked: bool,
}

impl Explanation {
    /// The steps, in the order in which browser and server take them.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Why the browser will be refused, if it will be: what [`CorsPolicy::decide`] says.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// What would mend it: the first remedy of each failed step. A mended step may let a browser get to the next failure, so
    /// explain the mended request again.
    pub fn remedies(&self) -> impl Iterator<Item = &Remedy> {
        self.steps.iter().filter_map(|step| step.remedies.first())
    }
}

/// One step of an [`Explanation`].
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    title: &'static str,
    standard: &'static str,
    outcome: Outcome,
    value: Option<String>,
    detail: String,
    remedies: Vec<Remedy>,
}

impl Step {
    /// What is looked at: `allowed origin`.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// A link to what the standard says about it.
    #[must_use]
    pub fn standard(&self) -> &'static str {
        self.standard
    }

    /// How it went.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The part of the request that was compared, escaped and cut, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Why it went so: the rule that matched, or the nearest one and how it differs.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What would mend a failure: each alone would, the safest comes first. Empty if the step did not fail.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    fn passed(title: &'static str, standard: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Outcome::Passed, title, standard, detail.into())
    }

    fn note(title: &'static str, standard: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Outcome::Note, title, standard, detail.into())
    }

    fn failed(title: &'static str, standard: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Outcome::Failed, title, standard, detail.into())
    }

    fn new(outcome: Outcome, title: &'static str, standard: &'static str, detail: String) -> Self {
        Self { title, standard, outcome, value: None, detail, remedies: Vec::new() }
    }

    fn of(mut self, value: &[u8]) -> Self {
        self.value = Some(shown(value));
        self
    }

    fn mended_by(mut self, remedies: impl IntoIterator<Item = Remedy>) -> Self {
        self.remedies.extend(remedies);
        self
    }
}

/// How a [`Step`] went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It lets the request go on.
    Passed,
    /// It is why the browser will be refused.
    Failed,
    /// It decides nothing, but is good to know.
    Note,
}

impl CorsPolicy {
    /// Explains what [`decide`](Self::decide) decides: every step of the protocol, what was compared with what, and for a failure
    /// the nearest rule, how it differs, and what would mend it.
    ///
    /// For people, when a browser says no; it takes much longer than a decision. Of a long list of origins the nearest rule is
    /// looked for among the first 10 000.
    ///
    /// ```
    /// use http::Request;
    /// use tower_cors::{CorsPolicy, Denial, Remedy};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let request = Request::get("/items").header("origin", "https://app.example.com:8443").body(())?;
    ///
    /// let explanation = policy.explain(&request);
    /// assert_eq!(explanation.denial(), Some(&Denial::OriginNotAllowed));
    /// let remedy = Remedy::AllowOrigin("https://app.example.com:8443".to_owned());
    /// assert!(explanation.remedies().eq([&remedy]));
    /// assert_eq!(
    ///     explanation.to_string(),
    ///     "\
    /// refused: the origin is not among those that the policy allows
    ///   ok    CORS request: `https://app.example.com:8443`
    ///           it has an `Origin`
    ///   note  CORS-preflight request: `GET`
    ///           it is none, so that the service answers it and the layer decorates the response
    ///   ok    serialized origin: `https://app.example.com:8443`
    ///           it is spelled as browsers spell origins
    ///   FAIL  allowed origin: `https://app.example.com:8443`
    ///           `https://app.example.com` is allowed; the port 8443 is not
    ///           mend: add `https://app.example.com:8443` to `allow_origins`
    ///           see https://fetch.spec.whatwg.org/#cors-check
    /// "
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<'a>(&self, request: impl Into<RequestHead<'a>>) -> Explanation {
        let request = request.into();
        self.explain_on(Verdict::of(request, &self.rules().origins), request, None)
    }

    /// `choice` says why it is this policy that decides. The verdict is given: a predicate may count, or change its mind.
    fn explain_on(
        &self,
        verdict: Verdict<'_>,
        request: RequestHead<'_>,
        choice: Option<Step>,
    ) -> Explanation {
        let denial = self.decide_on(verdict, request, true).denial().copied();
        let mut steps = request_steps(request, self.rules().origins.any);
        steps.extend(choice);
        if matches!(verdict, Verdict::NoOrigin) {
            return Explanation { steps, denial, is_asked: false };
        }
        let is_allowed = origin::explain(self, request, verdict, denial, &mut steps);
        if is_preflight(request) && is_allowed {
            preflight::explain(self, request, &mut steps);
        } else if is_allowed {
            actual::explain(self, request, &mut steps);
        } else if denial.is_some() && self.rules().reject_disallowed_origins && !is_preflight(request) {
            steps.push(rejected());
        }
        Explanation { steps, denial, is_asked: is_allowed || denial.is_some() }
    }
}

/// What kind of request it is, whatever the policy. `says_any`: whether every response says `*`.
fn request_steps(request: RequestHead<'_>, says_any: bool) -> Vec<Step> {
    let mut steps = vec![cors_request(request, says_any)];
    if request.headers().contains_key(ORIGIN) {
        steps.push(cors_preflight_request(request));
    }
    steps
}

fn cors_request(request: RequestHead<'_>, says_any: bool) -> Step {
    const TITLE: &str = "CORS request";
    const STANDARD: &str = "https://fetch.spec.whatwg.org/#cors-request";
    match request.headers().get(ORIGIN) {
        Some(origin) => Step::passed(TITLE, STANDARD, "it has an `Origin`").of(origin.as_bytes()),
        None if says_any => Step::note(
            TITLE,
            STANDARD,
            "it has no `Origin`, so that no browser asks; the response says `Access-Control-Allow-Origin: *` all the same",
        ),
        None => {
            Step::note(TITLE, STANDARD, "it has no `Origin`, so that no browser asks, and nothing is granted")
        }
    }
}

fn cors_preflight_request(request: RequestHead<'_>) -> Step {
    const TITLE: &str = "CORS-preflight request";
    const STANDARD: &str = "https://fetch.spec.whatwg.org/#cors-preflight-request";
    let method = request.method().as_str().as_bytes();
    if is_preflight(request) {
        Step::passed(TITLE, STANDARD, "the layer answers it, and the service does not see it").of(method)
    } else if request.method() == Method::OPTIONS {
        let detail =
            "this is a plain OPTIONS: it has no `Access-Control-Request-Method`, so it reaches the service";
        Step::note(TITLE, STANDARD, detail).of(method)
    } else {
        let detail = "it is none, so that the service answers it and the layer decorates the response";
        Step::note(TITLE, STANDARD, detail).of(method)
    }
}

fn rejected() -> Step {
    let detail =
        "`reject_disallowed_origins` is on: the layer answers 403, and the service does not see the request";
    Step::note("rejection", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4", detail)
}
