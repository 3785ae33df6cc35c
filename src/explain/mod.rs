//! Why a request is decided as it is: every step of the protocol, what was compared, and what would fix a failure.

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

/// What a policy makes of a request, step by step. Made by [`CorsPolicy::explain`], and by
/// [`by_first_match`](Self::by_first_match) where there are several policies, or none.
///
/// Its `Display` is for a terminal; as data it is a list of [`Step`]s, and with the feature `serde` it can be serialized, for a
/// page. All that it quotes is escaped and cut, so that it may be shown where the request came from a stranger.
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

    /// Why the browser will be refused, if it will be: what [`CorsPolicy::decide`] says.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        self.denial.as_ref()
    }

    /// What would fix it: the first remedy of each failed step. A fixed step may let a browser get to the next failure, so
    /// explain the changed request again.
    pub fn remedies(&self) -> impl Iterator<Item = &Remedy> {
        self.steps.iter().filter_map(|step| step.remedies().first())
    }

    /// The place of the policy that decides, among those that were [given](Self::by_first_match): what a remedy changes, if it
    /// changes a policy. `None` if there are no policies.
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

    /// Explains what a layer decides that has [several policies](crate::CorsLayer::first_match), or
    /// [looks one up](crate::CorsLayer::per_request): which of them decides and why, then what it says.
    ///
    /// Of one policy it is what [`CorsPolicy::explain`] says; of none, that none applies. A remedy that changes a policy changes
    /// the one that decides.
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

    /// Whether CORS has something to say about the request at all.
    pub(crate) fn concerns_cors(&self) -> bool {
        let is_spared = |step: &Step| matches!(step.fact(), Fact::NoOrigin { .. } | Fact::SameOrigin);
        !self.steps.iter().any(is_spared)
    }
}

impl CorsPolicy {
    /// Explains what [`decide`](Self::decide) decides: every step of the protocol, what was compared with what, and for a failure
    /// the nearest rule, how it differs, and what would fix it.
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
