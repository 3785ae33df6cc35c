//! The client of Anthropic for JavaScript.

use super::preset;

preset! {
    /// The npm package `@anthropic-ai/sdk`, for any server that it is configured to call.
    ///
    /// A page that contains a provider's key shows it to everyone. Keep that key on your server, and let the page send the
    /// visitor's own key. The package only runs in a browser with `dangerouslyAllowBrowser: true`.
    ANTHROPIC_JS = "anthropic-js", tested with ["@anthropic-ai/sdk 1.12.0", "@anthropic-ai/sdk 0.137.0"];
    allow_methods {
        "DELETE": "deleting batches, files and the like fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/resources/messages/batches.mjs";
    }
    allow_headers {
        "anthropic-beta": "requests with `betas`, and the APIs below `beta` that set it, fail", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/resources/beta/messages/messages.mjs";
        "anthropic-dangerous-direct-browser-access": "every request fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "anthropic-version": "every request fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "authorization": "every request of 1.x fails, as it has the key; of 0.x, those with `authToken`", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "content-type": "every request with a JSON body fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "user-agent": "in Firefox, every request fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "x-api-key": "every request of 0.x fails where `apiKey` is set", "https://unpkg.com/@anthropic-ai/sdk@0.137.0/client.mjs";
        "x-stainless-*": "every request fails", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/internal/detect-platform.mjs";
    }
    expose_headers {
        "anthropic-workspace-id": "`_workspace_id` is `null`", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/internal/parse.mjs";
        "request-id": "`_request_id`, and `requestID` of an error, are `null`", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/internal/parse.mjs";
        "retry-after": "a retry does not wait as long as the server says", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "retry-after-ms": "a retry does not wait as long as the server says", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
        "x-should-retry": "the server cannot say whether a retry makes sense", "https://unpkg.com/@anthropic-ai/sdk@1.12.0/client.mjs";
    }
}
