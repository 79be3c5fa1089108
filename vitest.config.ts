import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          // Inlined, so that a test can stand in for the 'electron' that it imports.
          server: { deps: { inline: ['electron-store'] } },
        },
      },
      {
        // The window without Electron: components over a main that answers what the test says.
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'window', include: ['tests/renderer/**/*.test.ts'], environment: 'happy-dom' },
      },
      { test: { name: 'simulator', include: ['tests/simulator/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'powershell',
          include: ['tests/powershell/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
