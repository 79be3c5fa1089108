/** A VM is created: as it should be, where it cannot be, where it goes wrong half-way, and taken away again. */
import type { Hypernest } from './hypernest.js';
import { expect, sharedTest, test } from './app.js';
import { fillAccount } from './inside-steps.js';

test.use({ options: { scenario: 'empty', speed: 400, direct: true } });

const name = 'Windows 11';

/** From the empty state to the review; `change`: what is typed before. */
async function toReview(hypernest: Hypernest, change?: () => Promise<void>): Promise<void> {
  const { t } = hypernest;
  await hypernest.ready();
  await hypernest.button(t('create.button')).click();
  await expect(hypernest.button(t('wizard.review'))).toBeEnabled();
  await change?.();
  await hypernest.button(t('wizard.review')).click();
}

const names = async (hypernest: Hypernest) => (await hypernest.state()).machine?.vms?.map((vm) => vm.name);

sharedTest('a VM runs from its ISO file, and the setup goes on with it until WSL 2 runs in it', async ({ launch }) => {
  test.setTimeout(120_000);
  const hypernest = await launch({ scenario: 'empty', speed: 60, direct: true });
  const { t, page } = hypernest;
  await toReview(hypernest);
  await expect(page.getByText(t('create.headlineStarts', { name }))).toBeVisible();
  // What it will be has no id yet, and so no configuration for WinGet.
  await expect(hypernest.button(t('wizard.saveConfiguration'))).toHaveCount(0);
  await hypernest.button(t('create.applyAndStart')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await expect(page.getByText(t('create.doneIso'))).toBeVisible();
  const made = await hypernest.vm(name);
  expect(made).toMatchObject({ state: 'Running', nesting: true, stopAction: 'ShutDown', automaticCheckpoints: false });
  await hypernest.button(t('create.setUpButton')).click();
  await page.getByRole('radio', { name: t('inside.wsl') }).click();
  await hypernest.button(t('setup.next')).click();
  await expect(page.getByRole('radio', { name })).toBeChecked();
  await hypernest.button(t('setup.next')).click();
  await expect(page.getByText(t('create.installing', { name }))).toBeVisible();
  await expect(hypernest.button(t('machines.connect'))).toBeVisible();
  await expect(page.getByText('wsl --install', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(t('create.installing', { name }))).toHaveCount(0);
  // Whoever installed it signs in, and what WSL 2 needs is turned on.
  await hypernest.button(t('inside.signIn')).click();
  await fillAccount(hypernest, 'dev', 'install');
  await hypernest.button(t('setup.insideButton')).click();
  const [review, apply] = [hypernest.button(t('wizard.review')), hypernest.button(t('wizard.shutDownAndApply'))];
  await expect(review.or(apply)).toBeEnabled();
  if (await review.isVisible()) await review.click();
  await apply.click();
  await hypernest.button(t('setup.return')).click({ timeout: 40_000 });
  await expect(page.getByText(t('inside.certain'), { exact: true })).toBeVisible();
  expect((await hypernest.vm(name)).inside).toBe('certainly');
});

for (const [scenario, why] of [
  ['disk-full', 'create.noSpaceWhy'],
  ['no-right-to-folder', 'create.folderDeniedWhy'],
] as const)
  sharedTest(`${scenario}: why nothing is created, and what was typed is still there`, async ({ launch }) => {
    const hypernest = await launch({ scenario, direct: true });
    const { t, page } = hypernest;
    await toReview(hypernest, () => page.getByLabel(t('create.name'), { exact: true }).fill('Mine'));
    await expect(page.getByText(t('wizard.blockedTitle'))).toBeVisible();
    await expect(page.getByText(t(why))).toBeVisible();
    await hypernest.button(t('wizard.back')).click();
    await expect(page.getByLabel(t('create.name'), { exact: true })).toHaveValue('Mine');
    expect((await hypernest.state()).runs).toEqual([]);
  });

sharedTest('a name that a VM has is refused before anything runs', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'workstation', direct: true });
  const { t, page } = hypernest;
  await toReview(hypernest, () => page.getByLabel(t('create.name'), { exact: true }).fill('DEV-BOX'));
  await expect(page.getByText(t('create.nameTaken', { name: 'DEV-BOX' }))).toBeVisible();
  await hypernest.button(t('wizard.back')).click();
  await page.getByLabel(t('create.name'), { exact: true }).fill('dev-box 2');
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByText(t('create.headlineStarts', { name: 'dev-box 2' }))).toBeVisible();
});

sharedTest('what was made before a setting was refused is said, and undone', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'tpm-refused', direct: true });
  const { t, page } = hypernest;
  await toReview(hypernest);
  await hypernest.button(t('create.applyAndStart')).click();
  expect((await hypernest.endedRun()).outcome).toBe('partly');
  expect(await names(hypernest)).toEqual([name]);
  const things = [t('create.madeDisk', { file: `${name}.vhdx` }), t('create.madeVm', { name })];
  await expect(page.getByText(t('create.failedLeft', { things }))).toBeVisible();
  await hypernest.button(t('wizard.undoButton')).click();
  await expect(page.getByText(t('create.undoHeadline', { name }))).toBeVisible();
  await hypernest.button(t('create.removeNow')).click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone');
  expect(await names(hypernest)).toEqual([]);
  // The file is gone too: the same can be made again.
  await hypernest.open('machines');
  await toReview(hypernest);
  await expect(page.getByText(t('create.headlineStarts', { name }))).toBeVisible();
});

sharedTest('one that has run is removed only after two questions', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await toReview(hypernest);
  await hypernest.button(t('create.applyAndStart')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await hypernest.button(t('wizard.undoButton')).click();
  const remove = hypernest.button(t('create.removeNow'));
  await expect(remove).toBeDisabled();
  await page.getByRole('checkbox').click();
  await hypernest.answer(1);
  await remove.click();
  await expect.poll(() => hypernest.asked()).toHaveLength(1);
  expect(await names(hypernest)).toEqual([name]);
  await page.getByRole('checkbox', { checked: false }).click();
  await hypernest.answer(0);
  await remove.click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone');
  expect(await names(hypernest)).toEqual([]);
});
