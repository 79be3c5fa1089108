/** From what Windows said to the plan that mends it: offline, at the machine that was meant, or honestly unknown. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';

// What is shown is the same without PowerShell.
test.use({ options: { direct: true } });

const field = ({ page, t }: Hypernest) => page.getByLabel(t('errors.field'), { exact: true });

sharedTest(
  'a code leads to its cause, and the button to the plan for the machine that was chosen',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    const box = await hypernest.vm('dev-box');
    await hypernest.open('errors');
    await field(hypernest).fill('WslRegisterDistribution failed with error: 0x80370102');
    await expect(page.getByText(t('errors.nestingOff'), { exact: true })).toBeVisible();
    await page.getByLabel(t('errors.where'), { exact: true }).selectOption({ label: 'dev-box' });
    await expect(page.getByText(t('errors.nestingIsOff', { vm: 'dev-box' }), { exact: true })).toBeVisible();
    await hypernest.button(t('errors.turnOn')).click();
    await page.locator('.commandbar .btn.primary').click();
    const run = await hypernest.endedRun();
    expect(run.outcome).toBe('done');
    expect(run.plan.chains.map(({ vm }) => vm)).toEqual([vmIn(thisPc, box.id)]);
    expect((await hypernest.vm('dev-box')).nesting).toBe(true);
  },
);

sharedTest(
  'a whole console, in colour and broken by its width, is recognised and chooses the machine that it names',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.open('errors');
    await field(hypernest).fill(
      "PS C:\\> Start-VM 'Lab DC 01'\n\u001b[31;1mStart-VM: \u001b[0m\n     | \u001b[31;1m'Lab DC 01' failed to sta\n     | rt.  Not enough memo\n     | ry in the system to start the virtual mach\n     | ine Lab DC 01.\u001b[0m",
    );
    await expect(page.getByText(t('errors.memory'), { exact: true })).toBeVisible();
    await expect(page.getByLabel(t('errors.where'), { exact: true }).locator('option:checked')).toHaveText('Lab DC 01');
    await hypernest.button(t('errors.changeMemory')).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Lab DC 01');
  },
);

sharedTest(
  'what is not known is said to be unknown, and leads to the checks of this PC and to a report of it',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.open('errors');
    await field(hypernest).fill('Something failed: 0x8badf00d');
    await expect(page.getByText(t('errors.unknown'), { exact: true })).toBeVisible();
    await hypernest.button(t('errors.report')).click();
    await expect(page.getByRole('region', { name: t('settings.problemText') })).toContainText('0x8badf00d');
    await hypernest.button(t('settings.problemBack')).click();
    await expect(field(hypernest)).toHaveValue('Something failed: 0x8badf00d');
    await hypernest.button(t('errors.unknownHost')).click();
    await expect(page.getByText(t('host.fineSentence', { pc: 'DEV-PC' }), { exact: true })).toBeVisible();
  },
);

sharedTest('the account that a guest has refused is asked for where the error is explained', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.open('errors');
  await field(hypernest).fill('New-PSSession : The credential is invalid. 构建机');
  await hypernest.button(t('errors.signIn')).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('inside.userName'), { exact: true }).fill('builder');
  await dialog.getByLabel(t('inside.password'), { exact: true }).fill('build-01');
  await dialog.locator('button[type=submit]').click();
  await expect(page.getByText(t('errors.signedIn', { vm: '构建机', user: 'builder' }), { exact: true })).toBeVisible();
});
