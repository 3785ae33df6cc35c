//! Who is told what was decided: hooks, a log. And the shadow, of which nobody else knows.

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

/// Whoever watches one layer.
#[derive(Clone, Default)]
pub(super) struct Watchers {
    /// What a user has set. In a box, so that a layer without any asks once.
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

// The hooks are called by shared reference: what they keep behind one is their own affair. The rest is unwind safe by itself.
impl UnwindSafe for Watchers {}
impl RefUnwindSafe for Watchers {}

/// What has a bug that a request goes on without.
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

    /// Whether somebody is told why a request is denied.
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

    /// Whatever happens in here, the request is answered as if nobody had compared anything.
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

/// Whether a log is told of denials.
#[inline]
fn log_listens() -> bool {
    #[cfg(feature = "tracing")]
    return log::wants_reason();
    #[cfg(not(feature = "tracing"))]
    return false;
}

/// Tells a log of a bug in what a user has passed in. A hook is told where it denies something.
#[cold]
pub(super) fn tell_of_panic(what: Panicked, payload: &(dyn Any + Send), request: RequestHead<'_>) {
    #[cfg(feature = "tracing")]
    log::panicked(what, payload, request);
    #[cfg(not(feature = "tracing"))]
    let _ = (what, payload, request);
}

/// Tells a log that the policy overruled what the service said: the service may be another layer, whose policy was meant to decide.
/// The response's headers are those that the policy wrote.
#[cold]
pub(super) fn tell_of_replaced_grant(replaced: &HeaderValue, headers: &HeaderMap) {
    #[cfg(feature = "tracing")]
    log::replaced_grant(replaced, headers);
    #[cfg(not(feature = "tracing"))]
    let _ = (replaced, headers);
}

/// Tells a log what changes when a policy is replaced. To compare two policies takes a while, and is done only for a log.
#[cfg(feature = "reload")]
pub(super) fn tell_of_replaced_policy(old: &CorsPolicy, new: &CorsPolicy) {
    #[cfg(feature = "tracing")]
    log::replaced_policy(old, new);
    #[cfg(not(feature = "tracing"))]
    let _ = (old, new);
}
