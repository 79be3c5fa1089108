/** A password is in main's memory and on its line to the shell, and in nothing that a whole run leaves behind. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Goal } from '../../src/core/machine/goal.js';
import { expect, test } from './app.js';

test.use({ options: { speed: 400 } });
const VM = '构建机';
/** In the scenario's own words; in no name of a machine, account or file. */
const PASSWORD = 'build-01';
const traces: readonly Buffer[] = [
  Buffer.from(PASSWORD),
  Buffer.from(PASSWORD, 'utf16le'),
  Buffer.from(Buffer.from(PASSWORD).toString('base64')),
  Buffer.from(encodeURIComponent(PASSWORD).replace('-', '%2D')),
];
const holdsIt = (content: Buffer): boolean => traces.some((trace) => content.includes(trace));

test('no file, command line, script, report or reply of a whole run holds the password', async ({
  hypernest,
  userData,
}) => {
  const { t, page, electron } = hypernest;
  await hypernest.ready();
  await hypernest.openVm(VM);
  await hypernest.turnTo('machines.partGuest');
  await hypernest.button(t('inside.signIn')).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('inside.userName'), { exact: true }).fill('builder');
  await dialog.getByLabel(t('inside.password'), { exact: true }).fill(PASSWORD);
  await dialog.locator('button[type=submit]').click();
  await hypernest.until(({ guests }) => Object.values(guests).some(({ status }) => status === 'open'), 'signed in');

  const { id } = await hypernest.vm(VM);
  const goal: Goal = {
    kind: 'vms',
    wants: [{ vm: vmIn(thisPc, id), want: { roles: { 'virtual-machine-platform': true } } }],
    consents: ['shut-down'],
  };
  const shown = await hypernest.call('plan', { goal });
  expect(shown).toMatchObject({ result: { kind: 'ready' } });
  const plan = (shown as { result: { plan: { id: string } } }).result.plan.id;
  await hypernest.call('copyScript', { plan, which: 'run' });
  const script = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(script).toContain('Enable-WindowsOptionalFeature');
  await hypernest.call('start', { plan, consents: ['shut-down'] });
  const run = await hypernest.endedRun(60_000);
  expect(run.outcome).toBe('done');
  await hypernest.call('copyDiagnostics');
  const diagnostics = await electron.evaluate(({ clipboard }) => clipboard.readText());
  const answers = JSON.stringify([await hypernest.state(), shown, run, script, diagnostics]);
  expect(holdsIt(Buffer.from(answers))).toBe(false);
  // Nor is it left in the page, whose field was emptied.
  expect(await page.evaluate((secret) => document.documentElement.outerHTML.includes(secret), PASSWORD)).toBe(false);

  const written = await readdir(userData, { recursive: true, withFileTypes: true });
  const files = written.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.some((file) => file.includes('runs'))).toBe(true);
  expect(files.some((file) => file.includes('logs'))).toBe(true);
  const holding: string[] = [];
  for (const file of files) if (holdsIt(await readFile(file))) holding.push(path.relative(userData, file));
  expect(holding).toEqual([]);

  if (process.platform !== 'linux') return;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((one) => readFile(`/proc/${one}/cmdline`).catch(() => Buffer.alloc(0))),
  );
  expect(lines.filter(holdsIt)).toEqual([]);
});
