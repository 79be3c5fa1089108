// npm run journeys: five ways through the built app, each from a fresh profile, with what it costs, one line each:
// `A  clicks N  screens N  words N  met|missed` (tests/journeys). Exit code 1 where one is missed. -- -g B: that one;
// -- --screens: each screen of it, with its words.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { prepare, root } from './setup.mjs';

prepare();
const given = process.argv.slice(2);
const args = given.filter((arg) => arg !== '--screens');
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'tools', 'run.mjs'),
    '--built',
    'playwright',
    'test',
    '-c',
    'tests/journeys/playwright.config.ts',
    ...args,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(given.length > args.length ? { JOURNEY_SCREENS: '1' } : {}) },
  },
);
process.exit(status ?? 1);
