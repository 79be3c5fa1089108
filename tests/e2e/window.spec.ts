import { expect, sharedTest, test } from './app.js';

// What is shown is the same without PowerShell.
test.use({ options: { direct: true } });

sharedTest('the first start leads to the list where nothing is in the way', async ({ hypernest }) => {
  await hypernest.ready();
  await expect(hypernest.option('dev-box')).toBeVisible();
  expect(await hypernest.windows()).toBe(1);
});

sharedTest('the list is filtered by name and by state, and says when nothing matches', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  const filter = page.getByRole('textbox', { name: t('machines.filter') });
  await filter.fill('k8s');
  await expect(page.getByRole('option')).toHaveCount(2);
  await filter.fill(t('machines.stateSaved'));
  await expect(page.getByRole('option')).toHaveCount(1);
  await filter.fill('no such machine');
  await expect(page.getByText(t('machines.noMatch', { filter: 'no such machine' }))).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(8);
});

test.describe('where something blocks', () => {
  test.use({ options: { scenario: 'amd-on-windows-10', direct: true } });
  sharedTest('the first start leads to this PC, which names it', async ({ hypernest }) => {
    await hypernest.ready();
    await expect(hypernest.page.getByRole('heading', { name: /can’t run Hyper-V in its VMs yet/ })).toBeVisible();
  });
});

sharedTest('language and theme change at once, and everywhere', async ({ hypernest }) => {
  const { page } = hypernest;
  await hypernest.ready();
  await hypernest.open('settings');
  await page.getByRole('radio', { name: hypernest.t('settings.themeDark') }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page
    .getByRole('radio', { name: '简体中文' })
    .or(page.getByRole('radio', { name: '中文' }))
    .first()
    .click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  hypernest.language = 'zh-CN';
  await hypernest.open('machines');
  await expect(hypernest.option('dev-box')).toBeVisible();
});

sharedTest('the main job by keyboard alone', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await expect(hypernest.option('dev-box')).toBeVisible();
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '',
    );
  /** Tabs until that control has the focus, as somebody without a mouse does; the focus is always visible. */
  const tabTo = async (name: string, role = ''): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const isThere = await page.evaluate(
        (wanted) => wanted === '' || document.activeElement?.getAttribute('role') === wanted,
        role,
      );
      const now = await focused();
      if (isThere && (role !== '' || now === name)) return;
    }
    throw new Error(`Tab never reaches '${name}'; it is at '${await focused()}'`);
  };
  await tabTo('', 'listbox');
  await page.keyboard.type('dev-box');
  await expect(page.getByRole('heading', { name: 'dev-box', exact: true })).toBeVisible();
  await tabTo(t('machines.turnOn'));
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement as Element);
    return style.boxShadow !== 'none' || style.outlineStyle !== 'none';
  });
  expect(outline, 'the focus can be seen').toBe(true);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await tabTo(t('machines.confirmYes'));
  await expect(hypernest.button(t('machines.confirmYes'))).toBeEnabled();
  await page.keyboard.press('Enter');
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await tabTo(t('machines.undo'));
  await page.keyboard.press('Enter');
  await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
  await tabTo(t('wizard.undoNow'));
  await page.keyboard.press('Enter');
  await hypernest.until(
    ({ machine }) => machine?.vms?.find((vm) => vm.name === 'dev-box')?.nesting === false,
    'undone',
  );
});

test.describe('a thousand VMs', () => {
  test.use({ options: { scenario: 'lab-of-1000', direct: true } });

  sharedTest('scroll and filter, and only the rows in sight exist', async ({ hypernest }) => {
    const { t, page } = hypernest;
    const { machine } = await hypernest.ready();
    expect(machine?.vms).toHaveLength(1000);
    const list = page.getByRole('listbox');
    await expect(page.getByRole('option').first()).toBeVisible();
    expect(await page.getByRole('option').count()).toBeLessThan(100);
    await list.focus();
    await page.keyboard.press('End');
    const last = page.getByRole('option', { selected: true });
    await expect(last).toBeVisible();
    await expect(last).toHaveAttribute('aria-posinset', '1000');
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('lab-0777');
    await expect(page.getByRole('option')).toHaveCount(1);
  });
});
