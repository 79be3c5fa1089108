/** In a folder of this machine: what is looked at is real, what is a path of Windows is decided elsewhere. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOfPc, type FilesOptions } from '../../../src/shell/files.js';

let folder = '';
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-files-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const real = (options: FilesOptions = {}) => filesOfPc({ isPath: () => true, ...options });
const write = (name: string, ...parts: readonly (readonly [number, string])[]): string => {
  const at = path.join(folder, name);
  const file = fs.openSync(at, 'w');
  for (const [position, text] of parts) fs.writeSync(file, text, position, 'latin1');
  fs.closeSync(file);
  return at;
};
const look = async (at: string, tries?: boolean) =>
  (await real().look([at], tries === undefined ? {} : { tries })).get(at);

describe('a look', () => {
  it.each<[string, readonly (readonly [number, string])[], string]>([
    ['an image of ISO 9660', [[0x8001, 'CD001']], 'iso'],
    ['an image of UDF', [[0x8001, 'BEA01']], 'iso'],
    ['a disk', [[0, 'vhdxfile']], 'vhdx'],
    ['another file', [[0, 'CD001']], 'other'],
    ['a long one', [[0x9000, 'x']], 'other'],
    ['an empty one', [], 'other'],
    ['one that ends before', [[0x8000, '\u0001']], 'other'],
  ])('tells by its bytes, whatever its name: %s', async (_, parts, holds) => {
    const at = write('a.bin', ...parts);
    expect(await look(at)).toEqual({ kind: 'file', size: fs.statSync(at).size, holds });
  });

  it('finds nothing, and a folder with its room; writing is tried only when that is asked', async () => {
    expect(await look(path.join(folder, 'none', 'a.vhdx'))).toEqual({ kind: 'none' });
    const before = fs.statSync(folder).mtimeMs;
    expect(await look(folder)).toEqual({ kind: 'folder', mayWrite: undefined, free: expect.any(Number) as number });
    expect(fs.statSync(folder).mtimeMs).toBe(before);
    expect(await look(folder, true)).toMatchObject({ kind: 'folder', mayWrite: true });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says where nobody may write', async () => {
    fs.chmodSync(folder, 0o500);
    expect(await look(folder, true)).toMatchObject({ kind: 'folder', mayWrite: false });
    fs.chmodSync(folder, 0o700);
  });

  it.skipIf(process.platform === 'win32')('opens no device', async () => {
    expect(await look('/dev/zero')).toEqual({ kind: 'unknown' });
    expect(await filesOfPc().look(['/dev/zero', '\\\\.\\PhysicalDrive0', '\\\\?\\GLOBALROOT\\x'])).toEqual(
      new Map(['/dev/zero', '\\\\.\\PhysicalDrive0', '\\\\?\\GLOBALROOT\\x'].map((at) => [at, { kind: 'unknown' }])),
    );
  });

  it('waits for no share that hangs, asks it no second time, and no third one at all', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const files = real({
      within: 20,
      rootOf: (at) => at.slice(0, 2),
      look: (at) => {
        asked.push(at);
        if (at.startsWith('C:')) return Promise.resolve({ kind: 'none' });
        return new Promise((resolve) => answers.push(() => resolve({ kind: 'none' })));
      },
    });
    const kinds = async (...paths: readonly string[]) =>
      [...(await files.look(paths)).values()].map(({ kind }) => kind);
    expect(await kinds('X:a', 'X:b', 'C:a')).toEqual(['unknown', 'unknown', 'none']);
    expect(await kinds('Y:a', 'Z:a', 'C:b')).toEqual(['unknown', 'unknown', 'unknown']);
    expect(asked).toEqual(['X:a', 'C:a', 'Y:a']);
    // It has come back.
    answers[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await kinds('C:c')).toEqual(['none']);
  });

  it('never rejects', async () => {
    const files = real({ look: () => Promise.reject(new Error('no')) });
    expect(await files.look([folder])).toEqual(new Map([[folder, { kind: 'unknown' }]]));
  });
});

describe('what is found', () => {
  it('is what lies in the folders themselves, the newest first', async () => {
    const times = { 'old.iso': 1, 'New.ISO': 3, 'middle.iso': 2, 'a.vhdx': 1, 'a.avhdx': 1, 'a.txt': 1 };
    for (const [name, time] of Object.entries(times)) fs.utimesSync(write(name, [0, 'x']), time, time);
    fs.mkdirSync(path.join(folder, 'folder.iso'));
    const found = await real().find([folder, folder, path.join(folder, 'none')]);
    expect(found).toEqual({
      isos: ['New.ISO', 'middle.iso', 'old.iso'].map((name) => ({ path: path.join(folder, name), size: 1 })),
      disks: [{ path: path.join(folder, 'a.vhdx'), size: 1 }],
    });
  });
});
