// npm run faults: the app and its shell are ended by SIGKILL in the middle of runs, over and over (tests/faults). Last line:
// `N tried, N wrong, N lost`. Goes on where it was ended. --seed N --tries M: these tries, for one that went wrong.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './setup.mjs';

prepare();
const { engineEnvironment } = await import('./engine.mjs');
const { bundle, load } = await import('./bundle.mjs');

const { values } = parseArgs({
  options: { seed: { type: 'string' }, tries: { type: 'string', default: '1000' }, result: { type: 'string' } },
});
function fuzz(runs) {
  console.log(`replies of ${runs} random values`);
  const command = 'vitest run --project unit --testTimeout=1200000 tests/unit/powershell/';
  const env = { ...process.env, HYPERNEST_FUZZ_RUNS: String(runs) };
  return spawnSync(command, { cwd: root, shell: true, stdio: 'inherit', env }).status === 0;
}
/** All points of a run over SSH, and as many hosts as anybody has. */
function overSsh() {
  console.log('20 hosts over SSH, and a run that is cut at each of its steps');
  const command = 'vitest run --project powershell --testTimeout=1200000 tests/powershell/ssh-hosts.test.ts';
  const env = { ...process.env, HYPERNEST_SSH_HOSTS: '20', HYPERNEST_SSH_CUTS: '100' };
  return spawnSync(command, { cwd: root, shell: true, stdio: 'inherit', env }).status === 0;
}

const engine = await engineEnvironment();
Object.assign(process.env, engine);
const seed = values.seed === undefined ? undefined : Number(values.seed);
const child = await bundle(path.join(root, 'tests', 'faults', 'child.ts'));
const { run } = await load(path.join(root, 'tests', 'faults', 'faults.ts'));
const { done, wrong, lost, killed } = await run({
  child,
  hasEngine: 'HYPERNEST_ENGINE' in engine,
  file:
    values.result ?? path.join(root, '.cache', 'faults', seed === undefined ? 'reached.json' : `reached-${seed}.json`),
  seed,
  tries: Number(values.tries),
  // Some tries wait for the time of their PC.
  lanes: 2 * os.availableParallelism(),
});
// Replies of every kind, far more than npm test has the time for.
const isFuzzed = values.seed !== undefined || fuzz(100_000);
const isCut = values.seed !== undefined || overSsh();
for (const [when, count] of Object.entries(killed)) console.log(`killed ${when}: ${count}`);
console.log(`${done.length} tried, ${wrong} wrong, ${lost} lost`);
// Kills that fall beside a run try little.
const isAimed = (killed['between the first and the last event'] ?? 0) * 2 >= done.length || done.length < 30;
process.exit(wrong + lost === 0 && isAimed && isFuzzed && isCut ? 0 : 1);
