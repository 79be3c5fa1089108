/** A Windows (Wine) to install on: programs started in it, and what they leave in files and registry. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { drive, environment } from '../../tools/test-windows/wine.mjs';

/** Runs to its end. Answers the exit code, and what it wrote where `piped`. */
export async function run(program: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn('wine', [program, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, said };
}

export const start = (program: string): ChildProcess =>
  spawn('wine', [program], { env: environment(), stdio: 'ignore' });

const user = path.join(drive, 'users', process.env['USER'] ?? 'root');
export const folders = {
  allUsers: path.join(drive, 'Program Files', 'Hypernest'),
  thisUser: path.join(user, 'AppData', 'Local', 'Programs', 'Hypernest'),
  settings: path.join(user, 'AppData', 'Local', 'Hypernest'),
  roaming: path.join(user, 'AppData', 'Roaming', 'Hypernest'),
  updater: path.join(user, 'AppData', 'Local', 'hypernest-updater'),
  menu: path.join(user, 'AppData', 'Roaming', 'Microsoft', 'Windows', 'Start Menu', 'Programs'),
  menuOfAll: path.join(drive, 'ProgramData', 'Microsoft', 'Windows', 'Start Menu', 'Programs'),
  temp: path.join(user, 'Temp'),
};

const { nsis } = z
  .object({ nsis: z.object({ guid: z.string() }) })
  .parse(parse(fs.readFileSync('electron-builder.yml', 'utf8')));
export const uninstallKey = `Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${nsis.guid}`;

/** Its data; undefined: there is no such value. Without a name, the key's own. */
export async function valueOf(key: string, name?: string): Promise<string | undefined> {
  const { said } = await run('reg', ['query', key, ...(name === undefined ? ['/ve'] : ['/v', name])]);
  return /REG_\w+ +(.*?)\r?\n/.exec(said)?.[1];
}
export const setValue = (key: string, name: string, data: string) =>
  run('reg', ['add', key, '/v', name, '/d', data, '/f']);
export const deleteKey = (key: string) => run('reg', ['delete', key, '/f']);

/** What every Windows has from its first sign-in on, and a new Wine has not: no installer takes it away again. */
export async function asOnWindows(): Promise<void> {
  fs.mkdirSync(path.dirname(folders.thisUser), { recursive: true });
  await run('reg', ['add', 'HKCU\\Software\\Classes\\CLSID', '/f']);
}

/** Its path as a program in this Windows sees it. */
export const seenFrom = (file: string): string => `C:${file.slice(drive.length).replaceAll('/', '\\')}`;

/** Links of Wine lead out of it, into the home of whoever runs the test. */
function filesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (file === folders.temp) return [];
    return entry.isDirectory() ? [file, ...filesBelow(file)] : [file];
  });
}

/** Where an app leaves keys. */
const keys = ['HKCU\\Software', 'HKLM\\Software'].flatMap((root) =>
  ['', '\\Classes', '\\Classes\\CLSID', '\\Microsoft\\Windows\\CurrentVersion\\Uninstall'].map((at) => root + at),
);

/** All files and keys that could be the app's. */
export async function everything(): Promise<readonly string[]> {
  const files = ['Program Files', 'ProgramData', 'users'].flatMap((name) => filesBelow(path.join(drive, name)));
  const { said } = await run('cmd', ['/c', keys.map((key) => `reg query ${key}`).join(' & ')]);
  const found = said.split(/\r?\n/).filter((line) => line.startsWith('HKEY'));
  return [...files, ...found].toSorted();
}
