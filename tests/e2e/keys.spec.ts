import { expect, sharedTest, test } from './app.js';

sharedTest(
  'the menu of a VM opens by keys and by a right click, and the list has the focus again',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    const menuOf = (name: string) => page.getByRole('menu', { name: t('machines.more', { name }) });
    const list = page.getByRole('listbox');
    await hypernest.option('dev-box').click();
    for (const key of ['Shift+F10', 'ContextMenu']) {
      await page.keyboard.press(key);
      await expect(menuOf('dev-box'), key).toBeVisible();
      await page.keyboard.press('ArrowDown');
      await expect(page.locator('[role="menuitem"]:focus'), key).toHaveCount(1);
      await page.keyboard.press('Escape');
      await expect(menuOf('dev-box')).toHaveCount(0);
      await expect(list).toBeFocused();
    }
    await hypernest.option('Lab DC 01').click({ button: 'right' });
    await expect(menuOf('Lab DC 01')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: 'Lab DC 01' })).toBeVisible();
    await menuOf('Lab DC 01')
      .getByRole('menuitem', { name: t('machines.copyId') })
      .click();
    await expect(page.getByText(t('machines.copiedId'))).toBeVisible();
  },
);

sharedTest('pages are reached and left by keys', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.option('dev-box').click();
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('heading', { level: 1, name: t('settings.title') })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.getByRole('heading', { level: 1, name: 'dev-box' })).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(page.getByRole('textbox', { name: t('machines.filter') })).toBeFocused();
});

sharedTest('Esc leaves a wizard only after a question, and takes the question back', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.openVm('Lab DC 01');
  await hypernest.button(t('machines.more', { name: 'Lab DC 01' })).click();
  await page.getByRole('menuitem', { name: t('machines.turnOnMenu') }).click();
  await expect(hypernest.button(t('wizard.review'))).toBeVisible();
  const question = page.getByRole('dialog', { name: t('wizard.leaveAsk') });
  for (let time = 0; time < 2; time++) {
    await page.keyboard.press('Escape');
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(hypernest.button(t('wizard.review'))).toBeVisible();
  }
  await page.keyboard.press('Alt+ArrowLeft');
  await question.getByRole('button', { name: t('wizard.leave'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lab DC 01', exact: true })).toBeVisible();
});

test('the zoom is kept, and the window comes back with it', async ({ hypernest }) => {
  await hypernest.ready();
  const zoomIn = () =>
    hypernest.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => Math.round(webContents.getZoomFactor() * 100)),
    );
  expect(await zoomIn()).toEqual([100]);
  await hypernest.page.keyboard.press('Control+=');
  await hypernest.until(({ settings }) => settings.zoom === 110, 'it is kept');
  await expect.poll(zoomIn).toEqual([110]);
  await hypernest.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => hypernest.windows()).toBe(0);
  await hypernest.electron.evaluate(({ app }) => app.emit('second-instance'));
  await expect.poll(zoomIn).toEqual([110]);
});
