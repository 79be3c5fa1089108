import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** A test of ours asserts no time: on a machine that is busy with much else it may take long, and only a hang is a failure. */
const testTimeout = 60_000;

/** Both languages can be said at once. */
const setupFiles = ['tests/languages.ts'];

const pure = ['core', 'ipc', 'live', 'renderer', 'text'].map((folder) => `tests/unit/${folder}/**/*.test.ts`);

const windows = {
  test: {
    name: 'windows',
    include: ['tests/windows/**/*.test.ts'],
    environment: 'node',
    testTimeout,
    fileParallelism: false,
  },
};

/** The window without Electron: components over a main that answers what the test says. Their sources are read once, not once a file. */
const windowTests = (name: string, of: { include: string[]; isolate?: boolean }) => ({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    name,
    ...of,
    environment: 'happy-dom' as const,
    setupFiles: [...setupFiles, 'tests/renderer/fresh.ts'],
    testTimeout,
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          exclude: pure,
          environment: 'node',
          setupFiles,
          testTimeout,
        },
      },
      {
        // They stand in for nothing and leave nothing behind: the sources are read once for all of them, not once a file.
        test: { name: 'pure', include: pure, environment: 'node', isolate: false, setupFiles, testTimeout },
      },
      windowTests('window', { include: ['tests/renderer/*.test.ts'], isolate: false }),
      windowTests('window-alone', { include: ['tests/renderer/alone/*.test.ts'] }),
      { test: { name: 'simulator', include: ['tests/simulator/**/*.test.ts'], environment: 'node', testTimeout } },
      {
        test: {
          name: 'powershell',
          include: ['tests/powershell/**/*.test.ts'],
          environment: 'node',
          testTimeout,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'live',
          include: ['tests/live/**/*.test.ts'],
          environment: 'node',
          // Real VMs start and are saved in a test of it.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      // Under Wine, by tools/test-windows.mjs.
      {
        test: {
          name: 'installer',
          include: ['tests/installer/**/*.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      // Windows itself, or Wine (tools/test-windows.mjs).
      ...(process.platform === 'win32' ? [windows] : []),
    ],
  },
});
