//! A client's request, in the wire format of OpenAI's chat completions. Fields that the gateway does not need are passed on
//! unchanged.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::ApiError;
use super::auth::User;
use crate::store::Key;

/// How much of a question is enough to rate it.
const MOST_CHARACTERS: usize = 2000;

pub(super) struct ChatRequest {
    fields: Map<String, Value>,
    pub(super) model: String,
    pub(super) is_stream: bool,
    /// Whether the client wants the token counts in a stream's last chunk. The gateway always requests them.
    pub(super) wants_usage: bool,
}

impl ChatRequest {
    pub(super) fn parse(fields: Map<String, Value>) -> Result<Self, ApiError> {
        let wrong = |message| Err(ApiError::new(StatusCode::BAD_REQUEST, message));
        let model = match fields.get("model") {
            Some(Value::String(model)) => model.clone(),
            _ => return wrong("`model` must be the name of a model, or `auto`"),
        };
        if fields.get("messages").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            return wrong("`messages` must be a list with at least one message");
        }
        let is_stream = match fields.get("stream") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(is_stream)) => *is_stream,
            Some(_) => return wrong("`stream` must be true or false"),
        };
        let wants_usage =
            fields.get("stream_options").is_some_and(|options| options["include_usage"] == true);
        Ok(Self { fields, model, is_stream, wants_usage })
    }

    /// The text for the provider.
    pub(super) fn for_model(&self, name: &str) -> String {
        let mut fields = self.fields.clone();
        fields.insert("model".to_owned(), name.into());
        if self.is_stream {
            fields.insert("stream_options".to_owned(), json!({ "include_usage": true }));
        }
        Value::Object(fields).to_string()
    }

    /// The same question of the same user has the same key. Two users never share an answer: its speed would reveal
    /// to one of them what the other asked. A temperature above 0 asks for another answer each time, so it has no key.
    pub(super) fn key(&self, user: &User) -> Option<Key> {
        let temperature = self.fields.get("temperature").and_then(Value::as_f64);
        if temperature.is_some_and(|temperature| temperature > 0.0) {
            return None;
        }
        let fields = serde_json::to_vec(&self.fields).ok()?;
        Some(Key::of(&[user.0.as_bytes(), &fields]))
    }

    /// The text of the last message that the user wrote, or its beginning.
    pub(super) fn question(&self) -> String {
        let messages = self.fields["messages"].as_array().map_or(&[][..], Vec::as_slice);
        let last = messages.iter().rev().find(|message| message["role"] == "user");
        let text = match last.map(|message| &message["content"]) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        };
        text.chars().take(MOST_CHARACTERS).collect()
    }

    /// An estimate of the question's tokens, for a provider that does not report them.
    pub(super) fn estimate(&self) -> u64 {
        const BYTES_IN_TOKEN: usize = 4;
        (self.fields["messages"].to_string().len() / BYTES_IN_TOKEN) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: Value) -> ChatRequest {
        let Value::Object(mut fields) = fields else { panic!("an object") };
        fields.entry("model").or_insert("auto".into());
        fields.entry("messages").or_insert(json!([{ "role": "user", "content": "hello" }]));
        ChatRequest::parse(fields).expect("a request")
    }

    #[test]
    fn what_the_answer_depends_on_is_in_its_key_and_users_share_none() {
        let (ada, grace) = (User("ada".into()), User("grace".into()));
        let base = request(json!({})).key(&ada);
        assert!(base.is_some());
        assert!(base == request(json!({ "temperature": 0 })).key(&ada).and(base));
        assert!(base == request(json!({})).key(&ada));
        assert!(base != request(json!({})).key(&grace));
        for other in [
            json!({ "model": "gpt-4.1" }),
            json!({ "stream": true }),
            json!({ "seed": 1 }),
            json!({ "messages": [{ "role": "user", "content": "hello!" }] }),
        ] {
            assert!(base != request(other.clone()).key(&ada), "{other}");
        }
        assert!(request(json!({ "temperature": 0.7 })).key(&ada).is_none());
    }

    #[test]
    fn the_question_is_what_the_user_said_last_and_not_too_long() {
        let text = request(json!({ "messages": [
            { "role": "user", "content": "one" },
            { "role": "user", "content": [{ "type": "text", "text": "two" }, { "type": "image_url" }] },
            { "role": "assistant", "content": "three" },
        ] }));
        assert_eq!(text.question(), "two");
        let long = request(json!({ "messages": [{ "role": "user", "content": "ü".repeat(5000) }] }));
        assert_eq!(long.question().chars().count(), MOST_CHARACTERS);
    }
}
