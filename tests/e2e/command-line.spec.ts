import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { reportSchema } from '../../src/shell/command-report.js';
import { command, expect, test } from './app.js';

test.use({ options: { direct: true } });

const reported = ({ out }: { readonly out: string }) => reportSchema.parse(JSON.parse(out));

test('a reading answers beside the app that runs, which notices nothing of it', async ({ hypernest, userData }) => {
  await hypernest.ready();
  const kept = async () => [
    await readFile(path.join(userData, 'settings.json'), 'utf8'),
    (await readdir(userData)).filter((name) => /^(?:settings|runs|accounts|logs)/.test(name)),
  ];
  const before = await kept();
  await hypernest.electron.evaluate(({ app }) => {
    const world = globalThis as unknown as { __starts: number };
    world.__starts = 0;
    app.on('second-instance', () => world.__starts++);
  });
  const list = await command(userData, ['--list', '--json']);
  const found = reported(list);
  expect([list.code, found.kind]).toEqual([0, 'list']);
  expect(found.kind === 'list' && found.vms.map(({ name }) => name)).toContain('构建机');
  const plan = await command(userData, ['--plan', 'dev-box']);
  expect(plan.code).toBe(0);
  expect(plan.out).toContain('-ExposeVirtualizationExtensions $true');
  const wrong = await command(userData, ['--list', '--lst']);
  expect([wrong.code, wrong.out]).toEqual([2, '']);
  expect(wrong.error).toContain(hypernest.t('command.wrongOption', { option: '--lst' }));
  expect(await kept()).toEqual(before);
  expect(await hypernest.electron.evaluate(() => (globalThis as unknown as { __starts: number }).__starts)).toBe(0);
  expect(await hypernest.windows()).toBe(1);
});

test('a change waits for the click in the window and ends with what came of it; an end is in order', async ({
  hypernest,
  userData,
}) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  const applied = command(userData, ['--plan', 'dev-box', '--apply', '--json']);
  const apply = hypernest.button(t('wizard.apply'));
  await expect(page.getByText('ExposeVirtualizationExtensions').first()).toBeVisible();
  expect((await hypernest.state()).runs).toEqual([]);
  await apply.click();
  const { id } = await hypernest.endedRun();
  const done = await applied;
  expect([done.code, reported(done)]).toEqual([0, { version: 1, kind: 'change', outcome: 'done', change: id }]);
  const undone = command(userData, ['--undo']);
  await expect(hypernest.button(t('wizard.undoNow'))).toBeVisible();
  await hypernest.open('learn');
  const left = await undone;
  expect([left.code, left.error]).toEqual([3, expect.stringContaining(t('command.changeClosed'))]);
  expect((await hypernest.state()).runs).toHaveLength(1);
  const ended = new Promise((resolve) => hypernest.electron.process().once('exit', resolve));
  const end = await command(userData, ['--end']);
  expect([end.code, end.out]).toEqual([0, `${t('command.endDone')}\n`]);
  await ended;
});

test('where no app runs one is started for a review, and there is none to end', async ({ userData, hypernest }) => {
  const { t } = hypernest;
  await hypernest.quit();
  const none = await command(userData, ['--end', '--json']);
  expect([none.code, reported(none)]).toEqual([0, { version: 1, kind: 'end', outcome: 'not-running' }]);
  const unknown = await command(userData, ['--plan', 'nobody', '--apply']);
  expect([unknown.code, unknown.error]).toEqual([
    1,
    expect.stringContaining(t('command.unknownVm', { name: 'nobody' })),
  ]);
  expect((await command(userData, ['--end'])).out).toBe(`${t('command.endDone')}\n`);
});
