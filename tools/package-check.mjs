// Installs dist/'s installer on this Windows, uses the app, updates it, uninstalls it, and looks for what is left: a line each. Elevated, and on a PC
// where Hypernest is not installed. What each line must show: docs/release.md.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { appId, toastActivatorId } from '../src/shell/app-id.ts';
import { walk } from './package/steps.mjs';
import { windowsPc } from './package/windows.mjs';
import { root } from './setup.mjs';

if (process.platform !== 'win32') throw new Error('Only Windows can be installed on.');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const { version } = JSON.parse(read('package.json'));
const { guid } = parse(read('electron-builder.yml')).nsis;
const dist = path.join(root, 'dist');
const setup = fs.readdirSync(dist).find((name) => name.endsWith(`-${version}.exe`));
if (!setup)
  throw new Error(
    'There is no installer in dist/: node node_modules/electron-builder/cli.js --win nsis --publish never',
  );
const pc = windowsPc(path.join(dist, setup), { appId, toastActivatorId, guid });
if (pc.hasProgram()) throw new Error('Hypernest is installed here: it would be taken away.');
process.exitCode = (await walk(pc, version, (line) => console.log(line))) ? 0 : 1;
