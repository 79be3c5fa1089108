/** Which copies of the app offer an elevated session: one that its user can write would let any program of theirs choose what is elevated. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerOf, installationOf, tryWriting, type Answer } from '../../../src/shell/installation.js';
import type { Installation } from '../../../src/ipc/schema.js';

const windowsSaid = (code: string): Answer => answerOf(Object.assign(new Error(code), { code }));

describe('what Windows answers to an attempt at writing', () => {
  test.each([
    ['EPERM', 'refused'],
    ['EACCES', 'refused'],
    ['EROFS', 'refused'],
    // The program runs: whoever may not write it is refused before that is looked at.
    ['EBUSY', 'unclear'],
    ['ETXTBSY', 'unclear'],
    ['ENOENT', 'unclear'],
    ['ENOSPC', 'unclear'],
  ] satisfies [string, Answer][])('%s: %s', (code, answer) => expect(windowsSaid(code)).toBe(answer));

  test('something that is no error of the system is no refusal', () => {
    expect(answerOf('EPERM')).toBe('unclear');
    expect(answerOf(new Error('EPERM'))).toBe('unclear');
  });
});

describe('a copy', () => {
  test.each<[string, boolean, readonly Answer[], Installation]>([
    ['below Program Files, of somebody without rights', true, ['refused', 'refused', 'refused'], 'for-everybody'],
    ['of one person, in their own folder', true, ['unclear', 'written', 'written'], 'for-this-user'],
    ['whose program alone can be replaced', true, ['written', 'refused', 'refused'], 'for-this-user'],
    ['beside whose program a library can be put', true, ['refused', 'written', 'refused'], 'for-this-user'],
    ['of which one part is in use, so that nobody knows', true, ['unclear', 'refused', 'refused'], 'for-this-user'],
    ['of which nothing is known', true, [], 'for-this-user'],
    ['run from source', false, [], 'from-source'],
  ])('%s', (_, isPackaged, answers, installation) => {
    expect(installationOf(isPackaged, answers)).toBe(installation);
  });
});

describe('trying', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-copy-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

  test('finds what can be written, changes nothing and leaves nothing behind', async () => {
    const executable = path.join(folder, 'hypernest.exe');
    const resources = path.join(folder, 'resources');
    fs.writeFileSync(executable, 'as it was');
    fs.mkdirSync(resources);
    expect(await tryWriting(executable, resources)).toEqual(['written', 'written', 'written']);
    expect(fs.readFileSync(executable, 'utf8')).toBe('as it was');
    expect(fs.readdirSync(folder)).toEqual(['hypernest.exe', 'resources']);
    expect(fs.readdirSync(resources)).toEqual([]);
  });

  test('says of what is not there that it is not known', async () => {
    const gone = path.join(folder, 'gone');
    expect(await tryWriting(path.join(gone, 'hypernest.exe'), gone)).toEqual(['unclear', 'unclear', 'unclear']);
  });
});
