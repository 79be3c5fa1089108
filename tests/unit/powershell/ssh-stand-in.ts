/** A program in the place of ssh, and what it may say. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { NotReady } from '../../../src/powershell/session.js';
import type { SshWay } from '../../../src/powershell/ssh.js';

export const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-host-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));
let count = 0;

/** A way that leads to this program. `keys`: what the file of accepted keys has; undefined: there is none. */
export function wayTo(program: string, keys?: string): SshWay {
  const name = path.join(folder, String(count++));
  fs.writeFileSync(`${name}.mjs`, program);
  if (keys !== undefined) fs.writeFileSync(`${name} keys`, keys);
  return {
    ssh: {
      executable: process.execPath,
      env: { SystemRoot: process.env['SystemRoot'] ?? '' },
      before: [`${name}.mjs`],
    },
    address: { name: 'lab' },
    keys: `${name} keys`,
  };
}
export const options = { identity: '', membership: '' };
export const key = (blob: string): string => `hypernest ssh-ed25519 ${blob}\n`;
export const [mine, another] = ['AAAAC3NzaC1lZDI1NTE5AAAAIDE=', 'AAAAC3NzaC1lZDI1NTE5AAAAIDI='];
/** Program: says this on its error stream, and ends with this. */
export const says = (said: string, code = 255): string =>
  `process.stderr.write(${JSON.stringify(said)}); process.exitCode = ${String(code)};`;

/** Program: a shell that calls itself restricted, or not, and is the machine of this id. */
export const shellThat = (languageMode: string, id: string): string => `
import readline from 'node:readline';
const say = (frame) => process.stdout.write(JSON.stringify(frame) + '\\n');
say({ id: 0, ok: true, ready: { psVersion: '5.1', edition: 'Desktop', languageMode: '${languageMode}', pid: 1,
  modules: [{ name: 'Hyper-V', state: 'loaded' }], identity: null } });
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [, number, calls] = /^#call (\\d+) \\S+ \\d+ (.*)$/.exec(line) ?? [];
  if (!number) return;
  const results = JSON.parse(calls).map((call) => ({ rows: JSON.stringify(call).includes('SystemProduct') ? [['${id}']] : [], errors: [] }));
  say({ id: Number(number), ok: true, results });
});`;
export const [first, second] = ['aaaaaaaa-0000-4000-8000-000000000000', 'bbbbbbbb-0000-4000-8000-000000000000'];

export async function whyNot(opening: Promise<unknown>): Promise<unknown> {
  const error = await opening.catch((cause: unknown) => cause);
  return error instanceof NotReady ? error.failure : error;
}
