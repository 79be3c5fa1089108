/** Where the app looks is built in: no setting, switch or variable of the environment leads it elsewhere. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { updaterOf } from '../../../src/shell/updater.js';

const made = vi.hoisted(() => [] as unknown[]);
vi.mock('electron-updater', () => ({
  NsisUpdater: function (...given: readonly unknown[]) {
    made.push(given);
  },
}));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, unwritten: () => '' };

test('it asks GitHub for the releases of the repository, and does nothing by itself', async () => {
  const updater = await updaterOf({ owner: 'some-one', name: 'hypernest' }, log);
  expect(made).toEqual([[{ provider: 'github', owner: 'some-one', repo: 'hypernest' }]]);
  expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false, disableWebInstaller: true });
});

test.each(['about', 'repository', 'updater', 'updates', 'updating'])('%s reads nothing that others can set', (name) => {
  const source = readFileSync(new URL(`../../../src/shell/${name}.ts`, import.meta.url), 'utf8');
  expect(source.length).toBeGreaterThan(100);
  expect(source).not.toMatch(/process\.(?:env|argv)|hasSwitch/);
});
