// Builds the app where its sources are newer than what was built.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const INPUTS = ['src', 'renderer', 'simulator', 'electron.vite.config.ts', 'svelte.config.js', 'package.json', 'package-lock.json'];

function newestOf(file) {
  const stat = fs.statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newestOf(path.join(file, name))));
}

/** When the sources changed last, in milliseconds. */
export function newestSource() {
  return Math.max(...INPUTS.map((name) => newestOf(path.join(root, name))));
}

/** What a build ended with is written last, so that half a build never counts. */
const markOf = (out) => path.join(out, 'built.json');

/** Builds into the folder, where it is older than the sources. True when it could. */
export function ensureBuilt(out = path.join(root, 'out')) {
  const sources = newestSource();
  const mark = fs.statSync(markOf(out), { throwIfNoEntry: false });
  if (mark && JSON.parse(fs.readFileSync(markOf(out), 'utf8')).sources === sources) return true;
  console.log('Building the app');
  fs.rmSync(markOf(out), { force: true });
  const vite = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, HYPERNEST_OUT: out },
  });
  if (status === 0) fs.writeFileSync(markOf(out), JSON.stringify({ sources }));
  return status === 0;
}
