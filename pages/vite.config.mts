// How the pages become the files below dist/pages. Every address in them is relative, so that they
// work below any path. Nothing is inlined: the policy of the pages forbids it.
// scripts/bundle/pages.mjs writes the files; `npm run pages:dev` serves the sources instead, before
// a node on port 8081.
import { defineConfig } from 'vite';

const NODE = process.env.PAGES_NODE ?? 'http://127.0.0.1:8081';
/** What a node answers besides its pages. */
const ROUTES = '^/(data|keys|scan|events|peers|status|health|metrics|v1|docs|openapi.json)($|[/?])';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  appType: 'mpa',
  publicDir: false,
  logLevel: 'warn',
  css: { devSourcemap: true },
  server: { host: '127.0.0.1', proxy: { [ROUTES]: NODE } },
  // Both pages are served one level above the folder of their source.
  experimental: {
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? file : { relative: true }),
  },
  build: {
    target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
    outDir: '../dist/pages',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { fade: 'fade/index.html', dashboard: 'dashboard/index.html' },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
