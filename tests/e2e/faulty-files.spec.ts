/** A disk that fails: the window opens and says what is wrong, closing it ends nothing, and the app can be started again. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileNotice } from '../../src/ipc/notices.js';
import { endOf, expect, spawnApp, test } from './app.js';
import { Hypernest } from './hypernest.js';

test.use({ options: { direct: true } });

/** As somebody sees it who goes on using the app. */
async function livesOn(app: Hypernest, userData: string): Promise<Hypernest> {
  await app.ready();
  const child = app.electron.process();
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  await app.call('settings', { theme: 'dark' });
  expect((await app.state()).settings.theme, 'what is chosen counts').toBe('dark');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const windows = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  await expect.poll(windows).toBe(0);
  const second = spawnApp(userData, { direct: true });
  expect(await endOf(second), 'the second start found the first').toBe(0);
  await expect.poll(windows).toBe(1);
  expect(child.exitCode, 'it goes on').toBeNull();
  expect(errors.join('')).not.toMatch(/Unhandled|uncaught|TypeError/i);
  return new Hypernest(app.electron, await app.electron.firstWindow());
}

async function isSaid(app: Hypernest, kind: FileNotice, shown: string): Promise<void> {
  await app.until(({ notices }) => notices.some((notice) => notice.kind === kind), `${kind} is told`);
  await expect(app.page.getByText(shown).first()).toBeVisible();
}

test('a folder where the settings belong is put aside, and said', async ({ launch, userData }) => {
  mkdirSync(path.join(userData, 'settings.json', 'of somebody'), { recursive: true });
  const app = await launch();
  await app.ready();
  await expect(app.page.getByText(path.join(userData, 'settings.json.broken-')).first()).toBeVisible();
  await livesOn(app, userData);
  await app.quit();
  expect(readdirSync(userData).some((name) => name.startsWith('settings.json.broken-'))).toBe(true);
  const again = await launch();
  expect((await again.state()).settings.theme, 'and settings are kept again').toBe('dark');
});

for (const [kind, name] of [
  ['log-unwritable', 'logs'],
  ['accounts-unusable', 'accounts'],
  ['kept-changes-unusable', 'runs'],
  ['tried-unusable', 'runs'],
] as const)
  test(`a file where the folder '${name}' belongs is named: ${kind}`, async ({ launch, userData }) => {
    writeFileSync(path.join(userData, name), 'of somebody');
    const app = await launch();
    await isSaid(app, kind, app.t('app.faultInTheWay', { path: path.join(userData, name) }));
    await livesOn(app, userData);
    await app.quit();
    const again = await launch();
    await isSaid(again, kind, path.join(userData, name));
  });

test.describe('a disk of its own', () => {
  test.skip(process.platform !== 'linux' || process.getuid?.() !== 0, 'only root can mount one');
  let disk: string;
  test.beforeEach(() => {
    disk = mkdtempSync(path.join(tmpdir(), 'hypernest-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  });
  test.afterEach(() => {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  });

  test('that is full', async ({ launch }) => {
    expect(() => {
      for (;;) appendFileSync(path.join(disk, 'filler'), Buffer.alloc(4096));
    }).toThrow(/ENOSPC/);
    const app = await launch({ userData: disk });
    await isSaid(app, 'log-unwritable', app.t('app.logUnwritable'));
    const again = await livesOn(app, disk);
    await isSaid(again, 'settings-unwritable', app.t('app.faultFull', { path: path.join(disk, 'settings.json') }));
    await app.quit();
    await (await launch({ userData: disk })).ready();
  });

  test('that can only be read', async ({ launch }) => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const app = await launch({ userData: disk });
    await isSaid(app, 'log-unwritable', app.t('app.faultReadOnly', { path: path.join(disk, 'logs', 'hypernest.log') }));
    await livesOn(app, disk);
    await app.quit();
    await (await launch({ userData: disk })).ready();
  });
});

test('what the app cannot start with is said, ends it with a code, and leaves the way free', async ({
  launch,
  userData,
}) => {
  const child = spawnApp(userData, { direct: true, hooks: ['hook-not-started.cjs'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // With all that it said.
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(1);
  expect(said).toMatch(/said: Hypernest couldn’t start\. .*told by the test/);
  await (await launch()).ready();
});

test('a second start before anything is loaded shows the window', async ({ launch }) => {
  const app = await launch({ hooks: ['hook-early-start.cjs'], switches: ['--hidden'] });
  await app.ready();
  await expect.poll(() => app.windows()).toBe(1);
});
