import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './app.js';

test.use({ options: { direct: true } });

for (const [what, content] of [
  ['truncated', '{"language": "zh-C'],
  ['empty', ''],
  ['foreign', '[1, 2, 3]'],
  ['wrong', '{"theme": "pink", "closeToTray": 7}'],
] as const)
  test(`a ${what} settings file is kept aside and said, and the app starts with its defaults`, async ({
    launch,
    userData,
  }) => {
    await writeFile(path.join(userData, 'settings.json'), content);
    const app = await launch();
    const state = await app.state();
    expect(state.settings.theme).toBe('system');
    const notice = state.notices.find((one) => one.kind === 'settings-set-aside');
    expect(notice, 'the person is told').toBeDefined();
    const kept = (await readdir(userData)).filter((name) => name.startsWith('settings') && name !== 'settings.json');
    const contents = await Promise.all(kept.map((name) => readFile(path.join(userData, name), 'utf8')));
    expect(contents, 'what was there is kept').toContain(content);
  });

test('settings are there again after a restart', async ({ launch }) => {
  const first = await launch();
  await first.call('settings', { theme: 'dark', notifications: false });
  await first.quit();
  const second = await launch();
  expect((await second.state()).settings).toMatchObject({ theme: 'dark', notifications: false });
});
