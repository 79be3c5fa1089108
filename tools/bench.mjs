// npm run bench: every file of tests/bench, one line a figure: name  ratio  aim  met|missed. All are ratios of two times (or
// sizes) measured in this one run, so that they mean the same on a slow machine. Names given as arguments choose files.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareElectron } from './prepared.mjs';
import { root } from './setup.mjs';

const { ensureBuilt } = await import('./build.mjs');
const { runnerImport } = await import('vite');

if (!ensureBuilt()) process.exit(1);
const { env, stop } = await prepareElectron({ virtual: true });
Object.assign(process.env, env);
const folder = path.join(root, 'tests', 'bench');
const wanted = process.argv.slice(2);
const files = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && (wanted.length === 0 || wanted.some((word) => name.includes(word))));
const print = ({ name, ratio, aim, note }) =>
  console.log(
    `${name.padEnd(64)}  ${ratio.toFixed(3).padStart(8)}  ${(aim === undefined ? '' : `<= ${aim}`).padStart(8)}  ${aim === undefined ? 'as it is' : ratio <= aim ? 'met' : 'missed'}${note ? `  (${note})` : ''}`,
  );

console.log(`simulated host, ${os.cpus().length} cores, ${os.cpus()[0]?.model}, ${os.type()} ${os.release()}\n`);
let failed = 0;
for (const name of files) {
  try {
    const { module } = await runnerImport(path.join(folder, name), { configFile: false, root, logLevel: 'error' });
    // What exports no run() only serves a bench.
    for (const figure of (await module.run?.()) ?? []) print(figure);
  } catch (error) {
    failed++;
    console.error(`${name}: could not be measured: ${error.stack ?? error}`);
  }
}
await stop();
process.exit(failed === 0 ? 0 : 1);
