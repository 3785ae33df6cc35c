// What Vite's development server does instead: page and API have one origin here too, and no CORS is needed.
// Start `cargo run -p example-gateway`, which is the API here, then `npx vite site --config vite.config.js`. Tried with Vite 8.3.

export default {
  server: {
    port: 5173,
    proxy: {
      // The API sees its own name in `Host`. `Origin` is not changed: an API that looks at it sees http://localhost:5173.
      "/api": { target: "http://127.0.0.1:4200", changeOrigin: true },
      "/live": { target: "ws://127.0.0.1:4200", ws: true },
    },
  },
};
