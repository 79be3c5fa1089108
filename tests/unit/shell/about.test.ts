import path from 'node:path';
import { expect, test } from 'vitest';
import { evaluations } from '../../../src/ipc/updates.js';
import { aboutTarget } from '../../../src/shell/about.js';

const installed = path.resolve('Programs');
const source = path.resolve('source');
const built = path.join(source, 'out');
const repository = { owner: 'some-one', name: 'hypernest' };

test('the texts lie beside the installed program, else in the folders of the source', () => {
  const copy = { repository: null, installed, source, built };
  expect(aboutTarget('license', copy)).toEqual({ file: path.join(installed, 'LICENSE.txt') });
  expect(aboutTarget('notices', copy)).toEqual({ file: path.join(installed, 'THIRD-PARTY-NOTICES.txt') });
  expect(aboutTarget('license', { ...copy, installed: null })).toEqual({ file: path.join(source, 'LICENSE') });
  expect(aboutTarget('notices', { ...copy, installed: null })).toEqual({
    file: path.join(built, 'THIRD-PARTY-NOTICES.txt'),
  });
});

test('a page is one of the repository, and where there is none there is no page', () => {
  const copy = { repository, installed, source, built };
  expect(aboutTarget('repository', copy)).toEqual({ address: 'https://github.com/some-one/hypernest' });
  expect(aboutTarget('releases', copy)).toEqual({ address: 'https://github.com/some-one/hypernest/releases' });
  for (const what of ['repository', 'releases'] as const)
    expect(aboutTarget(what, { ...copy, repository: null })).toBeUndefined();
});

test('opens pages of Microsoft, and no other, for images to install from', () => {
  const copy = { repository: null, installed, source, built };
  const targets = evaluations.map((what) => aboutTarget(what, copy));
  for (const target of targets) {
    const { protocol, hostname } = new URL(target && 'address' in target ? target.address : '');
    expect(protocol).toBe('https:');
    expect(hostname).toMatch(/(?:^|\.)microsoft\.com$/);
  }
  expect(new Set(targets.map((target) => JSON.stringify(target))).size).toBe(evaluations.length);
});
