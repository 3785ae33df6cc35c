//! A cache in front of the layer: shared with the fuzz targets.

// Public for the fuzz targets.
#![allow(unreachable_pub)]

use std::future::poll_fn;
use std::mem;
use std::task::Poll;

use http::{HeaderMap, HeaderName, HeaderValue, Request};
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder, RequestHead};

/// The headers that a policy is looked up by.
pub const TENANT: HeaderName = HeaderName::from_static("x-tenant");

/// The source of a layer's policy.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    Fixed,
    Reloadable,
    FirstMatch,
    PerRequest,
    /// The policy is found at once, or after the service has answered.
    PerRequestAsync {
        is_late: bool,
    },
    /// The same, for a look-up of an origin that the policy does not allow.
    OriginLookup {
        is_late: bool,
    },
}

pub const SOURCES: [Source; 8] = [
    Source::Fixed,
    Source::Reloadable,
    Source::FirstMatch,
    Source::PerRequest,
    Source::PerRequestAsync { is_late: false },
    Source::PerRequestAsync { is_late: true },
    Source::OriginLookup { is_late: false },
    Source::OriginLookup { is_late: true },
];

impl Source {
    /// There is at least one policy.
    pub fn layer(self, policies: Vec<CorsPolicy>) -> CorsLayer {
        let first = policies[0].clone();
        match self {
            Self::Fixed => CorsLayer::from(first),
            Self::Reloadable => CorsLayer::reloadable(first).0,
            Self::FirstMatch => CorsLayer::first_match(policies),
            Self::PerRequest => CorsLayer::per_request(move |request| by_tenant(&policies, request))
                .vary_by([TENANT])
                .expect("a name"),
            Self::PerRequestAsync { is_late } => {
                let layer = CorsLayer::per_request_async(move |request| {
                    let policy = by_tenant(&policies, request);
                    async move {
                        if is_late {
                            later().await;
                        }
                        policy
                    }
                });
                layer.vary_by([TENANT]).expect("a name")
            }
            Self::OriginLookup { is_late } => {
                let layer = CorsLayer::origin_lookup(first, move |origin, request| {
                    let is_known = origin.host().starts_with('x') || request.headers().contains_key(TENANT);
                    async move {
                        if is_late {
                            later().await;
                        }
                        is_known
                    }
                });
                layer.vary_by([TENANT]).expect("a name")
            }
        }
    }
}

/// The policy of a tenant, if it has one.
fn by_tenant(policies: &[CorsPolicy], request: RequestHead<'_>) -> Option<CorsPolicy> {
    let tenant = request.headers().get(TENANT).map_or(0, HeaderValue::len);
    policies.get(tenant).cloned()
}

/// Not at the first poll, but at the second.
async fn later() {
    let mut is_first = true;
    poll_fn(|context| {
        if mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

/// The same policy, which also allows an origin if the request has one of these headers. It varies by them.
pub fn reading(policy: CorsPolicyBuilder, names: Vec<HeaderName>) -> CorsPolicyBuilder {
    let policy = policy.vary_by(&names);
    policy.allow_origin_if(move |_, request| names.iter().any(|name| request.headers().contains_key(name)))
}

/// Another request that a cache answers with the response to this one. Some of its headers have other lines, but not those that the
/// response varies by (RFC 9111, section 4.1).
pub fn another_request<B: Clone>(
    request: &Request<B>,
    kept: &HeaderMap,
    changes: impl IntoIterator<Item = (HeaderName, Vec<HeaderValue>)>,
) -> Request<B> {
    let mut another = request.clone();
    for (name, lines) in changes {
        if varies_by(kept, &name) {
            continue;
        }
        another.headers_mut().remove(&name);
        for line in lines {
            another.headers_mut().append(&name, line);
        }
    }
    another
}

/// `*` is everything. The host is in the key of every cache.
fn varies_by(kept: &HeaderMap, name: &HeaderName) -> bool {
    let is_name = |member: &[u8]| member == b"*" || member.eq_ignore_ascii_case(name.as_str().as_bytes());
    let mut lines = kept.get_all("vary").iter();
    let in_line =
        |line: &HeaderValue| line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).any(is_name);
    name == "host" || lines.any(in_line)
}
