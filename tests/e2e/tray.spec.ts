import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { endOf, expect, test } from './app.js';
import { restartTrayOfDesktop, StatusNotifier } from './status-notifier.js';

const isLinux = process.platform === 'linux' && !!process.env['DBUS_SESSION_BUS_ADDRESS'];
test.skip(!isLinux, 'the tray is looked at over D-Bus');
// One change goes through PowerShell.
test.use({ options: { direct: true } });

/** What hook.cjs has noted. */
interface Hooked {
  readonly __hypernest: {
    readonly notifications: readonly {
      readonly title: string;
      readonly body: string;
      readonly actions: readonly string[];
      readonly notification: { emit(event: string, ...values: unknown[]): void };
    }[];
  };
}

const find = (pid: number | undefined): Promise<StatusNotifier> => StatusNotifier.find(pid ?? 0, 15_000);

test('the menu has the window first, a line of status, each VM with its ticks, and the way out', async ({
  hypernest,
}) => {
  await hypernest.ready();
  const tray = await find(hypernest.electron.process().pid);
  await expect
    .poll(async () =>
      (await tray.menu()).children.map(({ label }) => label).filter((label) => label.startsWith('dev-box')),
    )
    .toHaveLength(1);
  const menu = await tray.menu();
  const vm = menu.children.find(({ label }) => label.startsWith('dev-box'));
  const nesting = vm?.children.find(({ label }) => label.startsWith(hypernest.t('tray.nesting')));
  expect(nesting?.checked).toBe(false);
  expect(menu.children[0]).toMatchObject({ label: hypernest.t('tray.open'), enabled: true });
  expect(menu.children[1]?.enabled, 'the line of status is no button').toBe(false);
});

test.describe('through PowerShell', () => {
  test.use({ options: {} });
  test('a quick switch is applied, said in a toast with a way back, and undone from there', async ({ hypernest }) => {
    await hypernest.ready();
    const tray = await find(hypernest.electron.process().pid);
    await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => hypernest.windows()).toBe(0);
    const ticked = async (): Promise<boolean | undefined> =>
      (await tray.menu()).children
        .find(({ label }) => label.startsWith('dev-box'))
        ?.children.find(({ label }) => label.startsWith(hypernest.t('tray.nesting')))?.checked;
    await expect.poll(ticked).toBe(false);
    await tray.click('dev-box', hypernest.t('tray.nesting'));
    await expect.poll(ticked, { timeout: 20_000 }).toBe(true);
    const toasts = () =>
      hypernest.electron.evaluate(() =>
        (globalThis as unknown as Hooked).__hypernest.notifications.map(({ title, body, actions }) => ({
          text: `${title} ${body}`,
          actions,
        })),
      );
    await expect.poll(async () => (await toasts()).at(-1)?.text).toContain('dev-box');
    expect((await toasts()).at(-1)?.actions).toEqual([hypernest.t('tray.undo')]);
    // No desktop here shows buttons on toasts: what its press would emit.
    const opened = hypernest.electron.waitForEvent('window');
    await hypernest.electron.evaluate(() => {
      (globalThis as unknown as Hooked).__hypernest.notifications.at(-1)?.notification.emit('action', {}, 0);
    });
    const page = await opened;
    await page.getByRole('button', { name: hypernest.t('wizard.undoNow'), exact: true }).click();
    await expect.poll(ticked, { timeout: 20_000 }).toBe(false);
  });
});

test('a VM that runs opens the wizard instead', async ({ hypernest }) => {
  await hypernest.ready();
  const tray = await find(hypernest.electron.process().pid);
  await expect
    .poll(async () => (await tray.menu()).children.some(({ label }) => label.startsWith('Lab DC 01')))
    .toBe(true);
  await tray.click('Lab DC 01', hypernest.t('machines.turnOnMenu'));
  await expect(
    hypernest.page.getByRole('heading', { name: hypernest.t('wizard.titleNestingOn', { name: 'Lab DC 01' }) }),
  ).toBeVisible();
});

test('closing the window keeps it in the tray, a click brings it back, Quit ends it', async ({ hypernest }) => {
  await hypernest.ready();
  const tray = await find(hypernest.electron.process().pid);
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => hypernest.windows()).toBe(0);
  await tray.activate();
  await expect.poll(() => hypernest.windows()).toBe(1);
  const closed = hypernest.electron.waitForEvent('close');
  await tray.click(hypernest.t('tray.quit'));
  await closed;
});

test('the icon survives a restart of the desktop: it is there again, and its menu works', async ({ hypernest }) => {
  test.skip(process.env['TEST_DESKTOP'] !== 'xfce', "only the tests' own desktop may be ended");
  await hypernest.ready();
  const { pid } = hypernest.electron.process();
  await find(pid);
  await restartTrayOfDesktop();
  const tray = await find(pid);
  await tray.click(hypernest.t('tray.settings'));
  await expect(hypernest.page.getByRole('heading', { name: hypernest.t('app.pageSettings') })).toBeVisible();
  await hypernest.page
    .getByRole('radio', { name: '中文' })
    .or(hypernest.page.getByRole('radio', { name: '简体中文' }))
    .first()
    .click();
  const words = async () => (await tray.menu()).children.map(({ label }) => label);
  await expect.poll(words, { message: 'what changes is shown there' }).toContain('退出(Q)');
});

test('quitting in the middle of a run can wait for it, and then goes by itself', async ({ launch, userData }) => {
  // The app is asked what it has said before it goes: a run of less than a second may be over by then.
  const hypernest = await launch({ speed: 1 });
  await hypernest.ready();
  const tray = await find(hypernest.electron.process().pid);
  await hypernest.answer(1);
  const { id } = await hypernest.vm('Lab DC 01');
  const shown = (await hypernest.call('plan', {
    goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { nesting: true } }], consents: ['shut-down'] },
  })) as { result: { plan: { id: string } } };
  await hypernest.call('start', { plan: shown.result.plan.id, consents: ['shut-down'] });
  await hypernest.until(({ running }) => running.length === 1, 'the run has begun');
  const child = hypernest.electron.process();
  await tray.click(hypernest.t('tray.quit'));
  await expect
    .poll(async () => (await hypernest.asked()).map(({ buttons }) => buttons))
    .toEqual([[hypernest.t('tray.quitStay'), hypernest.t('tray.quitWhenDone'), hypernest.t('tray.quitNow')]]);
  await endOf(child);
  const folder = path.join(userData, 'runs', 'simulated-workstation');
  const [journal = ''] = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  expect(await readFile(path.join(folder, journal), 'utf8'), 'the run was carried out to its end').toContain(
    '"outcome":"done"',
  );
});

test.describe('three hundred VMs', () => {
  test.use({ options: { scenario: 'lab-of-300', direct: true } });

  test('are ten in the menu, and all in the window with the cursor in its filter', async ({ hypernest }) => {
    await hypernest.ready();
    const tray = await find(hypernest.electron.process().pid);
    const ofLab = async () => (await tray.menu()).children.filter(({ label }) => label.startsWith('lab'));
    await expect.poll(async () => (await ofLab()).length).toBe(10);
    await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => hypernest.windows()).toBe(0);
    const opened = hypernest.electron.waitForEvent('window');
    await tray.click(hypernest.t('tray.allMachines', { count: 300 }));
    await expect((await opened).getByRole('textbox', { name: hypernest.t('machines.filter') })).toBeFocused();
  });
});
