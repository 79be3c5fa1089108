import { once } from 'node:events';
import { endOf, expect, spawnApp, test } from './app.js';
import { StatusNotifier } from './status-notifier.js';

test.use({ options: { direct: true } });

test('starting it again shows the window that is there and ends itself', async ({ hypernest, userData }) => {
  await hypernest.state();
  const visible = () =>
    hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((one) => one.isVisible()));
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(visible).toBe(false);
  const second = spawnApp(userData, { direct: true });
  let said = '';
  second.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(second, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(said).toContain(`runs already with the profile ${userData}`);
  await expect.poll(visible).toBe(true);
});

test('a scenario that does not exist is refused, with those that do', async ({ userData }) => {
  const wrong = spawnApp(userData, { direct: true, scenario: 'workstatoin' });
  let said = '';
  wrong.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(wrong, 'close')) as [number | null];
  expect(code).toBe(2);
  expect(said).toContain('There is no scenario "workstatoin". Known: ');
  expect(said).toContain('lab-of-300');
});

const hasTray = process.platform === 'linux' && !!process.env['DBUS_SESSION_BUS_ADDRESS'];

test('started with Windows it is in the tray, reads the machines, and shows no window until it is asked for', async ({
  begin,
  userData,
}) => {
  test.skip(!hasTray, 'the tray is looked at over D-Bus');
  const electron = await begin({ switches: ['--hidden'] });
  const tray = await StatusNotifier.find(electron.process().pid ?? 0, 15_000);
  const labels = async () => (await tray.menu()).children.map(({ label }) => label);
  await expect.poll(async () => (await labels()).some((label) => label.startsWith('dev-box'))).toBe(true);
  const windows = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect(await windows()).toBe(0);
  const second = spawnApp(userData, { direct: true });
  await endOf(second);
  await expect.poll(windows).toBe(1);
});

test('the window comes back where it was, in the size that it had', async ({ launch }) => {
  const bounds = { x: 120, y: 90, width: 900, height: 620 };
  const first = await launch();
  await first.ready();
  await first.electron.evaluate(
    ({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place),
    bounds,
  );
  const sizeOf = (app: typeof first) =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
  await expect.poll(() => sizeOf(first)).toMatchObject({ width: 900, height: 620 });
  await first.quit();
  const second = await launch();
  await second.ready();
  await expect.poll(() => sizeOf(second)).toMatchObject({ width: 900, height: 620 });
});
