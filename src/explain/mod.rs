//! Explanations of decisions: every step of the protocol, what was compared, and how to fix a failure.

mod account;
mod remedy;
#[cfg(feature = "serde")]
mod serde;
mod step;

use self::account::Account;
pub use self::remedy::Remedy;
pub use self::step::Step;
use crate::policy::CorsPolicy;
use crate::protocol::{Denial, Fact, decide_by_first_match};
use crate::request::RequestHead;

/// How a policy decides about a request, step by step. [`CorsPolicy::explain`] returns it, and
/// [`by_first_match`](Self::by_first_match) for several policies or none.
///
/// Its `Display` is for a terminal. As data it is a list of [`Step`]s, which the feature `serde` can serialize for a page. Quoted
/// text is escaped and cut, so it is safe to show even if the request came from a stranger. Only [`Remedy::value`] is as the
/// request has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    steps: Vec<Step>,
    denial: Option<Denial>,
    decided_by: Option<usize>,
}

impl Explanation {
    /// The steps, in the order in which browser and server take them.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Why the browser will be refused, if so: the denial that [`CorsPolicy::decide`] returns.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// How to fix it: the first remedy of each failed step. After a fix, a later step may fail, so explain the changed request
    /// again.
    pub fn remedies(&self) -> impl Iterator<Item = &Remedy> {
        self.steps.iter().filter_map(|step| step.remedies().first())
    }

    /// The index of the policy that decides, among those that [`by_first_match`](Self::by_first_match) got. A remedy for a policy
    /// is for this one. `None` if there are no policies.
    ///
    /// ```
    /// use http::Request;
    /// use tower_cors::{CorsPolicy, Explanation};
    ///
    /// let app = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let shop = CorsPolicy::builder().allow_origin("https://shop.example.com").build()?;
    /// let request = Request::get("/items").header("origin", "https://shop.example.com").body(())?;
    ///
    /// assert_eq!(Explanation::by_first_match(&[app, shop], &request).decided_by(), Some(1));
    /// assert_eq!(Explanation::by_first_match(&[], &request).decided_by(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decided_by(&self) -> Option<usize> {
        self.decided_by
    }

    /// Explains the decision of a layer with [several policies](crate::CorsLayer::first_match) or with [a
    /// look-up](crate::CorsLayer::per_request): which policy decides and why, then how it decides.
    ///
    /// For one policy this is the same as [`CorsPolicy::explain`]. Without policies it says that no policy applies. A remedy for
    /// a policy is for the one that decides.
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
    /// let selection = explanation.steps().iter().find(|step| step.kind() == "policy").unwrap();
    /// assert_eq!(selection.detail(), "policy 2 of 2 decides: it is the first that allows the origin");
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
        let mut account = Account::default();
        let denial = decide_by_first_match(policies, request, &mut account).denial().copied();
        let place = account.decided_by();
        let policy = policies.get(place);
        Self { steps: account.into_steps(policy, request), denial, decided_by: policy.map(|_| place) }
    }

    /// Whether CORS applies to the request at all.
    pub(crate) fn concerns_cors(&self) -> bool {
        let is_spared = |step: &Step| matches!(step.fact(), Fact::NoOrigin { .. } | Fact::SameOrigin);
        !self.steps.iter().any(is_spared)
    }
}

impl CorsPolicy {
    /// Explains what [`decide`](Self::decide) decides: every step of the protocol and what it compared. For a failure, it also
    /// has the nearest rule, how that differs, and how to fix it.
    ///
    /// Use it to find out why a browser refuses; it takes much longer than a decision. It looks for the nearest rule among the
    /// first 10 000 origins.
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
    /// refused: the policy does not allow the origin
    ///   ok    CORS request: `https://app.example.com:8443`
    ///           it has an `Origin`
    ///   note  CORS-preflight request: `GET`
    ///           not a preflight: the service answers, and the layer adds the CORS headers
    ///   ok    serialized origin: `https://app.example.com:8443`
    ///           in the form that browsers send
    ///   FAIL  allowed origin: `https://app.example.com:8443`
    ///           `https://app.example.com` is allowed, but not with the port 8443
    ///           fix: if this page is yours, add `https://app.example.com:8443` to `allow_origins`
    ///           see https://fetch.spec.whatwg.org/#cors-check
    /// "
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<'a>(&self, request: impl Into<RequestHead<'a>>) -> Explanation {
        Explanation::by_first_match(std::slice::from_ref(self), request)
    }
}
