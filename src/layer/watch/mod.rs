//! The watchers of decisions: hooks and a log. The shadow is one of them, as it decides nothing.

#[cfg(feature = "tracing")]
mod log;
#[cfg(feature = "tracing")]
mod told;

use std::any::Any;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

#[cfg(all(feature = "reload", feature = "tracing"))]
pub(crate) use self::log::ReplacedPolicy;
#[cfg(feature = "tracing")]
pub(crate) use self::log::{Denied, NewDisagreement, RefusedOrigin, ReplacedGrant};
use http::{HeaderMap, HeaderValue};

use super::caught::caught;
use super::shadow::Disagreement;
use crate::policy::CorsPolicy;
use crate::protocol::{Decision, Denial, Judgement};
use crate::request::RequestHead;

/// The watchers of one layer.
#[derive(Clone, Default)]
pub(super) struct Watchers {
    /// The user's hooks. Boxed, so that a layer without any makes only one check.
    hooks: Option<Box<Hooks>>,
    #[cfg(feature = "tracing")]
    log: log::Log,
}

#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) on_decision: Option<Hook<Decision>>,
    pub(super) on_denial: Option<Hook<Denial>>,
    pub(super) shadow: Option<CorsPolicy>,
    pub(super) on_disagreement: Option<Hook<Disagreement>>,
}

type Hook<T> = Arc<dyn Fn(&T, RequestHead<'_>) + Send + Sync>;

// The hooks are called by shared reference: they must themselves keep their state consistent when they panic. The rest is unwind safe.
impl UnwindSafe for Watchers {}
impl RefUnwindSafe for Watchers {}

/// The user's code that panicked, and without which the request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "tracing"), allow(dead_code))]
pub(crate) enum Panicked {
    Lookup,
    Shadow,
}

impl Watchers {
    pub(super) fn hooks(&mut self) -> &mut Hooks {
        self.hooks.get_or_insert_default()
    }

    /// Whether any watcher needs the reason of a denial.
    #[inline]
    pub(super) fn want_reason(&self) -> bool {
        log_listens() || self.hooks.is_some()
    }

    #[inline]
    pub(super) fn report(&self, decision: &Decision, request: RequestHead<'_>) {
        if let Some(hooks) = &self.hooks {
            self.call(hooks, decision, request);
        }
        #[cfg(feature = "tracing")]
        self.log.report(decision, request);
    }

    fn call(&self, hooks: &Hooks, decision: &Decision, request: RequestHead<'_>) {
        if let Some(on_decision) = &hooks.on_decision {
            on_decision(decision, request);
        }
        if let (Some(on_denial), Some(denial)) = (&hooks.on_denial, decision.denial()) {
            on_denial(denial, request);
        }
        if let Some(shadow) = &hooks.shadow {
            if hooks.on_disagreement.is_some() || log_listens() {
                self.compare(shadow, decision, request);
            }
        }
    }

    /// Nothing that happens in here changes the answer to the request.
    fn compare(&self, shadow: &CorsPolicy, decision: &Decision, request: RequestHead<'_>) {
        let compared = caught(|| {
            let disagreement = Disagreement::between(Judgement::of(decision), shadow.judge(request));
            if let Some(disagreement) = &disagreement {
                if let Some(hook) = self.hooks.as_ref().and_then(|hooks| hooks.on_disagreement.as_ref()) {
                    hook(disagreement, request);
                }
                #[cfg(feature = "tracing")]
                self.log.disagreed(disagreement, request);
            }
        });
        if let Err(panic) = compared {
            tell_of_panic(Panicked::Shadow, panic.as_ref(), request);
        }
    }
}

/// Whether a log listens to denials.
#[inline]
fn log_listens() -> bool {
    #[cfg(feature = "tracing")]
    return log::wants_reason();
    #[cfg(not(feature = "tracing"))]
    return false;
}

/// Logs a panic of the user's code. A hook learns of it only by the denial.
#[cold]
pub(super) fn tell_of_panic(what: Panicked, payload: &(dyn Any + Send), request: RequestHead<'_>) {
    #[cfg(feature = "tracing")]
    log::panicked(what, payload, request);
    #[cfg(not(feature = "tracing"))]
    let _ = (what, payload, request);
}

/// Logs that the policy overrode a grant by the service, which may be another layer whose policy was meant to decide.
/// `headers` are the response's, as the policy wrote them.
#[cold]
pub(super) fn tell_of_replaced_grant(replaced: &HeaderValue, headers: &HeaderMap) {
    #[cfg(feature = "tracing")]
    log::replaced_grant(replaced, headers);
    #[cfg(not(feature = "tracing"))]
    let _ = (replaced, headers);
}

/// Logs what changes when a policy is replaced. Comparing two policies takes a while, and is done only for a log.
#[cfg(feature = "reload")]
pub(super) fn tell_of_replaced_policy(old: &CorsPolicy, new: &CorsPolicy) {
    #[cfg(feature = "tracing")]
    log::replaced_policy(old, new);
    #[cfg(not(feature = "tracing"))]
    let _ = (old, new);
}
