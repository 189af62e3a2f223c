import { defineConfig } from 'vite';

const page = (name: string) => new URL(`./${name}.html`, import.meta.url).pathname;

export default defineConfig(({ command }) => ({
  base: '/',
  // The version is put in place of this name when the pages are packed, from what is in them.
  define: { __PAGES_VERSION__: JSON.stringify(command === 'build' ? '%PAGES-VERSION%' : '') },
  build: {
    target: 'es2022',
    outDir: 'dist/pages',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index', 'desk', 'wall', 'console'].map(page) },
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: {
      '/api': { target: process.env['TURNO'] ?? 'http://127.0.0.1:8081', changeOrigin: true },
      '/sip': { target: process.env['TURNO'] ?? 'http://127.0.0.1:8081', ws: true, changeOrigin: true },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
}));
