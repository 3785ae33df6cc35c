// The requests, as data. `init` is the second argument of `fetch`; `from` is the page that makes the request.

const JSON_TYPE = { "content-type": "application/json" };

export const GROUPS = [
  {
    title: "Sent at once",
    about:
      "The browser sends these without asking, like an HTML form. The policy decides who may read the answer.",
    cases: [
      { id: "simple", title: "Read the notes", path: "/notes" },
      { id: "cookie", title: "Read my name, with the cookie", path: "/me", init: { credentials: "include" } },
      { id: "unauthorized", title: "Read my name, without it: error 401", path: "/me" },
      { id: "not-found", title: "Read a missing path: error 404", path: "/nowhere" },
    ],
  },
  {
    title: "Preflighted",
    about:
      "For any other method, header or content type, the browser first sends a preflight: may this page send this?",
    cases: [
      {
        id: "put",
        title: "Change a note, twice",
        path: "/notes/1",
        init: { method: "PUT", headers: JSON_TYPE, body: '"green tea"' },
        times: 2,
      },
      { id: "delete", title: "Delete a note", path: "/notes/1", init: { method: "DELETE" } },
      {
        id: "header",
        title: "Read the notes, with an extra header",
        path: "/notes",
        init: { headers: { "x-trace-id": "7f3a" } },
      },
      {
        id: "stream",
        title: "Ask a chat model, word by word",
        path: "/chat",
        init: {
          method: "POST",
          headers: { ...JSON_TYPE, authorization: "Bearer sk-demo" },
          body: '{"prompt":"Hello"}',
        },
      },
    ],
  },
  {
    title: "From other pages",
    about:
      "The same requests from other pages: a stranger’s, and a sandboxed frame, with the origin `null`.",
    cases: [
      { id: "stranger", title: "A stranger reads the notes", path: "/notes", from: "stranger" },
      {
        id: "stranger-cookie",
        title: "A stranger reads my name",
        path: "/me",
        init: { credentials: "include" },
        from: "stranger",
      },
      {
        id: "stranger-put",
        title: "A stranger changes a note",
        path: "/notes/1",
        init: { method: "PUT", headers: JSON_TYPE, body: '"poison"' },
        from: "stranger",
      },
      { id: "sandbox", title: "A sandboxed frame reads the notes", path: "/notes", from: "sandbox" },
    ],
  },
];
