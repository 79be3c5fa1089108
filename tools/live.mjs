// npm run test:live [-- --guest]: the app's own bridge, planner, run and undo on the Hyper-V of this Windows, in an elevated console; elsewhere
// on the simulated one. It makes VMs of its own and removes them. --guest: inside the guest that tests/live/guest.ps1 has made. docs/live.md
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { prepare, root } from './setup.mjs';

prepare();
const suite = process.argv.includes('--guest') ? 'guest' : 'live';
const result = path.join(root, '.cache', 'live', `${suite}.json`);
const command = `vitest run --project live tests/live/${suite}.test.ts --reporter=verbose --reporter=json --outputFile.json="${result}"`;
const { status } = spawnSync(command, {
  cwd: root,
  stdio: 'inherit',
  shell: true,
  env: { ...process.env, ...(process.platform === 'win32' ? { HYPERNEST_LIVE: '1' } : {}) },
});
process.exit(status ?? 1);
