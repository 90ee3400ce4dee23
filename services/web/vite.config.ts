import { defineConfig } from "vite";

// For `npm run dev`: the API of a running Cairn, e.g. CAIRN_URL=http://127.0.0.1:8080.
const server = process.env.CAIRN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "./",
  worker: { format: "es" },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500, // MapLibre GL JS alone has 1.1 MB
  },
  server: { proxy: { "/api": server, "/tiles": server, "/fonts": server, "/sprites": server } },
});
