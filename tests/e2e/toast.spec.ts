import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, test } from './app.js';
import type { Hypernest } from './hypernest.js';
import { NotificationService } from './notification-service.js';
import { StatusNotifier } from './status-notifier.js';

const isLinux = process.platform === 'linux' && !!process.env['DBUS_SESSION_BUS_ADDRESS'];
test.skip(!isLinux, 'toasts are looked at over D-Bus');

test.use({ options: { direct: true } });

let desk: NotificationService;
test.beforeEach(async () => void (desk = await NotificationService.start()));
test.afterEach(() => desk.stop());

const titles = (): readonly string[] => desk.shown.map(({ title }) => title);

async function closed(hypernest: Hypernest): Promise<void> {
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => hypernest.windows()).toBe(0);
}

async function trayOf(hypernest: Hypernest): Promise<StatusNotifier> {
  const tray = await StatusNotifier.find(hypernest.electron.process().pid ?? 0, 15_000);
  await expect
    .poll(async () => (await tray.menu()).children.some(({ label }) => label.startsWith('dev-box')))
    .toBe(true);
  return tray;
}

test('a change from the tray answers in a toast of the desktop; a click on it leads to the run', async ({
  hypernest,
}) => {
  const { t } = hypernest;
  await hypernest.ready();
  const tray = await trayOf(hypernest);
  await closed(hypernest);
  await expect.poll(titles, { message: 'where the app has gone is said' }).toEqual([t('tray.hintTitle')]);
  await tray.click('dev-box', t('tray.nesting'));
  const title = t('tray.nestingOnTitle', { name: 'dev-box' });
  await expect.poll(titles, { timeout: 20_000 }).toContain(title);
  const toast = desk.shown.find((one) => one.title === title);
  expect(toast?.body).toBe(t('tray.doneBody', { count: 1 }));
  expect(toast?.actions, 'it can be clicked').toContain('default');
  const opened = hypernest.electron.waitForEvent('window');
  desk.click(toast?.id ?? 0);
  const page = await opened;
  await expect(page.getByRole('heading', { name: t('app.pageActivity') })).toBeVisible();
  await expect(page.getByText('dev-box').first()).toBeVisible();
});

test('the hint comes once, and never again after a restart', async ({ hypernest, launch }) => {
  await hypernest.ready();
  await closed(hypernest);
  await expect.poll(titles).toEqual([hypernest.t('tray.hintTitle')]);
  await hypernest.quit();
  const again = await launch();
  await again.ready();
  const tray = await trayOf(again);
  await closed(again);
  // The next toast is another one.
  await tray.click('dev-box', again.t('tray.connect'));
  await expect.poll(titles).toHaveLength(2);
  expect(titles()[1]).toBe(again.t('tray.connectTitle', { name: 'dev-box' }));
});

test('with notifications off nothing is said but the answer to a click in the tray', async ({ hypernest }) => {
  const { t } = hypernest;
  await hypernest.ready();
  await hypernest.call('settings', { notifications: false });
  const tray = await trayOf(hypernest);
  await closed(hypernest);
  await tray.click('dev-box', t('tray.nesting'));
  await expect.poll(titles, { timeout: 20_000 }).toEqual([t('tray.nestingOnTitle', { name: 'dev-box' })]);
});

test('a run that ends while nobody looks is said; one that ends in front of somebody is not', async ({ hypernest }) => {
  const { t } = hypernest;
  await hypernest.ready();
  await hypernest.page.bringToFront();
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
  await expect
    .poll(() => hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused()))
    .toBe(true);
  await hypernest.turnNestingOn('dev-box');
  expect((await hypernest.endedRun()).outcome).toBe('done');
  // A run that takes a while, so that the window can be closed meanwhile.
  const { id } = await hypernest.vm('Lab DC 01');
  const shown = (await hypernest.call('plan', {
    goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { nesting: true } }], consents: ['shut-down'] },
  })) as { result: { plan: { id: string } } };
  await hypernest.call('start', { plan: shown.result.plan.id, consents: ['shut-down'] });
  await closed(hypernest);
  await expect
    .poll(titles, { timeout: 30_000 })
    .toEqual([t('tray.hintTitle'), t('tray.nestingOnTitle', { name: 'Lab DC 01' })]);
});
