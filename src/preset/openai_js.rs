//! OpenAI's client for JavaScript.

use super::preset;

preset! {
    /// The npm package `openai`, and servers that speak to it: gateways, and other providers.
    ///
    /// A page that holds a provider's key gives it to everybody: keep that key on a server of yours, and let the page send a key of its
    /// visitor. The package runs in browsers only with `dangerouslyAllowBrowser: true`.
    OPENAI_JS = "openai-js", tested with ["openai 7.57.0", "openai 6.49.0"];
    allow_methods {
        "DELETE": "deleting fails (files, stored completions, vector stores)", "https://unpkg.com/openai@7.57.0/resources/files.mjs";
    }
    allow_headers {
        "authorization": "every request fails", "https://unpkg.com/openai@7.57.0/client.mjs";
        "content-type": "every request with a body fails", "https://unpkg.com/openai@7.57.0/internal/request-options.mjs";
        "x-stainless-*": "every request fails", "https://unpkg.com/openai@7.57.0/internal/detect-platform.mjs";
    }
    expose_headers {
        "x-request-id": "`_request_id` and an error's `requestID` are `null`", "https://unpkg.com/openai@7.57.0/internal/parse.mjs";
    }
}
