//! `OpenAI`'s own client in a page. Without `npm`, or without its registry, there is nothing to test.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::json;
use tokio::process::Command;

use super::chromium::Browser;
use crate::support::{ADA, KEY, Program};

/// Versions that are known to work: what a registry has today is none of this test's business.
const PACKAGES: [&str; 2] = ["openai@7.57.0", "esbuild@0.28.2"];

const SCRIPT: &str = r#"
import OpenAI from "openai";

window.run = async (baseURL, apiKey) => {
  const client = new OpenAI({ baseURL, apiKey, dangerouslyAllowBrowser: true, maxRetries: 0 });
  const ask = (content) => client.chat.completions.create({ model: "auto", stream: true, messages: [{ role: "user", content }] });
  const failed = async (content) => {
    try {
      for await (const chunk of await ask(content)) chunk;
    } catch (error) {
      return { name: error.constructor.name, status: error.status ?? null, message: error.message, wait: error.headers?.get("retry-after") ?? null };
    }
  };
  let text = "";
  for await (const chunk of await ask("[words 4]")) text += chunk.choices[0].delta.content ?? "";
  const whole = await client.chat.completions.create({ model: "gpt-4.1", messages: [{ role: "user", content: "[words 2]" }] });
  const models = (await client.models.list()).data.map((model) => model.id);
  return {
    text, models, whole: whole.choices[0].message.content, busy: await failed("[fail 429]"), broken: await failed("[break]"),
    requestId: whole._request_id,
  };
};
"#;

/// The client and the script above as one file, or what is missing.
async fn bundle() -> Result<String, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ai-gateway-openai");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("script.js"), SCRIPT).map_err(|error| error.to_string())?;
    if !folder.join("node_modules/openai").exists() || !folder.join("node_modules/esbuild").exists() {
        let install = ["install", "--no-audit", "--no-fund", "--no-save", "--prefix", "."];
        run(Command::new("npm").args(install).args(PACKAGES).current_dir(&folder)).await?;
    }
    let bundle = ["script.js", "--bundle", "--format=iife", "--outfile=bundle.js", "--log-level=error"];
    run(Command::new("node_modules/.bin/esbuild").args(bundle).current_dir(&folder)).await?;
    std::fs::read_to_string(folder.join("bundle.js")).map_err(|error| error.to_string())
}

async fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().await.map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

pub(crate) async fn client(browser: Arc<Browser>, program: Arc<Program>) {
    let bundle = match bundle().await {
        Ok(bundle) => bundle,
        Err(missing) => return eprintln!("not tested with OpenAI's client: {missing}"),
    };
    // A page of the allowed origin, whose files nobody else has to serve: without the chat page's own policy for its content.
    browser.go_to(&format!("{}/icon.svg", program.page)).await;
    browser.run(&bundle, "").await;
    let script = "return window.run(...arguments[0])";
    let seen = browser.run(script, json!([format!("{}/v1", program.gateway), ADA])).await;
    assert_eq!(seen["text"], "I am the stand-in", "{seen}");
    assert_eq!(seen["whole"], "I am", "{seen}");
    assert_eq!(seen["models"], json!(["auto", "gpt-4.1-nano", "gpt-4.1-mini", "gpt-4.1"]), "{seen}");
    let busy =
        json!({ "name": "RateLimitError", "status": 429, "message": "429 every model is busy", "wait": "7" });
    assert_eq!(seen["busy"], busy, "{seen}");
    assert_eq!(seen["broken"]["message"], "the answer was interrupted. Ask again", "{seen}");
    assert!(seen["requestId"].as_str().is_some_and(|id| id.starts_with("req_")), "{seen}");
    assert!(!seen.to_string().contains(KEY));
}
