//! The models that may answer: which ones for what, and what they cost.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Gateway;

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Models(Vec<Model>);

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Model {
    pub(super) name: Arc<str>,
    tier: Tier,
    /// US dollars for a million tokens of the question.
    pub(super) input: f64,
    /// US dollars for a million tokens of the answer.
    pub(super) output: f64,
}

/// How hard a model's questions may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tier {
    Easy,
    Hard,
}

impl Models {
    pub(crate) fn check(&self) -> Result<(), String> {
        for (tier, name) in [(Tier::Easy, "easy"), (Tier::Hard, "hard")] {
            if !self.0.iter().any(|model| model.tier == tier) {
                return Err(format!(
                    "models: none has the tier `{name}`. List at least one for `easy` and one for `hard`"
                ));
            }
        }
        for (index, model) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|other| other.name == model.name) {
                return Err(format!("models: `{}` is listed twice", model.name));
            }
        }
        Ok(())
    }

    /// The models of a tier, in order.
    pub(super) fn of_tier(&self, tier: Tier) -> impl Iterator<Item = &Model> {
        self.0.iter().filter(move |model| model.tier == tier)
    }

    /// The model for a question of a tier, and its substitutes, in order.
    pub(super) fn for_tier(&self, tier: Tier) -> Vec<&Model> {
        let (mut chain, others): (Vec<_>, Vec<_>) = self.0.iter().partition(|model| model.tier == tier);
        chain.extend(others);
        chain
    }

    /// The model that a client named, and its substitutes.
    pub(super) fn named(&self, name: &str) -> Option<Vec<&Model>> {
        let named = self.0.iter().find(|model| &*model.name == name)?;
        let others = self.for_tier(named.tier).into_iter().filter(|model| model.name != named.name);
        Some(std::iter::once(named).chain(others).collect())
    }
}

/// As OpenAI lists them.
pub(super) async fn list(State(gateway): State<Arc<Gateway>>) -> Json<Value> {
    let names = std::iter::once("auto").chain(gateway.models.0.iter().map(|model| &*model.name));
    let models: Vec<Value> = names
        .map(|name| json!({ "id": name, "object": "model", "created": 0, "owned_by": "ai-gateway" }))
        .collect();
    Json(json!({ "object": "list", "data": models }))
}
