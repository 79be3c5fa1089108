/** Guided setup: from a first start to a machine that can, left in the middle and taken up again. */
import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';
import { fillAccount } from './inside-steps.js';

const heading = ({ page }: Hypernest, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

async function quit(hypernest: Hypernest): Promise<void> {
  const closed = hypernest.electron.waitForEvent('close');
  await hypernest.electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
  await closed;
}

/** What for: up to the choice of a machine. */
async function toMachine(hypernest: Hypernest, purpose: 'inside.wsl' | 'inside.hyperV'): Promise<void> {
  const { t, page } = hypernest;
  await expect(heading(hypernest, t('setup.purposeTitle'))).toBeFocused();
  await expect(hypernest.button(t('setup.next')), 'nothing is chosen for a person').toBeDisabled();
  await page.getByRole('radio', { name: t(purpose) }).click();
  await hypernest.ready();
  // Nothing is wrong with this PC: its page is passed.
  await hypernest.button(t('setup.next')).click();
  await expect(heading(hypernest, t('setup.machineTitle'))).toBeFocused();
}

/** From the page of a step through the one wizard and back. */
async function carryOut(hypernest: Hypernest, button: string, apply: string): Promise<void> {
  const { t } = hypernest;
  await hypernest.button(button).click();
  const review = hypernest.button(t('wizard.review'));
  const go = hypernest.button(apply);
  await expect(review.or(go)).toBeEnabled();
  if (await review.isVisible()) await review.click();
  await go.click();
  await hypernest.button(t('setup.return')).click({ timeout: 60_000 });
}

test.describe('a workstation', () => {
  test.use({ options: { fresh: true, speed: 400, direct: true } });
  test.describe.configure({ timeout: 180_000 });

  test('a first start opens the setup; who skips it is not asked again', async ({ launch }) => {
    const first = await launch();
    const { t } = first;
    await expect(heading(first, t('setup.purposeTitle'))).toBeVisible();
    await expect(first.page.getByRole('navigation', { name: t('app.navigation') })).toHaveCount(0);
    await first.button(t('setup.skip')).click();
    await expect(first.option('dev-box')).toBeVisible();
    await quit(first);
    const second = await launch();
    await expect(second.option('dev-box')).toBeVisible();
    await second.button(t('setup.entry')).click();
    await expect(heading(second, t('setup.purposeTitle'))).toBeVisible();
  });

  test('VMs inside dev-box, left in the middle and taken up again after a restart', async ({ launch }) => {
    const first = await launch();
    const { t } = first;
    await toMachine(first, 'inside.hyperV');
    await expect(first.page.getByRole('radio', { name: 'dev-box' }), 'the recommended one').toBeChecked();
    await carryOut(first, t('setup.nestingButton'), t('wizard.applyAndStart'));
    const box = await first.vm('dev-box');
    expect([box.nesting, box.memory.startup], 'memory went along').toEqual([true, 4 * 2 ** 30]);
    await expect(heading(first, t('setup.insideTitle', { name: 'dev-box' }))).toBeVisible();
    await quit(first);

    const again = await launch();
    const { page } = again;
    // Simulated machines begin anew: what was remembered is the purpose and the machine, what is done is read.
    await expect(heading(again, t('setup.nestingTitle', { name: 'dev-box' }))).toBeVisible();
    await expect(again.step(t('setup.stepPurpose'))).toContainText(t('inside.hyperV'));
    await carryOut(again, t('setup.nestingButton'), t('wizard.apply'));
    await again.button(t('setup.startButton', { name: 'dev-box' })).click();
    await again.button(t('inside.signIn')).click({ timeout: 60_000 });
    await expect
      .poll(async () => (await again.vm('dev-box')).heartbeat, { timeout: 60_000 })
      .toBe('OkApplicationsHealthy');
    await fillAccount(again, 'dev', 'dev-box');
    await carryOut(again, t('setup.insideButton'), t('wizard.shutDownAndApply'));
    await expect(heading(again, t('setup.endReady', { name: 'dev-box', what: t('inside.hyperV') }))).toBeVisible();
    for (const fact of [
      t('inside.nestingOn'),
      t('setup.insideOn', { name: 'dev-box', roles: ['Hyper-V'] }),
      t('setup.networkDefaultSwitch', { name: 'dev-box' }),
      t('inside.certain'),
    ])
      await expect(page.getByText(fact, { exact: true }), fact).toBeVisible();
    await again.button(t('setup.finish')).click();
    await expect(page.getByRole('heading', { name: 'dev-box', exact: true })).toBeVisible();
    expect((await again.state()).settings.setup.state).toBe('closed');
  });

  test('WSL 2 inside a machine that has nesting on, by keyboard alone', async ({ launch }) => {
    const hypernest = await launch();
    const { t, page } = hypernest;
    await expect(heading(hypernest, t('setup.purposeTitle'))).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect(page.getByRole('radio', { name: t('inside.wsl') })).toBeChecked();
    await hypernest.ready();
    await hypernest.button(t('setup.next')).press('Enter');
    await expect(heading(hypernest, t('setup.machineTitle'))).toBeFocused();
    await page.getByRole('radio', { name: 'win11 $(nested)' }).press('Space');
    await hypernest.button(t('setup.next')).press('Enter');
    await expect(heading(hypernest, t('setup.insideTitle', { name: 'win11 $(nested)' }))).toBeFocused();
    await expect(hypernest.step(t('setup.stepInside'))).toHaveAttribute('aria-current', 'step');
    await hypernest.button(t('inside.signIn')).press('Enter');
    await fillAccount(hypernest, 'dev', 'nested');
    await carryOut(hypernest, t('setup.insideButton'), t('wizard.shutDownAndApply'));
    await expect(page.getByText('wsl --install', { exact: true })).toBeVisible();
    await expect(hypernest.step(t('setup.stepNetwork')), 'no network of its own is needed').toHaveCount(0);
  });
});

test.describe('a PC without Hyper-V', () => {
  test.use({ options: { scenario: 'no-hyper-v', fresh: true, direct: true } });

  sharedTest(
    'Hyper-V is turned on, the restart explained and confirmed, and the setup goes on',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      await hypernest.ready();
      await page.getByRole('radio', { name: t('inside.hyperV') }).click();
      await hypernest.button(t('setup.next')).click();
      await expect(hypernest.button(t('setup.next'))).toBeDisabled();
      await hypernest.button(t('checks.fixEnableHyperV')).first().click();
      await expect(page.getByRole('heading', { name: t('rights.beforeTitle') })).toBeVisible();
      await hypernest.button(t('rights.goOn')).click();
      await hypernest.button(t('setup.return')).click();
      await expect(page.getByText(t('checks.roleWaits'), { exact: true })).toBeVisible();
      await expect(page.getByText(t('setup.restartTitle'), { exact: true })).toBeVisible();
      await hypernest.answer(0);
      await hypernest.button(t('checks.fixRestart')).first().click();
      await expect
        .poll(() => hypernest.asked())
        .toEqual([{ message: t('rights.restartAsk'), buttons: [t('rights.restartYes'), t('rights.cancel')] }]);
      await expect(hypernest.button(t('setup.next'))).toBeEnabled({ timeout: 20_000 });
      await hypernest.button(t('setup.next')).click();
      await expect(heading(hypernest, t('setup.emptyTitle', { pc: 'DEV-PC' }))).toBeVisible();
      await expect(hypernest.button(t('setup.next'))).toBeDisabled();
    },
  );
});

test.describe('no access', () => {
  test.use({ options: { scenario: 'not-admin', fresh: true, direct: true } });

  sharedTest('both ways in stand in the step, and lead back to it', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await expect(page.getByText(t('rights.joinThen')), 'asked first of all').toBeVisible();
    await hypernest.button(t('setup.entry')).click();
    await page.getByRole('radio', { name: t('inside.wsl') }).click();
    await hypernest.button(t('setup.next')).click();
    await page.getByRole('radio', { name: t('rights.session') }).click();
    await hypernest.button(t('rights.sessionButton')).click();
    await hypernest.button(t('rights.goOn')).click();
    // Back in the setup, at this PC or past it, as soon as the VMs are there.
    await expect(hypernest.step(t('setup.stepMachine'))).toBeEnabled({ timeout: 20_000 });
    await hypernest.step(t('setup.stepMachine')).click();
    await expect(heading(hypernest, t('setup.machineTitle'))).toBeVisible();
  });
});
