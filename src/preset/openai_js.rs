//! The client of `OpenAI` for JavaScript.

use super::preset;

preset! {
    /// The npm package `openai`, for any server that it is configured to call: your own gateway, or another provider.
    ///
    /// A page that contains a provider's key shows it to everyone. Keep that key on your server, and let the page send the
    /// visitor's own key. The package only runs in a browser with `dangerouslyAllowBrowser: true`.
    OPENAI_JS = "openai-js", tested with ["openai 7.57.0", "openai 6.49.0"];
    allow_methods {
        "DELETE": "deleting files, threads and the like fails", "https://unpkg.com/openai@7.57.0/resources/files.mjs";
    }
    allow_headers {
        "authorization": "every request fails: it has the key", "https://unpkg.com/openai@7.57.0/client.mjs";
        "content-type": "every request with a JSON body fails", "https://unpkg.com/openai@7.57.0/client.mjs";
        "openai-beta": "vector stores, and the APIs below `beta`, fail", "https://unpkg.com/openai@6.49.0/resources/beta/threads/threads.mjs";
        "openai-organization": "every request fails where `organization` is set", "https://unpkg.com/openai@7.57.0/client.mjs";
        "openai-project": "every request fails where `project` is set", "https://unpkg.com/openai@7.57.0/client.mjs";
        "user-agent": "in Firefox, every request of 6.x fails", "https://unpkg.com/openai@6.49.0/client.mjs";
        "x-stainless-*": "every request fails", "https://unpkg.com/openai@7.57.0/internal/detect-platform.mjs";
    }
    expose_headers {
        "openai-poll-after-ms": "`poll` asks every 5 s, whatever the server says", "https://unpkg.com/openai@7.57.0/lib/polling.mjs";
        "retry-after": "a retry does not wait as long as the server says", "https://unpkg.com/openai@7.57.0/client.mjs";
        "retry-after-ms": "a retry does not wait as long as the server says", "https://unpkg.com/openai@7.57.0/client.mjs";
        "x-request-id": "`_request_id`, and `requestID` of an error, are `null`", "https://unpkg.com/openai@7.57.0/internal/parse.mjs";
        "x-should-retry": "the server cannot say whether a retry makes sense", "https://unpkg.com/openai@7.57.0/client.mjs";
    }
}
