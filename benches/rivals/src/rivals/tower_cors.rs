use axum::Router;
use tower_cors::{CorsLayer, CorsPolicy, CorsPolicyBuilder};

use super::tower_http::{app, layered};
use super::{Built, NotBuilt, Rival};
use crate::policy::{APP, Headers, OWN, Origins, Policy, Switch};

pub(super) const RIVAL: Rival =
    Rival { name: "tower-cors", subdomains: "pattern", careless: "predicate", is_elsewhere: false, build };

fn build(policy: &Policy) -> Built {
    if policy.switch == Some(Switch::PrivateNetwork) {
        return Err(NotBuilt::Absent);
    }
    let builder = CorsPolicy::builder()
        .allow_credentials(policy.credentials)
        .allow_methods(policy.methods.iter().copied())
        .max_age(policy.max_age);
    let builder = match &policy.headers {
        Headers::List(names) => builder.allow_headers(names.iter().copied()),
        Headers::Any => builder.allow_any_header(),
    };
    let builder = match policy.switch {
        Some(Switch::Reject) => builder.reject_disallowed_origins(true),
        Some(Switch::ServedAt) => builder.served_at([OWN]).reject_disallowed_origins(true),
        _ => builder,
    };
    let builder = match &policy.origins {
        Origins::List(origins) => builder.allow_origins(origins.iter().map(String::as_str)),
        Origins::Any => builder.allow_any_origin(),
        Origins::Below(domain) => builder.allow_origin(format!("https://*.{domain}")),
        Origins::Careless => builder.allow_origin_if(|_, _| true),
        Origins::LookedUp => {
            let granted = compile(builder.allow_origin(APP))?;
            let layer = CorsLayer::per_request_async(move |head| {
                let is_app = head.headers().get("origin").is_some_and(|origin| origin == APP);
                let granted = granted.clone();
                async move {
                    tokio::task::yield_now().await;
                    is_app.then_some(granted)
                }
            });
            return Ok(layered(app().layer(layer)));
        }
    };
    let app: Router = app().layer(CorsLayer::from(compile(builder)?));
    Ok(layered(app))
}

fn compile(builder: CorsPolicyBuilder) -> Result<CorsPolicy, NotBuilt> {
    builder.build().map_err(|error| NotBuilt::Error(error.issues().count()))
}
