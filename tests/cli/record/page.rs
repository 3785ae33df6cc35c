//! The pages: each makes one request, with a short script, because every HAR contains it.

use serde_json::{Map, Value, json};

use crate::saved::{Body, Request};
use crate::scenario::{Frame, Scenario};

/// The document that makes the request. `window.outcome` has the outcome, and the parent gets it too.
pub(crate) fn page(scenario: &Scenario, request: &Request) -> String {
    let referrer = match scenario.frame {
        Frame::NoReferrer => "<meta name=referrer content=no-referrer>",
        Frame::None | Frame::Sandboxed => "",
    };
    let noise = if scenario.noise {
        "<script src=/asset/main.js></script><img src=/asset/logo.svg>"
    } else {
        "<link rel=icon href=data:,>"
    };
    format!(
        "<!doctype html><meta charset=utf-8>{referrer}<title>page</title>{noise}<body><script>\
         const done = (outcome) => parent.postMessage(window.outcome = outcome, \"*\");\n{}</script>",
        script(request, &scenario.more()).replace("</", "<\\/")
    )
}

/// A document with the requesting one in a sandbox, where its origin is opaque.
pub(crate) fn outer(src: &str) -> String {
    format!(
        "<!doctype html><meta charset=utf-8><title>outer</title><link rel=icon href=data:,><script>\
         onmessage = (event) => window.outcome = event.data;</script>\
         <iframe sandbox=allow-scripts src=\"{src}\"></iframe>"
    )
}

/// How the outcome of a promise is reported.
const THEN: &str =
    ".then(() => done({ read: true }), (error) => done({ read: false, error: String(error) }));";

fn script(request: &Request, more: &[Request]) -> String {
    let url = json!(request.url);
    let is_include = request.credentials == "include";
    match request.via.as_str() {
        "fetch" => {
            let ask = |request: &Request| format!("await ask({}, {})", json!(request.url), init(request));
            let more: Vec<_> = more.iter().map(ask).collect();
            format!(
                "const ask = (...asked) => fetch(...asked).then(async (response) => {{ await response.text(); \
                 return {{ read: response.type !== \"opaque\", status: response.status }}; }})\
                 .catch((error) => ({{ read: false, error: String(error) }}));\n\
                 (async () => done({{ ...{}, more: [{}] }}))();",
                ask(request),
                more.join(", ")
            )
        }
        "xhr" | "xhr-upload" => {
            let set = |(name, value): &(String, String)| {
                format!("xhr.setRequestHeader({}, {});", json!(name), json!(value))
            };
            let headers = request.headers.iter().map(set).collect::<Vec<_>>().concat();
            let upload = if request.via == "xhr" { "" } else { "xhr.upload.onprogress = () => {};" };
            format!(
                "const xhr = new XMLHttpRequest(); xhr.open({}, {url}); xhr.withCredentials = {is_include};{headers}{upload}\
                 xhr.onload = () => done({{ read: true, status: xhr.status }});\
                 xhr.onerror = () => done({{ read: false, error: \"error event\" }}); xhr.send({});",
                json!(request.method),
                request.body.as_ref().map(body).unwrap_or_default()
            )
        }
        "eventsource" => format!(
            "const source = new EventSource({url}, {{ withCredentials: {is_include} }});\
             source.onmessage = () => {{ source.close(); done({{ read: true }}); }};\
             source.onerror = () => {{ source.close(); done({{ read: false, error: \"error event\" }}); }};"
        ),
        "module" => format!("import({url}){THEN}"),
        "font" => format!("new FontFace(\"font\", `url(${{{url}}})`).load(){THEN}"),
        element => {
            let (tag, source) = match element {
                "image" => ("img", "src"),
                "stylesheet" => ("link", "href"),
                _ => ("script", "src"),
            };
            let cross_origin = if is_include { "use-credentials" } else { "anonymous" };
            format!(
                "const element = document.createElement(\"{tag}\"); element.crossOrigin = \"{cross_origin}\";\
                 element.rel = \"stylesheet\"; element.onload = () => done({{ read: true }});\
                 element.onerror = () => done({{ read: false, error: \"error event\" }});\
                 element.{source} = {url}; document.body.append(element);"
            )
        }
    }
}

/// The second argument of `fetch()`, without defaults.
fn init(request: &Request) -> String {
    let mut init = Map::new();
    let mut set = |name: &str, value: &str, default: &str| {
        if value != default {
            init.insert(name.to_owned(), json!(value));
        }
    };
    set("method", &request.method, "GET");
    set("credentials", &request.credentials, "same-origin");
    set("mode", &request.mode, "cors");
    set("cache", request.cache.as_deref().unwrap_or("default"), "default");
    if !request.headers.is_empty() {
        init.insert("headers".to_owned(), json!(request.headers));
    }
    let init = Value::Object(init).to_string();
    match &request.body {
        Some(value) => {
            let comma = if init == "{}" { "" } else { ", " };
            format!("{}{comma}\"body\": {}}}", &init[..init.len() - 1], body(value))
        }
        None => init,
    }
}

fn body(body: &Body) -> String {
    match body {
        Body::Text(text) => json!(text).to_string(),
        Body::Params(pairs) => format!("new URLSearchParams({})", json!(pairs)),
        Body::Bytes(bytes) => format!("new Uint8Array({})", json!(bytes)),
        Body::Form(pairs) => {
            format!(
                "{}.reduce((form, [name, value]) => (form.append(name, value), form), new FormData())",
                json!(pairs)
            )
        }
    }
}
