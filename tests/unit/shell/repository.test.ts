import { expect, it } from 'vitest';
import { repository as given } from '../../../package.json';
import { repository, repositoryOf } from '../../../src/shell/repository.js';

it('is none while package.json names none, and then everything that needs it does nothing', () => {
  expect(repositoryOf('')).toBeNull();
  expect(repository).toEqual(repositoryOf(given.url));
});

it('is read from each way in which npm writes it', () => {
  for (const url of ['https://github.com/some-one/hyper.nest', 'git+https://github.com/some-one/hyper.nest.git'])
    expect(repositoryOf(url)).toEqual({ owner: 'some-one', name: 'hyper.nest' });
});

it.each([
  'https://gitlab.com/a/b',
  'https://github.com/a',
  'https://github.com/a/b/c',
  'git@github.com:a/b.git',
  'https://github.com/a/b?c',
])('is none where it is not on GitHub, or something else is in it: %s', (url) => expect(repositoryOf(url)).toBeNull());
