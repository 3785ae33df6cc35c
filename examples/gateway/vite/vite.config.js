import { defineConfig } from "vite";

export default defineConfig({
  root: "../src/site",
  server: {
    proxy: {
      "/v1": { target: process.env.UPSTREAM ?? "http://127.0.0.1:9000", ws: true },
    },
  },
});
