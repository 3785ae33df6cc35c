//! The input and output of the page's script.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::server::Server;
use crate::data::case::Case;
use crate::data::format::Ask;

#[derive(Debug, Serialize)]
pub(crate) struct CaseScript {
    id: String,
    /// The path that the page calls when it has the outcome of a request.
    mark: String,
    steps: Vec<StepScript>,
}

#[derive(Debug, Serialize)]
struct StepScript {
    url: String,
    wait: u64,
    #[serde(flatten)]
    ask: Ask,
}

/// What the script saw of one request.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum ScriptSeen {
    Response { status: u16, r#type: String, readable: Vec<String> },
    Error { error: String },
}

impl ScriptSeen {
    /// The error that the script got, which is the same for all reasons.
    pub(crate) fn error(&self) -> Option<&str> {
        match self {
            Self::Response { .. } => None,
            Self::Error { error } => Some(error),
        }
    }
}

/// By the id of the case, one for each of its requests.
pub(crate) type AllSeen = BTreeMap<String, Vec<ScriptSeen>>;

pub(crate) fn script(case: &Case, server: &Server) -> CaseScript {
    let step = |step: &crate::data::case::Step| StepScript {
        url: case.url(&step.ask),
        wait: step.wait,
        ask: step.ask.clone(),
    };
    CaseScript {
        id: case.id.clone(),
        mark: format!("http://localhost:{}/mark/{}", server.ports.page, case.id),
        steps: case.steps.iter().map(step).collect(),
    }
}
