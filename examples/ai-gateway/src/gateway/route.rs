//! Which models may answer. A model for easy questions rates the question, unless the client names a model.

use axum::http::{Response, StatusCode};
use hyper::body::Incoming;
use serde_json::json;
use tokio::time::timeout;

use super::auth::User;
use super::ledger::{Entry, Purpose, Usage};
use super::models::{Model, Tier};
use super::provider::{self, Failure};
use super::request::ChatRequest;
use super::request_id::RequestId;
use super::{ApiError, Gateway};

const INSTRUCTION: &str =
    "Is the user's question easy or hard to answer well? Do not answer it. Say one word: easy or hard.";

impl Gateway {
    /// The first one answers; the others are substitutes.
    pub(super) async fn chain(
        &self,
        request: &ChatRequest,
        user: &User,
        id: &RequestId,
    ) -> Result<Vec<&Model>, ApiError> {
        if request.model != "auto" {
            return self.models.named(&request.model).ok_or_else(|| {
                ApiError::new(StatusCode::NOT_FOUND, "this gateway does not have this model. Use `auto`")
                    .with_code("model_not_found")
            });
        }
        let asked = timeout(self.provider.first_token_timeout, self.ask_how_hard(request, user, id)).await;
        let tier = asked.unwrap_or(Err(Failure::TooSlow)).unwrap_or_else(|failure| {
            eprintln!("{}: the question could not be rated, so it counts as hard: {failure}", id.0);
            // In doubt, an answer that costs more is better than one that is wrong.
            Tier::Hard
        });
        Ok(self.models.for_tier(tier))
    }

    async fn ask_how_hard(
        &self,
        request: &ChatRequest,
        user: &User,
        id: &RequestId,
    ) -> Result<Tier, Failure> {
        let messages = json!([
            { "role": "system", "content": INSTRUCTION },
            { "role": "user", "content": request.question() },
        ]);
        let mut last = Failure::TooSlow;
        for model in self.models.of_tier(Tier::Easy) {
            let body =
                json!({ "model": &*model.name, "messages": messages, "max_tokens": 5, "temperature": 0 });
            match self.provider.send(body.to_string()).await {
                Ok(head) => return self.read_tier(head, model, user, id).await,
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    async fn read_tier(
        &self,
        head: Response<Incoming>,
        model: &Model,
        user: &User,
        id: &RequestId,
    ) -> Result<Tier, Failure> {
        let answer = provider::read(head.into_body()).await?;
        let usage: Usage = serde_json::from_value(answer["usage"].clone()).unwrap_or_default();
        self.ledger.add(user, Entry::new(id.0.clone(), model, Purpose::Routing, usage));
        let word = answer["choices"][0]["message"]["content"].as_str().unwrap_or_default();
        Ok(if word.to_lowercase().contains("easy") { Tier::Easy } else { Tier::Hard })
    }
}
