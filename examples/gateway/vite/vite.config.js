// The same page and the same service, with Vite's development server instead of the gateway. For the browser, page and API
// have one origin here too, so no CORS is needed:
//
//   npm install && UPSTREAM=http://127.0.0.1:9000 npm start
//
// What to know about it, as tests/pages.rs finds it with Vite 8:
//
// - It exists during development only. `vite build` writes files: in production, something must forward `/v1` to the service
//   (as this gateway does), or the service needs CORS. Otherwise it works here and fails there.
// - It does not change the service's answers: a wrong or doubled `Access-Control-Allow-Origin` is still there, and nobody
//   notices, because the page has the same origin.
// - The service sees the `Host` that the browser sees; `changeOrigin: true` sends the service's own, as the gateway does.
//   It sees only those `X-Forwarded-*` headers that the client itself sent.

import { defineConfig } from "vite";

export default defineConfig({
  root: "../src/site",
  server: {
    // Without this line, Vite itself answers every preflight, and allows every page on localhost to read every answer
    // without CORS headers, the service's too.
    cors: false,
    proxy: {
      // `ws`: WebSockets too.
      "/v1": { target: process.env.UPSTREAM ?? "http://127.0.0.1:9000", ws: true },
    },
  },
});
