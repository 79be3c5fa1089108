import { once } from 'node:events';
import { expect, spawnApp, test } from './app.js';

test.use({ options: { direct: true } });

test('starting it again shows the window that is there and ends itself', async ({ hypernest, userData }) => {
  await hypernest.state();
  const visible = () =>
    hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((one) => one.isVisible()));
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(visible).toBe(false);
  const second = spawnApp(userData, { direct: true });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  await expect.poll(visible).toBe(true);
});
