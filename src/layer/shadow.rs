//! A second policy that decides nothing: only what it would do differently is reported.

use std::sync::Arc;

use super::CorsLayer;
use crate::policy::CorsPolicy;
use crate::protocol::{Denial, Judgement};
use crate::request::RequestHead;

/// A request that a layer and its [shadow](CorsLayer::shadow) decide differently: one refuses it and the other does not, or one
/// rejects it and the other lets the service see it.
///
/// Its `Display` is a sentence for a log. The [hook](CorsLayer::on_disagreement) gets the request with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub(crate) change: Change,
    live: Option<Denial>,
    shadow: Option<Denial>,
    denial: Denial,
}

/// What would change if the shadow decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Refuses,
    Allows,
    /// Both refuse, but only the shadow keeps the request from the service.
    Rejects,
    /// Both refuse, but only the layer keeps the request from the service.
    Serves,
}

impl Disagreement {
    /// `None` if nobody could notice a difference: a refused page does not learn why.
    pub(crate) fn between(live: Judgement, shadow: Judgement) -> Option<Self> {
        let change = match (live.denial, shadow.denial) {
            (None, Some(_)) => Change::Refuses,
            (Some(_), None) => Change::Allows,
            _ if live.reaches_service == shadow.reaches_service => return None,
            _ if shadow.reaches_service => Change::Serves,
            _ => Change::Rejects,
        };
        let denial = shadow.denial.or(live.denial)?;
        Some(Self { change, live: live.denial, shadow: shadow.denial, denial })
    }

    /// A stable name, for metrics, of what would change if the shadow decided.
    ///
    /// | | the layer | its shadow |
    /// |---|---|---|
    /// | `shadow-refuses` | allows it | refuses it |
    /// | `shadow-allows` | refuses it | allows it |
    /// | `shadow-rejects` | refuses it, after the service has seen it | answers it without the service |
    /// | `shadow-serves` | answers it without the service | refuses it, after the service has seen it |
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.change {
            Change::Refuses => "shadow-refuses",
            Change::Allows => "shadow-allows",
            Change::Rejects => "shadow-rejects",
            Change::Serves => "shadow-serves",
        }
    }

    /// Why one of the two refuses the request: the shadow's reason, if it has one.
    ///
    /// Its [`kind`](Denial::kind) says whether it is about the origin, the method or a header; [`header`](Denial::header) names the
    /// header.
    #[must_use]
    pub fn denial(&self) -> &Denial {
        &self.denial
    }

    /// Why the layer refuses the request, if it does.
    #[must_use]
    pub fn live(&self) -> Option<&Denial> {
        self.live.as_ref()
    }

    /// Why the shadow would refuse the request, if it would.
    #[must_use]
    pub fn shadow(&self) -> Option<&Denial> {
        self.shadow.as_ref()
    }
}

impl<E: Clone> CorsLayer<E> {
    /// Tries a policy out on live traffic: the shadow decides each request too, and each difference goes to a log and to the
    /// function of [`on_disagreement`](Self::on_disagreement). No byte of any response changes, `Vary` included.
    ///
    /// ```
    /// use tower_cors::{CorsLayer, CorsPolicy};
    ///
    /// let anyone = CorsPolicy::builder().allow_any_origin().allow_any_method().build()?;
    /// let list = CorsPolicy::builder().allow_origin("https://app.example.com").allow_methods(["PUT"]).build()?;
    ///
    /// let layer = CorsLayer::new(anyone).shadow(list).on_disagreement(|disagreement, request| {
    ///     eprintln!("{disagreement}: {:?} {:?}", request.headers().get("origin"), disagreement.denial().header(request));
    /// });
    /// # Ok::<(), tower_cors::PolicyError>(())
    /// ```
    ///
    /// With the feature `tracing`, each difference is a warning in the log, once, within [the log's bounds](Self#logs). If no function
    /// is set and no log listens, the shadow is not evaluated.
    ///
    /// - **Only the outcome is compared**: whether the request is refused, and whether the service sees it. A server cannot see what
    ///   becomes of credentials, exposed headers and the max-age: for these, see the [`difference`](CorsPolicy::difference) of the two
    ///   policies.
    /// - If both refuse a request in the same way for different reasons, nothing is reported: the page notices no difference.
    /// - **It works with any source of policies**: the shadow is compared with the actual decision. A shadow refuses an [origin that
    ///   was looked up](Self::origin_lookup) unless it lists that origin.
    /// - Requests that are [left to an inner layer](Self::leave_to_inner) are decided there, and are not compared here.
    /// - If a predicate of the shadow panics, or the function does, the response stays the same, and the panic is logged.
    ///
    /// A second call replaces the shadow. The [page on migrating](crate::docs::migrating#from-any-origin-to-a-list) shows the way from any origin
    /// to a list.
    #[must_use]
    pub fn shadow(self, policy: CorsPolicy) -> Self {
        self.watch(|hooks| hooks.shadow = Some(policy))
    }

    /// Calls a function for each request that the layer and its [shadow](Self::shadow) decide differently. Like that of
    /// [`on_denial`](Self::on_denial), it runs on the request's task; a second call replaces it.
    ///
    /// It is called every time. Count by [`kind`](Disagreement::kind) and the denial's [`kind`](Denial::kind), which have few values;
    /// anybody can send any number of origins.
    #[must_use]
    pub fn on_disagreement(
        self,
        hook: impl Fn(&Disagreement, RequestHead<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.watch(|hooks| hooks.on_disagreement = Some(Arc::new(hook)))
    }
}
