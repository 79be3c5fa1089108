import { readFileSync } from 'node:fs';
import { expect, test } from './app.js';
import { shellsOf } from './shells.js';

test('a shell that dies is said, comes back by itself, and nothing is lost', async ({ hypernest }) => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no shell to end');
  const before = await hypernest.ready();
  const main = hypernest.electron.process().pid;
  const [shell] = shellsOf(main);
  if (shell === undefined) throw new Error('no shell found');
  process.kill(shell, 'SIGKILL');
  await hypernest.until(
    ({ connection }) => connection.kind === 'ready' && connection.handshake.pid !== shell,
    'there is a new shell',
    30_000,
  );
  const after = await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the list is back');
  expect(after.machine?.vms?.map(({ name }) => name)).toEqual(before.machine?.vms?.map(({ name }) => name));
  await hypernest.open('machines');
  await hypernest.turnNestingOn('dev-box');
  expect((await hypernest.endedRun()).outcome).toBe('done');
});

test('a shell that keeps dying is not started for ever: it is said, and a click tries again', async ({ hypernest }) => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no shell to end');
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.loseShell();
  await hypernest.open('machines');
  await expect(page.getByText(t('machines.lostTitle'))).toBeVisible();
  await expect(page.getByText(t('machines.lostNothing'), { exact: false })).toBeVisible();
  await hypernest.button(t('machines.tryNow')).click();
  await hypernest.until(({ connection }) => connection.kind === 'ready', 'it is back');
  await expect(hypernest.option('dev-box')).toBeVisible();
});

test('the shell ends with the app, even when the app is ended hard', async ({ hypernest }) => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no shell to end');
  await hypernest.ready();
  const [shell] = shellsOf(hypernest.electron.process().pid);
  if (shell === undefined) throw new Error('no shell found');
  await hypernest.killHard();
  const lives = (): boolean => {
    try {
      process.kill(shell, 0);
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${shell}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  await expect.poll(lives, { timeout: 10_000 }).toBe(false);
});

test.describe('a session that dies in the middle of a change', () => {
  test.use({ options: { scenario: 'session-lost' } });

  test('is read again before anything is claimed: the change took, and can be undone', async ({ hypernest }) => {
    await hypernest.ready();
    await hypernest.turnNestingOn('dev-box');
    await hypernest.until(
      ({ machine, running }) =>
        running.length === 0 && machine?.vms?.find((vm) => vm.name === 'dev-box')?.nesting === true,
      'what came of it was read',
      50_000,
    );
    const run = await hypernest.endedRun();
    expect(['done', 'unknown']).toContain(run.outcome);
  });
});
