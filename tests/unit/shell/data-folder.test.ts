/** What belongs to this PC stays on it: on Windows below the local folder, never in the one that follows an account around. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFolder, takesFiles } from '../../../src/shell/data-folder.js';

const windows = {
  platform: 'win32',
  env: { LOCALAPPDATA: 'C:\\Users\\mei\\AppData\\Local', APPDATA: '\\\\server\\profiles$\\mei\\AppData\\Roaming' },
  home: 'C:\\Users\\mei',
  userData: '\\\\server\\profiles$\\mei\\AppData\\Roaming\\Hypernest',
  isGiven: false,
  isPackaged: true,
} as const;

test('on Windows it is the local one', () => {
  expect(dataFolder(windows)).toBe('C:\\Users\\mei\\AppData\\Local\\Hypernest');
});

test.each([undefined, '', 'AppData\\Local', '.'])(
  'where the environment says %j it is that of the profile',
  (local) => {
    const env = local === undefined ? {} : { LOCALAPPDATA: local };
    expect(dataFolder({ ...windows, env })).toBe('C:\\Users\\mei\\AppData\\Local\\Hypernest');
  },
);

test('a folder that was given is the folder', () => {
  expect(dataFolder({ ...windows, userData: 'D:\\elsewhere', isGiven: true })).toBe('D:\\elsewhere');
});

test.each(['linux', 'darwin'] as const)("on %s it is Electron's own, which stays on its PC", (platform) => {
  expect(
    dataFolder({ ...windows, platform, env: {}, home: '/home/mei', userData: '/home/mei/.config/Hypernest' }),
  ).toBe('/home/mei/.config/Hypernest');
});

test.each([
  [windows, 'C:\\Users\\mei\\AppData\\Local\\Hypernest-dev'],
  [{ ...windows, platform: 'linux', userData: '/home/mei/.config/Hypernest' }, '/home/mei/.config/Hypernest-dev'],
  [{ ...windows, isGiven: true, userData: 'D:\\elsewhere' }, 'D:\\elsewhere'],
] as const)('from source it has a profile of its own, unless one is given', (where, folder) => {
  expect(dataFolder({ ...where, isPackaged: false })).toBe(folder);
});

describe('whether a folder takes files', () => {
  let root: string;
  beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-data-'))));
  afterEach(() => fs.rmSync(root, { recursive: true, force: true, maxRetries: 9 }));

  test('one that is there or can be made does, and nothing is left in it', () => {
    const made = path.join(root, 'a', 'b');
    expect(takesFiles(made)).toBe(true);
    expect(takesFiles(made)).toBe(true);
    expect(fs.readdirSync(made)).toEqual([]);
  });
  test('a file in its place, or above it, does not', () => {
    fs.writeFileSync(path.join(root, 'a'), '');
    expect(takesFiles(path.join(root, 'a'))).toBe(false);
    expect(takesFiles(path.join(root, 'a', 'b'))).toBe(false);
  });
});
