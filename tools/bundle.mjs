// TypeScript of tests that runs as a program of its own: bundled to a file for a process that is started often, or loaded here.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const { build, runnerImport } = await import('vite');
const quiet = { configFile: false, root, logLevel: 'error' };

/** The path of the bundle; it goes when this process ends. */
export async function bundle(entry) {
  const outDir = path.join(root, '.cache', 'bundles', String(process.pid));
  process.on('exit', () => fs.rmSync(outDir, { recursive: true, force: true }));
  process.on('SIGINT', () => process.exit(130));
  await build({
    ...quiet,
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, emptyOutDir: false, target: 'node22' },
  });
  return path.join(outDir, `${path.basename(entry, '.ts')}.js`);
}

export async function load(entry) {
  const { module } = await runnerImport(entry, quiet);
  return module;
}
