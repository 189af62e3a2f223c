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
    rolldownOptions: {
      input: {
        ...Object.fromEntries(['index', 'desk', 'wall', 'console', 'chat'].map((name) => [name, page(name)])),
        // What other sites load has an address that stays.
        embed: new URL('./src/chat/embed.ts', import.meta.url).pathname,
      },
      output: { entryFileNames: (chunk) => (chunk.name === 'embed' ? 'chat.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: {
      '/api': { target: process.env['TURNO'] ?? 'http://127.0.0.1:8081', changeOrigin: true },
      '/chat/': { target: process.env['TURNO'] ?? 'http://127.0.0.1:8081', ws: true, changeOrigin: true },
      '/sip': { target: process.env['TURNO'] ?? 'http://127.0.0.1:8081', ws: true, changeOrigin: true },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
}));
