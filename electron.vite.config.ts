import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { notices } from './tools/notices.mjs';
import { oneByte } from './tools/one-byte.mjs';

// Targets are pinned to the oldest runtime that has to run the bundle (the test stand-in, Electron 33),
// not to what electron-vite would derive from the installed electron package (45).
const node = 'node20.18';
const chrome = 'chrome130';
// tools/look.mjs builds into folders of its own, so that several people can look at once.
const out = path.resolve(process.env['HYPERNEST_OUT'] ?? 'out');
const licenses = notices(out);

export default defineConfig({
  main: {
    plugins: [licenses, oneByte],
    build: {
      target: node,
      externalizeDeps: false,
      chunkSizeWarningLimit: 2000,
      outDir: path.join(out, 'main'),
      lib: { entry: 'src/main.ts' },
      minify: true,
      // The build of a library keeps its white space.
      rolldownOptions: { output: { minify: true } },
    },
  },
  preload: {
    plugins: [licenses],
    build: {
      target: node,
      externalizeDeps: false,
      outDir: path.join(out, 'preload'),
      lib: { entry: 'src/preload.ts' },
      // A sandboxed preload must be one CommonJS file.
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [svelte({ configFile: '../svelte.config.js' }), licenses],
    build: {
      target: chrome,
      minify: true,
      chunkSizeWarningLimit: 2000, // read from the disk, not over a network
      outDir: path.join(out, 'renderer'),
      rolldownOptions: { input: path.resolve('renderer/index.html'), checks: { bundlerTimings: false } },
    },
  },
});
