//! GraphQL over HTTP.

use super::preset;

preset! {
    /// GraphQL over HTTP, by `POST` or `GET`.
    GRAPHQL = "graphql", tested with ["@apollo/client 4.3.8", "@apollo/client 3.14.1", "graphql-request 7.4.0", "@urql/core 6.0.3"];
    allow_headers {
        "apollographql-client-name": "with Apollo, every request of a client that has a name fails", "https://unpkg.com/@apollo/client@4.3.8/link/client-awareness/ClientAwarenessLink.js";
        "apollographql-client-version": "with Apollo, every request of a client that has a version fails", "https://unpkg.com/@apollo/client@4.3.8/link/client-awareness/ClientAwarenessLink.js";
        "authorization": "every request with a token fails", "https://graphql.org/learn/authorization/";
        "content-type": "every `POST` fails, and with Apollo every `GET` too", "https://graphql.github.io/graphql-over-http/draft/#sec-POST";
    }
}
