//! Which policy decides, where there are several or none.

use http::header::ORIGIN;

use super::origin::not_asked;
use super::{Explanation, Remedy, Step, request_steps};
use crate::decision::origin::Verdict;
use crate::decision::{decide_without_policy, first_match};
use crate::policy::CorsPolicy;
use crate::request::RequestHead;

const POLICY: (&str, &str) = ("policy", "https://fetch.spec.whatwg.org/#http-cors-protocol");

impl Explanation {
    /// Explains what a layer decides that has [several policies](crate::CorsLayer::first_match), or
    /// [looks one up](crate::CorsLayer::per_request): which of them decides and why, then what it says.
    ///
    /// Of one policy it is what [`CorsPolicy::explain`] says; of none, that none applies. What would mend a failure is a change of
    /// the policy that decides.
    ///
    /// ```
    /// use http::Request;
    /// use tower_cors::{CorsPolicy, Denial, Explanation, Remedy};
    ///
    /// let partners = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let public = CorsPolicy::builder().allow_any_origin().build()?;
    /// let request = Request::get("/items").header("origin", "https://app.example.com:8443").body(())?;
    ///
    /// let explanation = Explanation::by_first_match(&[partners, public], &request);
    /// let choice = explanation.steps().iter().find(|step| step.title() == "policy").unwrap();
    /// assert_eq!(choice.detail(), "the last one, 2 of 2, decides: it is the first that allows the origin");
    ///
    /// let looked_up: Option<CorsPolicy> = None;
    /// let explanation = Explanation::by_first_match(looked_up.as_slice(), &request);
    /// assert_eq!(explanation.denial(), Some(&Denial::NoPolicy));
    /// assert!(explanation.remedies().eq([&Remedy::FindPolicy]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by_first_match<'a>(policies: &[CorsPolicy], request: impl Into<RequestHead<'a>>) -> Self {
        let request = request.into();
        match first_match(policies, request) {
            Some((index, policy, verdict)) => {
                policy.explain_on(verdict, request, choice(index, policies.len(), verdict))
            }
            None => without_policy(request),
        }
    }
}

fn choice(index: usize, count: usize, verdict: Verdict<'_>) -> Option<Step> {
    let (title, standard) = POLICY;
    let place = index + 1;
    let detail = if place < count {
        format!("{place} of {count} decides: it is the first that allows the origin")
    } else {
        let reason = match verdict {
            Verdict::Allowed(_) => "it is the first that allows the origin",
            Verdict::Refused => "none allows the origin",
            Verdict::NoOrigin => "there is no `Origin`",
        };
        format!("the last one, {place} of {count}, decides: {reason}")
    };
    (count > 1).then(|| Step::note(title, standard, detail))
}

fn without_policy(request: RequestHead<'_>) -> Explanation {
    let (title, standard) = POLICY;
    let denial = decide_without_policy(request).denial().copied();
    let mut steps = request_steps(request, false);
    if denial.is_some() {
        let detail = "none applies to the request, so that nothing is granted";
        steps.push(Step::failed(title, standard, detail).mended_by([Remedy::FindPolicy]));
    } else if request.headers().contains_key(ORIGIN) {
        steps.push(not_asked(false));
    }
    Explanation { steps, denial, is_asked: denial.is_some() }
}
