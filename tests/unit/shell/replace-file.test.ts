/** A small file is replaced whole or not at all, and what is wrong is told in terms of what a person can look at. */
import { fail, heal } from './failing-fs.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultOf, replaceFile, replaceFileSync } from '../../../src/shell/replace-file.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-replace-'));
  file = path.join(folder, 'kept.json');
});
afterEach(() => {
  heal();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 });
});

const ways = [
  ['at once', (content: string) => Promise.resolve().then(() => replaceFileSync(file, content))],
  ['with patience', (content: string) => replaceFile(file, content)],
] as const;

describe.each(ways)('%s', (_way, replace) => {
  test('the new content is there, and nothing else beside it', async () => {
    await replace('first');
    await replace('第二');
    expect(fs.readFileSync(file, 'utf8')).toBe('第二');
    expect(fs.readdirSync(folder)).toEqual(['kept.json']);
  });

  test.each([
    ['write', 'ENOSPC'],
    ['write', 'EIO'],
    ['rename', 'EROFS'],
    ['rename', 'EBUSY'],
  ] as const)('a %s that fails with %s leaves what was there, and no rest', async (act, code) => {
    await replace('old');
    fail((of) => (of === act ? code : undefined));
    await expect(replace('new')).rejects.toMatchObject({ code });
    heal();
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['kept.json']);
  });
});

test.each(['EPERM', 'EBUSY', 'EACCES'])(
  'a file that is held for a moment (%s) is replaced all the same',
  async (code) => {
    fs.writeFileSync(file, 'old');
    let tries = 0;
    fail((act) => (act === 'rename' && ++tries <= 3 ? code : undefined));
    await replaceFile(file, 'new');
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    expect(tries).toBe(4);
  },
);

test('where a folder cannot be made the code of the disk is thrown, not that there is none', () => {
  const inside = path.join(folder, 'a', 'b', 'kept.json');
  fail((act, at) => (act === 'make' && at === path.join(folder, 'a') ? 'EROFS' : undefined));
  expect(() => replaceFileSync(inside, 'new')).toThrow(expect.objectContaining({ code: 'EROFS' }));
  heal();
  replaceFileSync(inside, 'new');
  expect(fs.readFileSync(inside, 'utf8')).toBe('new');
});

describe('what is wrong', () => {
  const error = (code: string) => Object.assign(new Error(code), { code });
  test.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EROFS', 'read-only'],
    ['EBUSY', 'refused'],
    ['EPERM', 'refused'],
    ['EACCES', 'refused'],
  ])('%s is %s', (code, why) => {
    expect(faultOf(error(code), file)).toEqual({ why, path: file });
  });
  test('anything else is told with its code, or its words', () => {
    expect(faultOf(error('EIO'), file)).toEqual({ why: 'other', path: file, detail: 'EIO' });
    expect(faultOf(new Error('odd'), file)).toEqual({ why: 'other', path: file, detail: 'Error: odd' });
    expect(faultOf('odd', file)).toEqual({ why: 'other', path: file, detail: 'odd' });
  });
  // Windows has EPERM, EEXIST, ENOENT or EISDIR for it, as it likes.
  test.each(['EPERM', 'EEXIST', 'ENOENT', 'EISDIR', 'ENOTDIR'])('what stands in the way is named, under %s', (code) => {
    fs.mkdirSync(file);
    expect(faultOf(error(code), file)).toEqual({ why: 'in-the-way', path: file });
    const blocked = path.join(folder, 'runs');
    fs.writeFileSync(blocked, '');
    expect(faultOf(error(code), path.join(blocked, 'this-pc', 'kept.json'))).toEqual({
      why: 'in-the-way',
      path: blocked,
    });
  });
});
