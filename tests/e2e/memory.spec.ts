import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';

// What is shown is the same without PowerShell.
test.use({ options: { direct: true } });

const GB = 2 ** 30;

const memoryOf = async (hypernest: Hypernest, name: string) => {
  const { dynamic, startup, minimum, maximum } = (await hypernest.vm(name)).memory;
  return { dynamic, startup, minimum, maximum };
};

sharedTest('a frozen memory is said to be frozen, its line grows, and is there as a table', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.until(
    ({ machine }) => machine?.vms?.some(({ name, inside }) => name === '构建机' && inside === 'probably') === true,
    'the counters have told',
  );
  await hypernest.openMemory('构建机');
  const { assigned } = (await hypernest.vm('构建机')).memory;
  await expect(page.getByText(t('memory.frozenProbably', { memory: assigned ?? 0 }))).toBeVisible();
  const chart = page.locator('svg.chart');
  await expect(chart.locator('.hot')).toHaveCount(1);
  await expect(chart).toHaveAccessibleName(new RegExp(t('memory.gistFrozenNow').slice(0, 6)));
  const length = (): Promise<number> =>
    chart.locator('.hot').evaluate((line) => (line as SVGPathElement).getTotalLength());
  const before = await length();
  await expect.poll(length, { message: 'a line that does not move grows all the same' }).toBeGreaterThan(before);

  await hypernest.button(t('memory.table')).click();
  const table = page.getByRole('table', { name: t('memory.caption', { name: '构建机' }) });
  await expect(table.getByRole('row')).not.toHaveCount(1);
  await expect(table.getByRole('columnheader', { name: t('memory.assignedColumn') })).toBeVisible();
  await expect(table.getByText(t('memory.rowFrozen')).first()).toBeVisible();

  // Elsewhere and back: what was read is still there.
  await hypernest.open('learn');
  await hypernest.open('machines');
  await hypernest.openMemory('构建机');
  await expect.poll(length).toBeGreaterThan(before);

  await page
    .getByRole('navigation', { name: t('wizard.where') })
    .getByRole('button', { name: '构建机' })
    .click();
  await expect(page.getByRole('heading', { name: '构建机', exact: true })).toBeVisible();
});

sharedTest('what a VM that is off gets is changed through the wizard, read back, and undone', async ({ hypernest }) => {
  const { t, page } = hypernest;
  const name = 'dev-box';
  const before = await memoryOf(hypernest, name);
  expect(before.dynamic).toBe(false);
  await hypernest.openMemory(name);
  await page.getByRole('radio', { name: t('memory.kindDynamic') }).click();
  await page.getByLabel(t('memory.minimum'), { exact: true }).fill('1');
  const most = page.getByLabel(t('memory.maximum'), { exact: true });
  await most.fill('1.5');
  await expect(page.getByText(t('memory.belowStartup', { memory: before.startup ?? 0 }))).toBeVisible();
  await expect(hypernest.button(t('wizard.review'))).toBeDisabled();
  await most.fill('8');
  await expect(page.getByText(t('memory.noteOff', { name }))).toBeVisible();
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByText('DynamicMemoryEnabled').first()).toBeVisible();

  // Back, and on again: nothing of it is lost.
  await hypernest.button(t('wizard.back')).click();
  await expect(most).toHaveValue('8');
  await hypernest.button(t('wizard.review')).click();
  await hypernest.button(t('wizard.apply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  expect(await memoryOf(hypernest, name)).toEqual({ ...before, dynamic: true, minimum: GB, maximum: 8 * GB });

  await hypernest.button(t('wizard.undoButton')).first().click();
  await hypernest.button(t('wizard.undoNow')).click();
  await hypernest.until(
    ({ machine, running }) =>
      running.length === 0 && machine?.vms?.find((vm) => vm.name === name)?.memory.dynamic === false,
    'undone',
  );
  expect((await hypernest.endedRun()).outcome).toBe('done');
  expect(await memoryOf(hypernest, name)).toEqual(before);
});

sharedTest('limits of a VM that runs are moved apart without stopping it', async ({ hypernest }) => {
  const { t, page } = hypernest;
  const name = 'Lab DC 01';
  const before = await hypernest.vm(name);
  await hypernest.openMemory(name);
  await page.getByLabel(t('memory.maximum'), { exact: true }).fill('6');
  await expect(page.getByText(t('memory.noteLive', { name }))).toBeVisible();
  await hypernest.button(t('wizard.review')).click();
  await hypernest.button(t('wizard.apply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  const after = await hypernest.vm(name);
  expect([after.state, after.memory.maximum]).toEqual(['Running', 6 * GB]);
  expect(after.uptime ?? 0, 'it never went down').toBeGreaterThanOrEqual(before.uptime ?? 0);
});
