import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/journeys',
  timeout: 240_000,
  workers: 1,
  reporter: './reporter.ts',
});
